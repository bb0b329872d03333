"""Chats that lie behind: they have happened, and until both keep going each of the two is asked how it was."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.booking import BookingState
from portal.domain.matching.walk import Actor, State, Step
from portal.domain.notice import Kind
from portal.models import Walk
from portal.queries import booking as queries
from portal.queries import matching as matching_queries
from portal.services import audit
from portal.services.notice.owe import owe, void
from portal.services.one_by_one import in_pages, one_by_one
from portal.services.walk import locked_walk, take_step


def settle_past(*, now: datetime) -> int:
    """Mark booked chats whose end has passed as happened; returns how many."""
    over = in_pages(lambda after: queries.over(now, after))
    return one_by_one("chat", over, lambda booking_id: _settle(booking_id, now=now))


@retry_once
def _settle(booking_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        walk = locked_walk(queries.walk_of(booking_id))
        booking = queries.booking_to_change(booking_id)
        if booking.state is not BookingState.BOOKED or booking.ends_at > now:
            return False
        booking.state = BookingState.HAPPENED
        audit.record(session, "chat happened", "booking", booking_id, actor_id=None, now=now)
        if walk.state in (State.FIRST_COFFEE, State.REFLECTION):
            _ask_how_it_was(session, walk, now)
        return True


def _ask_how_it_was(session: Session, walk: Walk, now: datetime) -> None:
    take_step(session, walk, Step.HAPPENED, Actor.PORTAL, actor_id=None, now=now)
    about = f"walk-{walk.id}"
    void(session, about, now=now)
    told = matching_queries.reflections_of(walk.id)
    for person_id in (walk.member_id, walk.peer_id or 0):
        if not matching_queries.asks_again(told.get(person_id), walk.since):
            continue
        owe(
            session,
            Kind.REFLECT,
            person_id,
            about=about,
            walk_id=walk.id,
            revision=walk.revision,
            due_at=now,
            now=now,
        )
