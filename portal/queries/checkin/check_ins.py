"""A check-in as the two of its walk see it."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from portal.db import read
from portal.domain.checkin import CheckInState, Rhythm
from portal.models import CheckIn, Person, Walk

DAYS = ","


@dataclass(frozen=True)
class CheckInView:
    """A check-in with the zone its days are counted in; `words` are the peer's own, empty for the usual ones."""

    id: int
    rhythm: Rhythm
    words: str = field(repr=False)
    silence_days: int | None
    state: CheckInState
    held_until: date | None
    next_at: datetime | None
    created_at: datetime
    changed_at: datetime
    zone: str


def check_in_of(walk_id: int) -> CheckInView | None:
    """Return a walk's check-in."""
    row = (
        read()
        .execute(
            select(CheckIn, Person.zone)
            .join(Walk, Walk.id == CheckIn.walk_id)
            .join(Person, Person.id == Walk.member_id)
            .where(CheckIn.walk_id == walk_id)
        )
        .one_or_none()
    )
    if row is None:
        return None
    told, zone = row
    return CheckInView(
        told.id,
        rhythm_of(told),
        told.words,
        told.silence_days,
        told.state,
        told.held_until,
        told.next_at,
        told.created_at,
        told.changed_at,
        zone,
    )


def rhythm_of(row: CheckIn) -> Rhythm:
    """Return a row's rhythm."""
    return Rhythm(frozenset(int(day) for day in row.weekdays.split(DAYS)), row.at_minute, row.last_day)
