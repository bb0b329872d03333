"""One row per browser that is signed in: begun, seen, raised by a second step, ended."""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.errors import NotAllowed
from portal.domain.words import N_
from portal.models import SignIn
from portal.queries.account import hash_of
from portal.services import audit


def start(session: Session, person_id: int, *, now: datetime, second_factor: bool = False) -> str:
    """Add a sign-in inside a verb; returns the token that the browser's cookie will hold."""
    token = token_urlsafe(32)
    session.add(
        SignIn(
            person_id=person_id,
            token_hash=hash_of(token),
            started_at=now,
            seen_at=now,
            second_factor_at=now if second_factor else None,
        )
    )
    session.flush()
    audit.record(session, "signed in", "person", person_id, actor_id=person_id, now=now)
    return token


def raise_up(session: Session, sign_in_id: int, person_id: int, *, now: datetime) -> str:
    """Mark inside a verb that the second step is done; returns a new token, so that no older copy rises with it."""
    token = token_urlsafe(32)
    sign_in = session.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.person_id != person_id or sign_in.ended_at is not None:
        raise NotAllowed(N_("Please sign in again."))
    sign_in.token_hash = hash_of(token)
    sign_in.second_factor_at = now
    audit.record(session, "second step done", "person", person_id, actor_id=person_id, now=now)
    return token


def begin_sign_in(person_id: int, *, now: datetime, second_factor: bool = False) -> str:
    """Sign somebody in on one browser; returns the token that its cookie will hold."""
    with transaction() as session:
        return start(session, person_id, now=now, second_factor=second_factor)


def touch_sign_in(sign_in_id: int, *, now: datetime) -> None:
    """Mark that the person is still here."""
    with transaction() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def end_sign_in(sign_in_id: int, *, now: datetime) -> None:
    """End one sign-in, wherever its cookie may be."""
    with transaction() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(ended_at=now))


def end_all(session: Session, person_id: int, *, now: datetime) -> None:
    """End every sign-in of somebody inside a verb."""
    session.execute(update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=now))


def end_all_sign_ins(person_id: int, *, now: datetime) -> None:
    """Sign somebody out on every browser."""
    with transaction() as session:
        end_all(session, person_id, now=now)
        audit.record(session, "signed out everywhere", "person", person_id, actor_id=person_id, now=now)
