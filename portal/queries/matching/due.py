"""What the clock has to move on: questions without an answer, matches no longer new."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from portal.db import read
from portal.domain.booking import LIVE
from portal.domain.matching.capacity import UNITS, Phase
from portal.domain.matching.ending import is_over
from portal.domain.matching.timers import TIMERS, Clock
from portal.domain.matching.walk import State, Step
from portal.domain.notice import Kind
from portal.models import Booking, Notice, Person, Seat, Walk, WalkStep


def lapsed_walks(now: datetime) -> list[int]:
    """Return the walks whose peer was asked and has let the time pass."""
    silent = select(Walk.id).where(Walk.open, Walk.state == State.INVITED, Walk.answer_by <= now)
    return list(read().scalars(silent.order_by(Walk.answer_by, Walk.id)))


def questions_of_suspended() -> list[int]:
    """Return the walks on which somebody suspended asks, or is asked."""
    suspended = select(Person.id).where(Person.suspended_at.is_not(None))
    either = or_(Walk.member_id.in_(suspended), Walk.peer_id.in_(suspended))
    return list(read().scalars(_questions().where(either)))


def questions_of(person_id: int) -> list[int]:
    """Return the walks on which this person asks, or is asked, and waits for the answer."""
    return list(read().scalars(_questions().where(or_(Walk.member_id == person_id, Walk.peer_id == person_id))))


def _questions() -> Select[int]:
    return select(Walk.id).where(Walk.open, Walk.state == State.INVITED).order_by(Walk.id)


def endings_over(now: datetime) -> list[int]:
    """Return the walks whose last day has gone by where their member lives."""
    ending = (
        select(Walk.id, Walk.ends_on, Person.zone)
        .join(Person, Person.id == Walk.member_id)
        .where(Walk.open, Walk.state == State.ENDING, Walk.ends_on <= now.date())
        .order_by(Walk.id)
    )
    rows = read().execute(ending)
    return [walk_id for walk_id, ends_on, zone in rows if ends_on is not None and is_over(ends_on, zone, now)]


def without_a_time(now: datetime) -> list[int]:
    """Return the walks whose two said yes three days ago, have or ask for no time, and were not reminded of it yet."""
    reminded = select(Notice.walk_id).where(Notice.kind == Kind.FIND_A_TIME, Notice.walk_id.is_not(None))
    waiting = select(Walk.id).where(
        Walk.open,
        Walk.state.in_(TIMERS[Clock.FIRST_CHAT].states),
        Walk.since <= now - TIMERS[Clock.FIRST_CHAT].after,
        Walk.id.not_in(reminded),
        Walk.id.not_in(select(Booking.walk_id).where(Booking.state.in_(LIVE))),
    )
    return list(read().scalars(waiting.order_by(Walk.since, Walk.id)))


def heavy_seats(now: datetime) -> list[int]:
    """Return the walks whose seat still weighs as a new match although both said yes four weeks ago or more."""
    steady = (
        select(WalkStep.walk_id)
        .where(WalkStep.step == Step.YES, WalkStep.at <= now - TIMERS[Clock.STEADY].after)
        .join(Seat, Seat.walk_id == WalkStep.walk_id)
        .where(Seat.halves >= UNITS[Phase.NEW])
    )
    return sorted(set(read().scalars(steady)))
