"""A peer's room: a seat is taken when they are asked and freed when it ends; the database refuses the one too many."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.matching.capacity import UNITS, Phase, phase
from portal.models import Seat, Walk
from portal.queries import matching as matching_queries

GUARD = "seat_within_capacity"


def took_seat(session: Session, walk: Walk, peer_id: int) -> bool:
    """Take room for a new match with this peer; False when there is none, also when it went this very instant."""
    try:
        with session.begin_nested():
            session.add(Seat(walk_id=walk.id, peer_id=peer_id, halves=UNITS[Phase.NEW]))
    except IntegrityError as error:
        if GUARD not in str(error.orig):
            raise
        return False
    return True


def taper_seat(session: Session, walk: Walk) -> None:
    """Let a walk that comes to its end weigh less, so that its peer has room for somebody new."""
    session.execute(update(Seat).where(Seat.walk_id == walk.id).values(halves=UNITS[Phase.TAPERING]))


def got_full_seat_back(session: Session, walk: Walk, *, now: datetime) -> bool:
    """Take the room of a match back that had begun to taper; False when there is none, and then nothing changes."""
    halves = UNITS[phase(matching_queries.yes_at(walk.id), now)]
    try:
        with session.begin_nested():
            session.execute(update(Seat).where(Seat.walk_id == walk.id).values(halves=halves))
    except IntegrityError as error:
        if GUARD not in str(error.orig):
            raise
        return False
    return True


def free_seat(session: Session, walk: Walk) -> None:
    """Give the room of this walk back, if it holds any."""
    session.execute(delete(Seat).where(Seat.walk_id == walk.id))


def ease_seats(*, now: datetime) -> int:
    """Let matches that are no longer new weigh as steady ones; returns how many did."""
    with transaction() as session:
        walks = matching_queries.heavy_seats(now)
        session.execute(update(Seat).where(Seat.walk_id.in_(walks)).values(halves=UNITS[Phase.STEADY]))
        return len(walks)
