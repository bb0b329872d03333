"""Calling a coffee chat off, by either of the two, up to its start."""

from datetime import datetime

from portal.db import retry_once
from portal.domain.errors import NotFound
from portal.queries import booking as queries
from portal.services import once
from portal.services.booking.ending import call_off
from portal.services.booking.first import step_back
from portal.services.booking.guarded import both_held, check_changeable
from portal.services.walk import locked_walk


@retry_once
def cancel(booking_id: int, actor_id: int, revision: int, *, key: str, now: datetime) -> int:
    """Call a booked chat off; the first one leads back to both yeses. Returns its id; Stale where it is another now."""
    two = queries.two_of_chat(actor_id, booking_id)
    if two is None:
        raise NotFound
    with both_held(two) as session:
        form = once.form(actor_id, key, "cancel", booking_id)
        if form.result() is not None:
            return booking_id
        walk = locked_walk(two.walk_id)
        booking = queries.booking_to_change(booking_id)
        check_changeable(booking, revision, now)
        call_off(session, booking, by=actor_id, now=now, undoable=True)
        step_back(session, walk, two, by=actor_id, now=now)
        form.remember(session, booking_id, now)
        return booking_id
