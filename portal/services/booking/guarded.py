"""What every change of a chat's time shares: both people held, one check of open times, the database's last word."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.booking import BEGUN, CHANGED, Meeting, changeable, sentence_for
from portal.domain.errors import NotFound, Stale, TimeTaken
from portal.domain.matching.walk import Actor
from portal.domain.slots import Closed, Policy, Slot, nearest
from portal.models import Booking
from portal.queries import booking as queries
from portal.queries.booking import Standing, Two
from portal.services import audit
from portal.services.notice.chat import HELD

GUARD = "hold_no_overlap"


@contextmanager
def both_held(two: Two) -> Iterator[Session]:
    """Open a verb's transaction with the rows of both people locked."""
    with transaction() as session, audit.recorded_together(session):
        session.info[HELD] = queries.lock_people(two.member_id, two.peer_id)
        yield session


@contextmanager
def walkers_held(walk_id: int, actor_id: int) -> Iterator[tuple[Session, Two]]:
    """Open a verb's transaction with the rows of the two people of a walk locked, for one of them; NotFound for
    anybody else. Who they are is asked with the lock itself."""
    with transaction() as session, audit.recorded_together(session):
        found = queries.lock_walkers(actor_id, walk_id)
        if found is None:
            raise NotFound
        two, session.info[HELD] = found
        yield session, two


@contextmanager
def last_word_on(
    walk_id: int, actor_id: int, starts_at: datetime, now: datetime, *, meeting: Meeting
) -> Iterator[None]:
    """Do what `last_word` does, for one of the two people of a walk who are not known yet."""
    try:
        yield
    except IntegrityError:
        two = queries.two_of_walk(actor_id, walk_id)
        if two is None:
            raise
        with last_word(two, starts_at, now, meeting=meeting, reader=two.as_actor(actor_id)):
            raise


@contextmanager
def last_word(
    two: Two, starts_at: datetime, now: datetime, *, meeting: Meeting, reader: Actor, without: int | None = None
) -> Iterator[None]:
    """Say in words that the time is taken when it is the database that refuses an overlap."""
    try:
        yield
    except IntegrityError as error:
        if GUARD not in str(error.orig):
            raise
        free = queries.times_of(two, now, without=without, minutes=meeting.minutes, way=meeting.way).slots
        raise _taken(Closed.TAKEN, free, starts_at, reader) from None


def open_slot(
    two: Two,
    starts_at: datetime,
    now: datetime,
    *,
    meeting: Meeting,
    reader: Actor,
    without: int | None = None,
    stands: Standing | None = None,
) -> tuple[Slot, Policy]:
    """Return the slot that starts then and the peer's policy; TimeTaken says why not and what is free near it.

    `stands` is the walk (locked), where the verb has it already.
    """
    if stands is None:
        times = queries.times_of(two, now, without=without, minutes=meeting.minutes, way=meeting.way)
    else:
        times = queries.times_until(two, stands.until, now, without=without, minutes=meeting.minutes, way=meeting.way)
    closed = times.why_closed(starts_at)
    if closed is not None:
        raise _taken(closed, times.slots, starts_at, reader)
    return times.slot(starts_at), times.policy


def check_changeable(booking: Booking, revision: int, now: datetime) -> None:
    """Raise Stale unless the chat may still be changed and the screen that was answered showed it as it is."""
    if booking.revision != revision:
        raise Stale(CHANGED)
    if not changeable(booking.state, booking.starts_at, now):
        raise Stale(BEGUN)


def _taken(closed: Closed, free: tuple[Slot, ...], starts_at: datetime, reader: Actor) -> TimeTaken:
    starts = [slot.starts_at for slot in nearest(free, starts_at)]
    return TimeTaken(sentence_for(closed, reader), closed.value, starts)
