"""Who is signed in, on which browsers, and which codes are on their way."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from portal.db import plain, read
from portal.domain.account import CODE_TRIES, STAFF, Actor, Purpose, sign_in_lives
from portal.models import Consent, Person, PersonRole, SignIn, SignInCode

SEEN_STEP = timedelta(minutes=1)
OVER_AT_ONCE = 500


def hash_of(token: str) -> str:
    """Return what is stored of a random token; it is long enough that no salt is needed."""
    return sha256(token.encode()).hexdigest()


_AGREED = (
    select(Consent.id)
    .where(
        Consent.person_id == Person.id,
        Consent.purpose == Purpose.TERMS,
        Consent.withdrawn_at.is_(None),
    )
    .exists()
)
# One statement on every page of everybody; a row for each role, and one for somebody who has none.
_WHO = (
    select(
        SignIn.id.label("sign_in_id"),
        SignIn.started_at,
        SignIn.seen_at,
        SignIn.second_factor_at,
        Person.id,
        Person.name,
        Person.zone,
        Person.language,
        _AGREED.label("agreed"),
        PersonRole.role,
    )
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(PersonRole, PersonRole.person_id == Person.id)
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None), Person.suspended_at.is_(None))
)


def actor_by_token(token: str, now: datetime) -> Actor | None:
    """Return who holds this sign-in token, unless it has ended, rested too long, or the person is suspended."""
    rows = plain().execute(_WHO, {"token_hash": hash_of(token)}).all()
    if not rows:
        return None
    row = rows[0]
    roles = frozenset(held.role for held in rows if held.role is not None)
    idle, absolute = sign_in_lives(staff=bool(roles & STAFF))
    if now - row.seen_at > idle or now - row.started_at > absolute:
        return None
    return Actor(
        id=row.id,
        sign_in_id=row.sign_in_id,
        roles=roles,
        name=row.name,
        zone=row.zone,
        language=row.language,
        second_factor=row.second_factor_at is not None,
        consented=bool(row.agreed),
        rests=now - row.seen_at > SEEN_STEP,
    )


def live_sign_ins(person_id: int, *, staff: bool, now: datetime) -> int:
    """Return on how many browsers somebody is signed in."""
    idle, absolute = sign_in_lives(staff=staff)
    found = read().scalars(
        select(SignIn.id).where(
            SignIn.person_id == person_id,
            SignIn.ended_at.is_(None),
            SignIn.seen_at >= now - idle,
            SignIn.started_at >= now - absolute,
        )
    )
    return len(found.all())


def sign_ins_over(*, ended_before: datetime, started_before: datetime) -> list[int]:
    """Return some sign-ins that ended, or began, longer ago than this; the rest is for the next time.

    Each person's newest stays: it alone says when they were last here.
    """
    newer = aliased(SignIn)
    seen_since = exists().where(
        newer.person_id == SignIn.person_id, tuple_(newer.seen_at, newer.id) > tuple_(SignIn.seen_at, SignIn.id)
    )
    return list(
        read().scalars(
            select(SignIn.id)
            .where(or_(SignIn.ended_at < ended_before, SignIn.started_at < started_before), seen_since)
            .order_by(SignIn.id)
            .limit(OVER_AT_ONCE)
        )
    )


def code_by_browser(browser_token: str) -> SignInCode | None:
    """Return the code that this browser asked for, whatever its state."""
    return read().scalar(select(SignInCode).where(SignInCode.browser_hash == hash_of(browser_token)))


def codes_since(email: str, since: datetime) -> int:
    """Return how many codes were asked for this address since then."""
    asked = select(func.count()).where(SignInCode.email == email, SignInCode.created_at > since)
    return read().scalar(asked) or 0


def code_waits_for(browser_token: str, now: datetime) -> str | None:
    """Return the address that this browser's code went to, while the code can still be typed."""
    code = code_by_browser(browser_token)
    if code is None or code.used_at is not None or code.expires_at <= now or code.tries >= CODE_TRIES:
        return None
    return code.email
