"""Times that were asked for: those that wait, as each of the two sees them, and the rows that an answer changes."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from portal.db import plain, read
from portal.domain.booking import IS_CHAT, BookingState
from portal.domain.booking.asking import ANSWER_WITHIN
from portal.domain.experience import Format
from portal.domain.matching.walk import Actor
from portal.models import Booking, Person, Series, Walk
from portal.queries.booking.two import Two, same_two, the_other
from portal.queries.listed import one_of
from portal.queries.matching.walks import together_with

LAPSED_AT_ONCE = 100


@dataclass(frozen=True)
class Asked:
    """A time that was asked for or offered, as one of its two people sees it; `let_go_by` is who said no or took it
    back. Those with one `series_id` are one question."""

    id: int
    two: Two
    viewer: Actor
    starts_at: datetime
    ends_at: datetime
    format: Format
    place: str = field(repr=False)
    note: str = field(repr=False)
    state: BookingState
    asked_by: int
    answer_by: datetime | None
    let_go_by: int | None
    series_id: int | None
    every_weeks: int | None
    other_name: str = field(repr=False)
    other_zone: str

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


def asked_for(actor_id: int, booking_id: int) -> Asked | None:
    """Return one asked time for one of its two people while their walk goes on; None for anybody else."""
    found = _asked(actor_id, Booking.id == booking_id)
    return found[0] if found else None


def asked_together(actor_id: int, asked: Asked) -> list[Asked]:
    """Return all times of one question, the first one first: itself, or every time of the rhythm that it belongs to."""
    if asked.series_id is None:
        return [asked]
    return _asked(actor_id, Booking.series_id == asked.series_id, Booking.state == asked.state)


def yes_beside(asked: Asked) -> int | None:
    """Return the chat that another question of the same walk became, asked for near this one: of several times any
    would have done, and the nearest in the asking is the one that took its place. None where there is none."""
    of_walk = select(Booking.id, Booking.created_at).where(Booking.walk_id == asked.two.walk_id)
    this = read().execute(of_walk.where(Booking.id == asked.id)).one()
    became = of_walk.where(Booking.booked_by == asked.asked_by, Booking.state.in_(IS_CHAT))
    near = [
        (abs(row.created_at - this.created_at), row.id)
        for row in read().execute(became)
        if abs(row.created_at - this.created_at) < ANSWER_WITHIN
    ]
    return min(near)[1] if near else None


def waiting_of_walk(actor_id: int, walk_id: int, now: datetime) -> list[Asked]:
    """Return the times of a walk that wait for the peer's answer, for one of the two."""
    return _asked(actor_id, Booking.walk_id == walk_id, *_waiting(now))


def waiting_for(person_id: int, now: datetime) -> list[Asked]:
    """Return the times that wait for somebody's answer or that they asked for, the soonest first."""
    return _asked(person_id, *_waiting(now))


def anything_waits(person_id: int, now: datetime) -> bool:
    """Say whether a time of somebody's waits for an answer or is held for them; hardly any does."""
    return plain().execute(_ANYTHING, {"person_id": person_id, "now": now}).first() is not None


def questions_waiting(member_id: int, now: datetime) -> int:
    """Return how many questions of a member wait; a whole rhythm is one."""
    statement = select(Booking.id, Booking.series_id).where(Booking.member_id == member_id, *_waiting(now))
    return len({("series", series_id) if series_id else ("chat", id_) for id_, series_id in read().execute(statement)})


def rows_of_question(booking_id: int) -> list[Booking]:
    """Return the rows of one question that still wait, locked, the first one first."""
    this = read().get_one(Booking, booking_id, populate_existing=True)
    one = Booking.id == booking_id if this.series_id is None else Booking.series_id == this.series_id
    return _locked(one, Booking.state == BookingState.ASKED)


def rows_beside(two: Two) -> list[Booking]:
    """Return the rows of all times asked for that one of the two takes part in, locked, the longest wait first."""
    return _locked(_of(two), Booking.state == BookingState.ASKED)


def people_beside(two: Two) -> set[int]:
    """Return everybody whose asked time could be touched by what these two decide, themselves included."""
    beside = select(Booking.member_id, Booking.peer_id).where(_of(two), Booking.state == BookingState.ASKED)
    return {two.member_id, two.peer_id}.union(*(tuple(row) for row in read().execute(beside)))


def lapsed(now: datetime, after: int) -> list[int]:
    """Return the asked times that have waited as long as they could, from the first id after `after` on, at most
    LAPSED_AT_ONCE, and one of each rhythm."""
    waited = (Booking.state == BookingState.ASKED, Booking.answer_by <= now)
    first = aliased(Booking)
    # Of a rhythm the first that waits stands for all, also where its times lie on several pages.
    earlier = exists().where(
        first.series_id == Booking.series_id,
        first.state == BookingState.ASKED,
        first.answer_by <= now,
        first.id < Booking.id,
    )
    statement = select(Booking.id).where(*waited, Booking.id > after, ~earlier)
    return list(read().scalars(statement.order_by(Booking.id).limit(LAPSED_AT_ONCE)))


def two_of_question(booking_id: int) -> Two:
    """Return the two people of an asked time, for the clock."""
    row = read().get_one(Booking, booking_id)
    return Two(row.walk_id, row.member_id, row.peer_id)


def _waiting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Booking.state == BookingState.ASKED, Booking.answer_by > now)


def _of(two: Two) -> ColumnElement[bool]:
    both = [two.member_id, two.peer_id]
    return or_(Booking.member_id.in_(both), Booking.peer_id.in_(both))


def _locked(*conditions: ColumnElement[bool]) -> list[Booking]:
    statement = select(Booking).where(*conditions).order_by(Booking.id)
    found = read().scalars(statement.with_for_update(), execution_options={"populate_existing": True})
    return sorted(found, key=lambda booking: (booking.created_at, booking.starts_at, booking.id))


def _asked(actor_id: int, *conditions: ColumnElement[bool]) -> list[Asked]:
    other = aliased(Person)
    statement: Select[Booking, str, str, int | None] = (
        select(Booking, other.name, other.zone, Series.every_weeks)
        .join(Walk, same_two())
        .join(other, the_other(other, actor_id))
        .outerjoin(Series, Series.id == Booking.series_id)
        .where(together_with(actor_id), *conditions)
        .order_by(Booking.starts_at, Booking.id)
        .execution_options(populate_existing=True)
    )
    return [_seen(row[0], row[1], row[2], row[3], actor_id) for row in read().execute(statement)]


def _seen(booking: Booking, name: str, zone: str, every_weeks: int | None, actor_id: int) -> Asked:
    two = Two(booking.walk_id, booking.member_id, booking.peer_id)
    return Asked(
        id=booking.id,
        two=two,
        viewer=two.as_actor(actor_id),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        format=booking.format,
        place=booking.place,
        note=booking.note or "",
        state=booking.state,
        asked_by=booking.booked_by,
        answer_by=booking.answer_by,
        let_go_by=booking.cancelled_by,
        series_id=booking.series_id,
        every_weeks=every_weeks,
        other_name=name,
        other_zone=zone,
    )


# Stands ready, so that asking costs no more than the asking.
_ANYTHING = (
    select(Booking.id)
    .join(Walk, same_two())
    .where(together_with(bindparam("person_id")))
    .where(one_of(Booking.state, (BookingState.ASKED, BookingState.OFFERED)), Booking.answer_by > bindparam("now"))
    .limit(1)
)
