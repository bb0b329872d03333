"""People, their sign-ins and the record of deeds."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.db import read
from portal.domain.account import STAFF, Actor, sign_in_lives
from portal.models import AuditEntry, Person, RequestKey, SignIn

SEEN_STEP = timedelta(minutes=1)


def hash_of(token: str) -> str:
    """Return what is stored of a random token; it is long enough that no salt is needed."""
    return sha256(token.encode()).hexdigest()


def person(person_id: int) -> Person | None:
    """Return somebody with their roles."""
    return read().scalar(select(Person).where(Person.id == person_id).options(selectinload(Person.roles)))


def person_by_email(email: str) -> Person | None:
    """Return somebody by their tidy address, with their roles."""
    return read().scalar(select(Person).where(Person.email == email).options(selectinload(Person.roles)))


def actor_by_token(token: str, now: datetime) -> Actor | None:
    """Return who holds this sign-in token, unless it has ended, rested too long, or the person is suspended."""
    row = (
        read()
        .execute(
            select(SignIn, Person)
            .join(Person, Person.id == SignIn.person_id)
            .where(SignIn.token_hash == hash_of(token), SignIn.ended_at.is_(None), Person.suspended_at.is_(None))
            .options(selectinload(Person.roles))
        )
        .one_or_none()
    )
    if row is None:
        return None
    sign_in, person = row
    roles = frozenset(held.role for held in person.roles)
    idle, absolute = sign_in_lives(staff=bool(roles & STAFF))
    if now - sign_in.seen_at > idle or now - sign_in.started_at > absolute:
        return None
    return Actor(
        id=person.id,
        sign_in_id=sign_in.id,
        roles=roles,
        name=person.name,
        zone=person.zone,
        language=person.language,
        second_factor=sign_in.second_factor_at is not None,
    )


def sign_in_rests(sign_in_id: int, now: datetime) -> bool:
    """Say whether this sign-in was last marked as seen over a minute ago."""
    seen_at = read().scalar(select(SignIn.seen_at).where(SignIn.id == sign_in_id))
    return seen_at is not None and now - seen_at > SEEN_STEP


def result_of_request(person_id: int, key: str) -> int | None:
    """Return what an earlier use of a form's key led to."""
    return read().scalar(
        select(RequestKey.result_id).where(RequestKey.person_id == person_id, RequestKey.key == key[:64])
    )


def last_sealed_entry() -> AuditEntry | None:
    """Return the newest entry of the audit that is part of the chain."""
    return read().scalar(
        select(AuditEntry).where(AuditEntry.sealed.is_not(None)).order_by(AuditEntry.id.desc()).limit(1)
    )


def unsealed_entries(count: int) -> list[AuditEntry]:
    """Return the oldest entries that are not part of the chain yet."""
    return list(
        read().scalars(select(AuditEntry).where(AuditEntry.sealed.is_(None)).order_by(AuditEntry.id).limit(count))
    )
