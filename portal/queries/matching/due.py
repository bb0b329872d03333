"""What the clock has to move on: walks without a shortlist, questions without an answer, matches no longer new."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from portal.db import read
from portal.domain.matching.capacity import NEW_FOR, UNITS, Phase
from portal.domain.matching.walk import State, Step
from portal.models import Person, Seat, Walk, WalkStep


def asked_walks() -> list[int]:
    """Return the walks that wait for a shortlist, the longest wait first; not those of suspended people."""
    waiting = (
        select(Walk.id)
        .join(Person, Person.id == Walk.member_id)
        .where(Walk.open, Walk.state == State.ASKED, Person.suspended_at.is_(None))
    )
    return list(read().scalars(waiting.order_by(Walk.asked_at, Walk.id)))


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


def heavy_seats(now: datetime) -> list[int]:
    """Return the walks whose seat still weighs as a new match although both said yes four weeks ago or more."""
    steady = (
        select(WalkStep.walk_id)
        .where(WalkStep.step == Step.YES, WalkStep.at <= now - NEW_FOR)
        .join(Seat, Seat.walk_id == WalkStep.walk_id)
        .where(Seat.halves >= UNITS[Phase.NEW])
    )
    return sorted(set(read().scalars(steady)))
