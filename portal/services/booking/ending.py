"""What calling a chat off does: its time is free again, what was owed for it is taken back, both are told."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.booking import BookingState
from portal.models import Booking
from portal.queries import booking as queries
from portal.services import audit
from portal.services.notice.chat import about, owe_chat_cancellation
from portal.services.notice.owe import void

RECORDED = {BookingState.LAPSED: "chat lapsed", BookingState.RELEASED: "chat released"}


def end_chats(session: Session, walk_id: int, *, by: int | None, now: datetime) -> None:
    """Call off every chat ahead of a walk inside the verb that ends it, and let go of what is only asked for or
    offered; the walk's own step is that verb's."""
    for booking_id in queries.live_of_walk(walk_id):
        booking = queries.booking_to_change(booking_id)
        if booking.state is not BookingState.BOOKED:
            let_go(session, booking, BookingState.RELEASED, by=by, now=now)
        elif now < booking.starts_at:
            call_off(session, booking, by=by, now=now)


def let_go_beside(session: Session, walk_id: int, *, keep: Collection[int], now: datetime) -> None:
    """Let go of what else is asked for or offered on a walk, once one of its times is set: any would have done."""
    for booking_id in queries.waiting_of_walk(walk_id):
        if booking_id not in keep:
            let_go(session, queries.booking_to_change(booking_id), BookingState.RELEASED, by=None, now=now)


def call_off(session: Session, booking: Booking, *, by: int | None, now: datetime, undoable: bool = False) -> None:
    """Call off one booked chat, its row locked, inside a verb; the letters of one that can be undone wait for that."""
    booking.state = BookingState.CANCELLED
    booking.cancelled_at, booking.cancelled_by = now, by
    booking.revision += 1
    free_both(session, booking)
    owe_chat_cancellation(session, booking, now=now, by=by, undoable=undoable)
    audit.record(session, "chat cancelled", "booking", booking.id, actor_id=by, now=now)


def let_go(session: Session, booking: Booking, became: BookingState, *, by: int | None, now: datetime) -> None:
    """Let go of a time that was asked for or offered, its row locked, inside a verb: LAPSED or RELEASED, the time is
    free again, and what was owed about it is taken back; whoever has to hear of it is told by the verb."""
    booking.state = became
    booking.answer_by = None
    booking.revision += 1
    free_both(session, booking)
    void(session, about(booking.id), now=now)
    audit.record(session, RECORDED[became], "booking", booking.id, actor_id=by, now=now)


def free_both(session: Session, booking: Booking) -> None:
    """Free the time that a chat held for both."""
    for hold in queries.holds_of(booking.id):
        hold.active = False
    session.flush()
