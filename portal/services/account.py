"""Signing in and out, and what a person decides about their own account."""

from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy import update

from portal.db import transaction
from portal.models import SignIn
from portal.queries.account import hash_of
from portal.services import audit


def begin_sign_in(person_id: int, *, now: datetime, second_factor: bool = False) -> str:
    """Sign somebody in on one browser; returns the token that its cookie will hold."""
    token = token_urlsafe(32)
    with transaction() as session:
        sign_in = SignIn(
            person_id=person_id,
            token_hash=hash_of(token),
            started_at=now,
            seen_at=now,
            second_factor_at=now if second_factor else None,
        )
        session.add(sign_in)
        session.flush()
        audit.record(session, "signed in", "person", person_id, actor_id=person_id, now=now)
    return token


def touch_sign_in(sign_in_id: int, *, now: datetime) -> None:
    """Mark that the person is still here."""
    with transaction() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def end_sign_in(sign_in_id: int, *, now: datetime) -> None:
    """End one sign-in, wherever its cookie may be."""
    with transaction() as session:
        session.execute(update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None)).values(ended_at=now))
