"""Moving a coffee chat to another open time, by either of the two or by a peer who is asked first, up to its start."""

from datetime import datetime

from portal.db import retry_once
from portal.domain.booking import Meeting
from portal.domain.booking.asking import MOVED_BY_THEM
from portal.domain.errors import NotFound, Stale
from portal.domain.matching.walk import Actor
from portal.domain.slots import Slot
from portal.models import Booking
from portal.queries import booking as queries
from portal.services import audit, once
from portal.services.booking.guarded import both_held, check_changeable, last_word, open_slot
from portal.services.notice.chat import owe_chat_update


@retry_once
def move(booking_id: int, actor_id: int, revision: int, starts_at: datetime, *, key: str, now: datetime) -> int:
    """Give a chat another time; returns its id. Raises TimeTaken, or Stale where it has changed or begun,
    and to a member whose peer says yes to each time first."""
    two, chat = queries.two_of_chat(actor_id, booking_id), queries.chat_for(actor_id, booking_id)
    if two is None or chat is None:
        raise NotFound
    actor, meeting = two.as_actor(actor_id), Meeting(chat.format, minutes=chat.minutes)
    with (
        last_word(two, starts_at, now, meeting=meeting, reader=actor, without=booking_id),
        both_held(two) as session,
    ):
        form = once.form(actor_id, key, "move", booking_id, starts_at)
        if form.result() is not None:
            return booking_id
        booking = queries.booking_to_change(booking_id)
        check_changeable(booking, revision, now)
        if actor is Actor.MEMBER and queries.terms_of(two.peer_id).says_yes_first:
            raise Stale(MOVED_BY_THEM)
        before = booking.starts_at
        slot, _policy = open_slot(two, starts_at, now, meeting=meeting, reader=actor, without=booking_id)
        if slot.starts_at != before:
            give_time(booking, slot)
            session.flush()
            owe_chat_update(session, booking, before=before, now=now, by=actor_id)
            audit.record(session, "chat moved", "booking", booking_id, actor_id=actor_id, now=now)
        form.remember(session, booking_id, now)
        return booking_id


def give_time(booking: Booking, slot: Slot) -> None:
    """Give a chat (locked) and the time it holds another stretch; whoever changes a time raises the revision."""
    booking.starts_at, booking.ends_at = slot.starts_at, slot.ends_at
    booking.revision += 1
    for hold in queries.holds_of(booking.id):
        hold.starts_at, hold.ends_at = slot.starts_at, slot.ends_at
