"""The chats ahead that a change of hours would leave outside; a time held for somebody's answer is nobody's yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal.db import read
from portal.domain.booking import BookingState
from portal.domain.slots import Slot, Span
from portal.models import Booking, Person
from portal.queries.booking.two import the_other

# Also what waits for this peer's own yes; a time that is OFFERED waits for a member of the waiting list.
CHATS = (BookingState.BOOKED, BookingState.ASKED)


@dataclass(frozen=True)
class OwnChat:
    """A chat ahead, as one of its two people names it."""

    id: int
    starts_at: datetime
    ends_at: datetime
    other_name: str

    @property
    def slot(self) -> Slot:
        """The time it takes."""
        return Slot(self.starts_at, self.ends_at)


def chats_within(person_id: int, spans: Sequence[Span], now: datetime) -> list[OwnChat]:
    """Return the chats ahead of somebody, booked or asked for, that lie in any of these stretches, if only in part."""
    if not spans:
        return []
    other = aliased(Person)
    statement = (
        select(Booking.id, Booking.starts_at, Booking.ends_at, other.name)
        .join(other, the_other(other, person_id))
        .where(
            or_(Booking.member_id == person_id, Booking.peer_id == person_id),
            Booking.state.in_(CHATS),
            Booking.starts_at > now,
            or_(*((Booking.starts_at < ends) & (Booking.ends_at > begins) for begins, ends in spans)),
        )
        .order_by(Booking.starts_at)
    )
    return [OwnChat(*row) for row in read().execute(statement)]
