"""One coffee chat as one of its two people sees it, and those that lie ahead of a walk."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, case, false, select
from sqlalchemy.orm import aliased

from portal.db import plain, read
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import Actor
from portal.models import Booking, Person, Walk
from portal.queries.booking.two import Two, same_two, the_other
from portal.queries.matching.walks import together_with


@dataclass(frozen=True)
class Chat:
    """A coffee chat as one of its two people sees it."""

    id: int
    two: Two
    viewer: Actor
    starts_at: datetime
    ends_at: datetime
    format: Format
    place: str = field(repr=False)
    note: str = field(repr=False)
    state: BookingState
    revision: int
    cancelled_at: datetime | None
    cancelled_by: int | None
    other_name: str = field(repr=False)
    other_zone: str
    other_reach: str = field(repr=False)

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


def chat_for(actor_id: int, booking_id: int) -> Chat | None:
    """Return a chat for one of its two people while their walk goes on; None for anybody else."""
    other = aliased(Person)
    statement = (
        select(Booking, other.name, other.zone, other.reach)
        .join(Walk, same_two())
        .join(other, the_other(other, actor_id))
        .where(Booking.id == booking_id, together_with(actor_id))
        .execution_options(populate_existing=True)
    )
    row = read().execute(statement).one_or_none()
    if row is None:
        return None
    booking, name, zone, reach = row
    two = Two(booking.walk_id, booking.member_id, booking.peer_id)
    return Chat(
        id=booking.id,
        two=two,
        viewer=two.as_actor(actor_id),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        format=booking.format,
        place=booking.place,
        note=booking.note or "",
        state=booking.state,
        revision=booking.revision,
        cancelled_at=booking.cancelled_at,
        cancelled_by=booking.cancelled_by,
        other_name=name,
        other_zone=zone,
        other_reach=reach,
    )


def is_ahead(now: BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition that a chat of a walk is booked and not over."""
    # As one question that no index answers: of two, SQLite looks for everybody's chats ahead rather than the walk's.
    return case((Booking.state == BookingState.BOOKED, Booking.ends_at > now), else_=false())


_CHATS_AHEAD = (
    select(Booking.id)
    .where(Booking.walk_id == bindparam("walk_id"), is_ahead(bindparam("now")))
    .order_by(Booking.starts_at)
)


def chats_ahead(walk_id: int, now: datetime) -> tuple[int, ...]:
    """Return the chats of a walk that are booked and not over, the soonest first; what is asked for is no chat yet."""
    return tuple(plain().execute(_CHATS_AHEAD, {"walk_id": walk_id, "now": now}).scalars())
