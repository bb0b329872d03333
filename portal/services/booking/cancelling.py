"""Calling a coffee chat off: its time is free again, what was owed for it is taken back, both are told."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once
from portal.domain.booking import BookingState, changeable
from portal.domain.errors import NotFound
from portal.domain.matching.walk import State, Step
from portal.models import Booking
from portal.queries import booking as queries
from portal.services import audit, once
from portal.services.booking.guarded import both_held, check_changeable
from portal.services.matching.steps import take_step
from portal.services.notice.chat import owe_chat_cancellation


@retry_once
def cancel(booking_id: int, actor_id: int, revision: int, *, key: str, now: datetime) -> int:
    """Call a chat off, by either of the two, up to its start; the first leads back to both yeses. Returns its id."""
    two = queries.two_of_chat(actor_id, booking_id)
    if two is None:
        raise NotFound
    with both_held(two) as session:
        if once.result_of(actor_id, key) is not None:
            return booking_id
        walk = queries.walk_to_change(two.walk_id)
        booking = queries.booking_to_change(booking_id)
        check_changeable(booking, revision, now)
        _call_off(session, booking, by=actor_id, now=now)
        if walk.state is State.FIRST_COFFEE:
            take_step(session, walk, Step.UNBOOK, two.as_actor(actor_id), actor_id=actor_id, now=now)
        once.remember(session, actor_id, key, booking_id, now)
        return booking_id


def call_off_all(session: Session, walk_id: int, *, by: int | None, now: datetime) -> None:
    """Call off every chat ahead of a walk inside the verb that ends it; the walk's own step is that verb's."""
    for booking_id in queries.booked_of_walk(walk_id):
        booking = queries.booking_to_change(booking_id)
        if changeable(booking.state, booking.starts_at, now):
            _call_off(session, booking, by=by, now=now)


def _call_off(session: Session, booking: Booking, *, by: int | None, now: datetime) -> None:
    booking.state = BookingState.CANCELLED
    booking.revision += 1
    for hold in queries.holds_of(booking.id):
        hold.active = False
    session.flush()
    owe_chat_cancellation(session, booking, now=now, by=by)
    audit.record(session, "chat cancelled", "booking", booking.id, actor_id=by, now=now)
