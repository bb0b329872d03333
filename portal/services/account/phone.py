"""Somebody's phone for text messages: a code goes to it and is typed in; taken away again with one tap."""

import hmac
from datetime import datetime, timedelta
from secrets import randbelow

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from portal.channels import numbers
from portal.db import retry_once, transaction
from portal.domain.account import CODE_DIGITS, CODE_LIFE, CODE_TRIES, CodeAnswer
from portal.domain.errors import BadInput
from portal.domain.notice import Channel, Kind, NoticeState
from portal.domain.words import N_
from portal.models import ChannelChoice, Phone
from portal.queries.notice import ways
from portal.services import audit
from portal.services.account.people import locked
from portal.services.checkin.texting import number_gone
from portal.services.notice.office import Office, office
from portal.services.notice.owe import owe, void

DAY = timedelta(days=1)
CODES_A_DAY = 5
OFF = N_("Text messages are not set up here.")
UNSAFE = N_("You said that texts are not safe for you, so none are sent. You can change that under “How to reach you”.")
NOT_A_NUMBER = N_("Please write a phone number, such as %(example)s.")
NO_TEXTS = N_("That number takes no text messages. Please write the number of a mobile phone.")
ELSEWHERE = N_("We cannot send texts to that country yet. Letters and signs on a device work everywhere.")
ENOUGH = N_("Several codes were sent today. Please try again tomorrow.")
EXAMPLES = {"US": "(202) 555-0123", "CA": "(204) 555-0123"}


@retry_once
def ask_phone_code(person_id: int, typed: str, country: str, *, now: datetime) -> None:
    """Owe a code by text to this number, and keep it until the code is typed in. BadInput for what is no number, a
    country that is not served, texts said to be unsafe, and too many codes in a day."""
    post = office()
    number = _checked(typed, country, post)
    code = f"{randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    with transaction() as session:
        known = ways.phone(person_id)
        if known is not None and known.number != number:
            number_gone(session, person_id, now=now)
        locked(session, person_id)
        if not ways.reach_of(person_id).may_text:
            raise BadInput("number", UNSAFE)
        hashed = post.hash_of_number(number)
        about = _about(hashed)
        # Counted for the number too: whoever it belongs to may not have asked for any of them.
        if max(ways.codes_since(person_id, about, now - DAY)) >= CODES_A_DAY:
            raise BadInput("number", ENOUGH)
        _forget(session, person_id, now)
        session.add(
            Phone(
                person_id=person_id,
                number=number,
                number_hash=hashed,
                code_hash=_code_hash(post, person_id, code),
                code_expires_at=now + CODE_LIFE,
                created_at=now,
            )
        )
        last = ways.last_code(person_id)
        owe(
            session,
            Kind.PHONE_CODE,
            person_id,
            about=about,
            due_at=now,
            now=now,
            revision=last.revision + 1 if last is not None else 0,
            details={"to": number, "code": code},
            channel=Channel.TEXT,
            spread=True,
        )


def enter_phone_code(person_id: int, typed: str, *, now: datetime) -> CodeAnswer:
    """Try a code; the right one opens the phone for texts."""
    code = "".join(typed.split()).replace("-", "")
    with transaction() as session:
        locked(session, person_id)
        if not _take_try(session, person_id, now):
            return CodeAnswer.SPENT
        phone = ways.phone(person_id)
        if phone is None or phone.code_hash is None:
            return CodeAnswer.SPENT
        if not hmac.compare_digest(phone.code_hash, _code_hash(office(), person_id, code)):
            return CodeAnswer.WRONG if phone.code_tries < CODE_TRIES else CodeAnswer.SPENT
        phone.code_hash = phone.code_expires_at = None
        phone.confirmed_at, phone.stopped_at = now, None
        audit.record(session, "phone added", "person", person_id, actor_id=person_id, now=now)
        return CodeAnswer.RIGHT


@retry_once
def remove_phone(person_id: int, *, now: datetime) -> None:
    """Forget a phone; what would have come by text comes by letter, threads too. A second tap changes nothing."""
    with transaction() as session:
        number_gone(session, person_id, now=now)
        locked(session, person_id)
        if ways.phone(person_id) is None:
            return
        _forget(session, person_id, now)
        texts = delete(ChannelChoice).where(ChannelChoice.person_id == person_id, ChannelChoice.channel == Channel.TEXT)
        session.execute(texts, execution_options={"synchronize_session": False})
        audit.record(session, "phone removed", "person", person_id, actor_id=person_id, now=now)


def _checked(typed: str, country: str, post: Office) -> str:
    if Channel.TEXT not in post.ways:
        raise BadInput("number", OFF)
    country = country if country in post.text_countries else post.text_countries[0]
    try:
        number = numbers.number_of(typed, country)
    except ValueError as error:
        if str(error) == "takes no texts":
            raise BadInput("number", NO_TEXTS) from None
        example = EXAMPLES.get(country, f"{numbers.calling_code(country)} …")
        raise BadInput("number", NOT_A_NUMBER, example=example) from None
    # A text to some countries costs as much as a thousand at home, and codes can be asked for by anybody.
    if numbers.country_of(number) not in post.text_countries:
        raise BadInput("number", ELSEWHERE)
    return number


def _forget(session: Session, person_id: int, now: datetime) -> None:
    phone = ways.phone(person_id)
    if phone is not None:
        # Not what somebody else has asked for with the same number.
        void(session, _about(phone.number_hash), now=now, kinds=[Kind.PHONE_CODE], person_id=person_id)
        session.delete(phone)
        session.flush()


def _take_try(session: Session, person_id: int, now: datetime) -> bool:
    # One statement counts and checks, so that tries made at the same instant cannot pass as one.
    taken = session.execute(
        update(Phone)
        .where(
            Phone.person_id == person_id,
            Phone.code_tries < CODE_TRIES,
            Phone.code_hash.is_not(None),
            Phone.code_expires_at > now,
        )
        .values(code_tries=Phone.code_tries + 1),
        execution_options={"synchronize_session": False},
    )
    return isinstance(taken, CursorResult) and taken.rowcount == 1


def _about(number_hash: str) -> str:
    return f"phone-{number_hash[-24:]}"


def _code_hash(post: Office, person_id: int, code: str) -> str:
    # Keyed with what is not in the database: six digits alone could be guessed from a copy of it.
    return post.keyed_hash(f"code {person_id} {code}")


def offered() -> bool:
    """Say whether text messages are set up here."""
    return Channel.TEXT in office().ways


def countries() -> tuple[str, ...]:
    """Return the countries that texts go to (ISO 3166), the usual one first."""
    return office().text_countries


def shown(number: str) -> str:
    """Return a number with the gaps that people read it by."""
    return numbers.shown(number)


def code_came_to_nothing(person_id: int) -> bool:
    """Say whether the last code could not be brought to the phone."""
    last = ways.last_code(person_id)
    return last is not None and last.state in (NoticeState.VOID, NoticeState.FAILED) and bool(last.error)
