"""What calling a chat off does: its time is free again, what was owed for it is taken back, both are told."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.booking import BookingState, changeable
from portal.models import Booking
from portal.queries import booking as queries
from portal.services import audit
from portal.services.notice.chat import owe_chat_cancellation


def end_chats(session: Session, walk_id: int, *, by: int | None, now: datetime) -> None:
    """Call off every chat ahead of a walk inside the verb that ends it; the walk's own step is that verb's."""
    for booking_id in queries.booked_of_walk(walk_id):
        booking = queries.booking_to_change(booking_id)
        if changeable(booking.state, booking.starts_at, now):
            call_off(session, booking, by=by, now=now)


def call_off(session: Session, booking: Booking, *, by: int | None, now: datetime) -> None:
    """Call off one chat, its row locked, inside a verb."""
    booking.state = BookingState.CANCELLED
    booking.revision += 1
    for hold in queries.holds_of(booking.id):
        hold.active = False
    session.flush()
    owe_chat_cancellation(session, booking, now=now, by=by)
    audit.record(session, "chat cancelled", "booking", booking.id, actor_id=by, now=now)
