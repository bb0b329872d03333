"""Setting a coffee chat: the chat, the time it takes from both, and the letters owed, in one transaction."""

from datetime import datetime

from portal.db import retry_once
from portal.domain.booking import BOOKABLE, NOT_OFFERED, ONE_AT_A_TIME, place_of
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.experience import Format
from portal.domain.matching.walk import MOVED_ON, State, Step
from portal.domain.slots import Slot
from portal.models import Booking, Hold, Walk
from portal.queries import booking as queries
from portal.queries import slots as slots_queries
from portal.queries.booking import Two
from portal.services import audit, once
from portal.services.booking.guarded import both_held, last_word, open_slot
from portal.services.notice.chat import owe_chat_letters
from portal.services.walk import locked_walk, take_step


@retry_once
def book(walk_id: int, actor_id: int, starts_at: datetime, way: Format, place: str, *, key: str, now: datetime) -> int:
    """Set a chat of the two people of a walk; returns its id. Raises TimeTaken where the time is not open."""
    two = queries.two_of_walk(actor_id, walk_id)
    if two is None:
        raise NotFound
    actor = two.as_actor(actor_id)
    with last_word(two, starts_at, now, reader=actor), both_held(two) as session:
        # Only now: of two taps at once, the second waits above for the first one's answer.
        form = once.form(actor_id, key, "book", walk_id, starts_at, str(way), place)
        done = form.result()
        if done is not None:
            return done
        walk = locked_walk(walk_id)
        _check(walk, two, way, now)
        booking = _booking(two, open_slot(two, starts_at, now, reader=actor), way, place, actor_id, now)
        session.add(booking)
        session.flush()
        session.add_all(_holds(booking))
        session.flush()
        if walk.state is State.BOTH_YES:
            take_step(session, walk, Step.BOOK, actor, actor_id=actor_id, now=now)
        owe_chat_letters(session, booking, now=now)
        audit.record(session, "chat booked", "booking", booking.id, actor_id=actor_id, now=now)
        form.remember(session, booking.id, now)
        return booking.id


def _check(walk: Walk, two: Two, way: Format, now: datetime) -> None:
    if queries.chat_ahead(walk.id, now) is not None:
        raise Stale(ONE_AT_A_TIME)
    if walk.state not in BOOKABLE or walk.peer_id != two.peer_id:
        raise Stale(MOVED_ON)
    if way not in queries.formats_of(two):
        raise BadInput("way", NOT_OFFERED)


def _booking(two: Two, slot: Slot, way: Format, place: str, actor_id: int, now: datetime) -> Booking:
    return Booking(
        walk_id=two.walk_id,
        member_id=two.member_id,
        peer_id=two.peer_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        format=way,
        place=place_of(way, place),
        booked_by=actor_id,
        created_at=now,
    )


def _holds(booking: Booking) -> list[Hold]:
    """The rest is the peer's need; always in the order of people, or PostgreSQL meets deadlocks."""
    _hours, policy = slots_queries.hours_and_policy(booking.peer_id)
    rests = {booking.member_id: (0, 0), booking.peer_id: (policy.rest_before_minutes, policy.rest_after_minutes)}
    return [
        Hold(
            booking_id=booking.id,
            person_id=person_id,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            rest_before_minutes=before,
            rest_after_minutes=after,
        )
        for person_id, (before, after) in sorted(rests.items())
    ]
