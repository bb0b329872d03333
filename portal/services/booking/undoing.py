"""Undo: a chat that was cancelled a moment ago stands again, by who cancelled it, where its time is still free."""

from datetime import datetime

from portal.db import retry_once
from portal.domain.booking import CHANGED, TIME_GONE, UNDO_OVER, BookingState, Meeting, stands_free, undone_until
from portal.domain.errors import NotFound, Stale, TimeTaken
from portal.domain.slots import Closed, Slot, nearest
from portal.models import Booking
from portal.queries import booking as queries
from portal.queries.booking import Two
from portal.services import audit, once
from portal.services.booking.first import step_on
from portal.services.booking.guarded import both_held, last_word
from portal.services.booking.setting import check_room
from portal.services.notice.chat import owe_chat_again
from portal.services.walk import locked_walk


@retry_once
def undo(booking_id: int, actor_id: int, revision: int, *, key: str, now: datetime) -> int:
    """Have a chat back that this person cancelled within the last ten minutes; returns its id.

    Raises TimeTaken where its time has gone to something else, Stale where it is too late or has changed.
    """
    two, chat = queries.two_of_chat(actor_id, booking_id), queries.chat_for(actor_id, booking_id)
    if two is None or chat is None:
        raise NotFound
    actor, meeting = two.as_actor(actor_id), Meeting(chat.format, minutes=chat.minutes)
    with last_word(two, chat.starts_at, now, meeting=meeting, reader=actor), both_held(two) as session:
        form = once.form(actor_id, key, "undo", booking_id, revision)
        if form.result() is not None:
            return booking_id
        walk = locked_walk(two.walk_id)
        booking = queries.booking_to_change(booking_id)
        _check(booking, actor_id, revision, now)
        check_room(walk, two, len(queries.chats_ahead(walk.id, now)))
        _check_free(two, booking, now)
        booking.state = BookingState.BOOKED
        booking.cancelled_at = booking.cancelled_by = None
        booking.revision += 1
        for hold in queries.holds_of(booking_id):
            hold.active = True
        session.flush()
        step_on(session, walk, two, booking_id, by=actor_id, now=now)
        owe_chat_again(session, booking, now=now, by=actor_id)
        audit.record(session, "chat had back", "booking", booking_id, actor_id=actor_id, now=now)
        form.remember(session, booking_id, now)
        return booking_id


def _check(booking: Booking, actor_id: int, revision: int, now: datetime) -> None:
    if booking.revision != revision or booking.state is not BookingState.CANCELLED:
        raise Stale(CHANGED)
    until = undone_until(booking.state, booking.cancelled_at, booking.starts_at)
    if booking.cancelled_by != actor_id or until is None or now >= until:
        raise Stale(UNDO_OVER)


def _check_free(two: Two, booking: Booking, now: datetime) -> None:
    minutes = int((booking.ends_at - booking.starts_at).total_seconds()) // 60
    times = queries.times_of(two, now, minutes=minutes, way=booking.format)
    if not stands_free(Slot(booking.starts_at, booking.ends_at), times.busy, times.policy):
        starts = [slot.starts_at for slot in nearest(times.slots, booking.starts_at)]
        raise TimeTaken(TIME_GONE, Closed.TAKEN.value, starts)
