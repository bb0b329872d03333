"""Who has gone quiet, and how many walks wait for a coordinator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.db import read
from portal.domain.care import quiet
from portal.domain.matching.walk import State
from portal.models import Person, SignIn, Walk


@dataclass(frozen=True)
class Quiet:
    """A member with an open walk who has not been here for two weeks; nobody is at fault."""

    walk_id: int
    name: str
    state: State
    last_sign: datetime


def gone_quiet(now: datetime) -> list[Quiet]:
    """Return the members with an open walk who have not been here for two weeks, the longest first."""
    seen = select(SignIn.person_id, func.max(SignIn.seen_at).label("at")).group_by(SignIn.person_id).subquery()
    last_sign = func.coalesce(seen.c.at, Walk.asked_at)  # asking was a sign too
    rows = read().execute(
        select(Walk.id, Person.name, Walk.state, last_sign)
        .join(Person, Person.id == Walk.member_id)
        .outerjoin(seen, seen.c.person_id == Walk.member_id)
        .where(Walk.open)
        .order_by(last_sign, Walk.id)
    )
    return [Quiet(*row) for row in rows if quiet(row[3], now)]


def choices_waiting() -> int:
    """Return how many walks wait for a coordinator's yes."""
    return read().scalar(select(func.count()).where(Walk.open, Walk.state == State.CHOSEN)) or 0


def member_of(walk_id: int) -> int | None:
    """Return whose walk it is."""
    return read().scalar(select(Walk.member_id).where(Walk.id == walk_id))
