"""A chat that one of the two could not make: said by either, without blame, and another can be found at once."""

from datetime import datetime

from sqlalchemy import delete

from portal.db import retry_once
from portal.domain.booking import BEFORE_THE_FIRST, CHANGED, NOT_THE_TIME, BookingState, may_say_not_made
from portal.domain.errors import NotFound, Stale
from portal.domain.notice import Kind
from portal.models import ChatFelt
from portal.queries import booking as queries
from portal.services import audit, once
from portal.services.booking.ending import free_both
from portal.services.booking.first import step_back
from portal.services.booking.guarded import both_held
from portal.services.notice.chat import about, owe_chat_not_made
from portal.services.notice.owe import void
from portal.services.walk import locked_walk


@retry_once
def say_not_made(booking_id: int, actor_id: int, revision: int, *, key: str, now: datetime) -> int:
    """Say that a chat did not come about, from its start on and for seven days; the other one is told, and never who
    it was that could not. Returns its id; Stale where it is too early, too late, or has changed."""
    two = queries.two_of_chat(actor_id, booking_id)
    if two is None:
        raise NotFound
    with both_held(two) as session:
        form = once.form(actor_id, key, "not made", booking_id)
        if form.result() is not None:
            return booking_id
        walk = locked_walk(two.walk_id)
        booking = queries.booking_to_change(booking_id)
        if booking.state is BookingState.NOT_MADE:
            # Both of them may say it; the second time changes nothing.
            return booking_id
        if booking.revision != revision:
            raise Stale(CHANGED)
        if not may_say_not_made(booking.state, booking.starts_at, now):
            raise Stale(NOT_THE_TIME)
        booking.state = BookingState.NOT_MADE
        booking.revision += 1
        free_both(session, booking)
        session.execute(delete(ChatFelt).where(ChatFelt.booking_id == booking_id))
        void(session, about(booking_id), now=now)
        step_back(session, walk, two, by=actor_id, now=now)
        if walk.state in BEFORE_THE_FIRST:
            void(session, f"walk-{walk.id}", now=now, kinds=[Kind.REFLECT])
        owe_chat_not_made(session, booking, now=now, by=actor_id)
        audit.record(session, "chat not made", "booking", booking_id, actor_id=actor_id, now=now)
        form.remember(session, booking_id, now)
        return booking_id
