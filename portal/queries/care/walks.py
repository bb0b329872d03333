"""Who has gone quiet, and how many walks wait for a coordinator."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.db import read
from portal.domain.matching.walk import State
from portal.models import Person, Walk
from portal.queries.matching.concerned import gone_quiet as quiet_since
from portal.queries.matching.concerned import last_sign, walk


@dataclass(frozen=True)
class Quiet:
    """A member with an open walk who has not been here for two weeks; nobody is at fault."""

    walk_id: int
    name: str
    state: State
    last_sign: datetime


def gone_quiet(now: datetime, *, at_most: int | None = None) -> list[Quiet]:
    """Return the members with an open walk who have not been here for two weeks, the longest first."""
    rows = read().execute(
        select(walk.id, Person.__table__.c.name, walk.state, last_sign().label("last_sign"))
        .select_from(Walk.__table__.join(Person.__table__, Person.__table__.c.id == walk.member_id))
        .where(walk.open, quiet_since(now))
        .order_by("last_sign", walk.id)
        .limit(at_most)
    )
    return [Quiet(*row) for row in rows]


def is_quiet(walk_id: int, now: datetime) -> bool:
    """Say whether the member of a walk has not been here for two weeks."""
    found = select(walk.id).where(walk.id == walk_id, walk.open, quiet_since(now))
    return read().scalar(found) is not None


def choices_waiting() -> int:
    """Return how many walks wait for a coordinator's yes."""
    return read().scalar(select(func.count()).where(Walk.open, Walk.state == State.CHOSEN)) or 0


def member_of(walk_id: int) -> int | None:
    """Return whose walk it is."""
    return read().scalar(select(Walk.member_id).where(Walk.id == walk_id))
