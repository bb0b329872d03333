"""The one door for signing up and signing in: a code by letter, typed into the browser that asked for it."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow, token_urlsafe

from sqlalchemy import CursorResult, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.account import CODE_DIGITS, CODE_LIFE, CODE_TRIES, CodeAnswer, looks_like_email, tidy_email
from portal.domain.errors import BadInput
from portal.domain.notice import Kind
from portal.domain.words import N_
from portal.models import Person, SignInCode
from portal.queries import account as account_queries
from portal.services import audit
from portal.services.account.people import new_person
from portal.services.account.sign_ins import start
from portal.services.notice.owe import owe, void

DAY = timedelta(days=1)
LETTERS_A_DAY = 30


@dataclass(frozen=True)
class Entered:
    """What became of a typed code, and the new sign-in's token and address when it was right."""

    answer: CodeAnswer
    token: str = ""
    address: str = ""


def ask_code(email: str, *, now: datetime, earlier: str = "", known: bool = False) -> str:
    """Owe a code to this address, known or not; returns the token that binds it to the browser that asked.

    `earlier` is the token of this browser's last code, whose letter is taken back if it has not gone out. `known` says
    that this browser signed in as this address before; for others, only so many letters a day go to one address.
    """
    address = tidy_email(email)
    if not looks_like_email(address):
        raise BadInput("email", N_("Please write an e-mail address, such as name@example.org."))
    browser_token = token_urlsafe(32)
    code = f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    with transaction() as session:
        _forget(session, earlier, now)
        row = SignInCode(
            email=address,
            browser_hash=account_queries.hash_of(browser_token),
            code_hash=_code_hash(browser_token, code),
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
        session.add(row)
        session.flush()
        person = account_queries.person_by_email(address)
        owe(
            session,
            Kind.SIGN_IN_CODE,
            person.id if person is not None else None,
            about=_about(row),
            due_at=now,
            now=now,
            details={"to": address, "code": code},
        )
        if not known and account_queries.codes_since(address, now - DAY) > LETTERS_A_DAY:
            # Refused in silence, and after all the same work: a flood must neither lock anybody out nor be told of.
            void(session, _about(row), now=now)
    return browser_token


def enter_code(browser_token: str, typed: str, *, now: datetime, zone: str = "") -> Entered:
    """Try a code in the browser that asked; the right one signs in, and makes the account where there is none yet."""
    try:
        return _enter(browser_token, typed, zone, now)
    except IntegrityError:
        # Two browsers typed the first codes of one new address at once: the other one has made the account by now.
        return _enter(browser_token, typed, zone, now)


def _enter(browser_token: str, typed: str, zone: str, now: datetime) -> Entered:
    code = "".join(typed.split()).replace("-", "")
    with transaction() as session:
        row = account_queries.code_by_browser(browser_token)
        if row is None or not _take_try(session, row.id, now):
            return Entered(CodeAnswer.SPENT)
        if not hmac.compare_digest(row.code_hash, _code_hash(browser_token, code)):
            return Entered(CodeAnswer.WRONG if row.tries + 1 < CODE_TRIES else CodeAnswer.SPENT)
        row.used_at = now
        person = account_queries.person_by_email(row.email) or _sign_up(session, row.email, zone, now)
        if person.suspended_at is not None:
            return Entered(CodeAnswer.SUSPENDED)
        return Entered(CodeAnswer.RIGHT, start(session, person.id, now=now), row.email)


def _take_try(session: Session, code_id: int, now: datetime) -> bool:
    # One statement counts and checks, so that tries made at the same instant cannot pass as one.
    taken = session.execute(
        update(SignInCode)
        .where(
            SignInCode.id == code_id,
            SignInCode.tries < CODE_TRIES,
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > now,
        )
        .values(tries=SignInCode.tries + 1),
        execution_options={"synchronize_session": False},
    )
    return isinstance(taken, CursorResult) and taken.rowcount == 1


def _sign_up(session: Session, email: str, zone: str, now: datetime) -> Person:
    person = new_person(session, email, now=now, zone=zone)
    audit.record(session, "signed up", "person", person.id, actor_id=person.id, now=now)
    return person


def _forget(session: Session, browser_token: str, now: datetime) -> None:
    row = account_queries.code_by_browser(browser_token) if browser_token else None
    if row is not None and row.used_at is None:
        row.expires_at = min(row.expires_at, now)
        void(session, _about(row), now=now)


def _about(row: SignInCode) -> str:
    return f"code-{row.id}"


def _code_hash(browser_token: str, code: str) -> str:
    # Keyed with what only the browser holds: six digits alone could be guessed from a copy of the database.
    return hmac.new(browser_token.encode(), code.encode(), "sha256").hexdigest()
