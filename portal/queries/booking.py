"""Coffee chats and the two people of a walk, fetched for one of the two; a walk that has ended gives nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, select
from sqlalchemy.orm import aliased

from portal.db import read
from portal.domain.booking import BookingState, ways_to_meet
from portal.domain.experience import Format
from portal.domain.matching.ending import end_of
from portal.domain.matching.values import Member, Peer, near_enough
from portal.domain.matching.walk import Actor, State
from portal.models import Booking, Hold, Invitation, MemberProfile, PeerProfile, Person, Walk
from portal.queries.matching.values import formats_in, whereabouts
from portal.queries.matching.walks import together_with
from portal.queries.slots import FreeTime, free_time

SETTLED_AT_ONCE = 100


@dataclass(frozen=True)
class Two:
    """The two people of a walk."""

    walk_id: int
    member_id: int
    peer_id: int

    def as_actor(self, person_id: int) -> Actor:
        """Return which of the two somebody is."""
        return Actor.MEMBER if person_id == self.member_id else Actor.PEER


@dataclass(frozen=True)
class Pair:
    """Two people who may book, as one of them sees it: the other's name and clock, and how both like to meet."""

    two: Two
    viewer: Actor
    state: State
    other_name: str
    other_zone: str
    formats: tuple[Format, ...]
    chat_id: int | None


@dataclass(frozen=True)
class Chat:
    """A coffee chat as one of its two people sees it."""

    id: int
    two: Two
    viewer: Actor
    starts_at: datetime
    ends_at: datetime
    format: Format
    place: str
    state: BookingState
    revision: int
    other_name: str
    other_zone: str
    other_reach: str


def two_of_walk(actor_id: int, walk_id: int) -> Two | None:
    """Return the two people of an open walk after both yeses, for one of them."""
    return _two(_together(actor_id).where(Walk.id == walk_id))


def two_of_chat(actor_id: int, booking_id: int) -> Two | None:
    """Return the two people of a chat whose walk goes on, for one of them."""
    return _two(_together(actor_id).join(Booking, same_two()).where(Booking.id == booking_id))


def pair_for(actor_id: int, walk_id: int, now: datetime) -> Pair | None:
    """Return what the pages of booking need to know about the two; None for anybody else."""
    two = two_of_walk(actor_id, walk_id)
    if two is None:
        return None
    other_id = two.peer_id if actor_id == two.member_id else two.member_id
    other = read().execute(select(Person.name, Person.zone).where(Person.id == other_id)).one()
    state = read().scalars(select(Walk.state).where(Walk.id == walk_id)).one()
    viewer = two.as_actor(actor_id)
    return Pair(two, viewer, state, other.name, other.zone, formats_of(two), chat_ahead(walk_id, now))


def times_of(two: Two, now: datetime, *, without: int | None = None) -> FreeTime:
    """Return the times of the two; of a walk that is coming to its end, those up to its last day."""
    ending = select(Walk.ends_on, Person.zone).join(Person, Person.id == Walk.member_id).where(Walk.id == two.walk_id)
    ends_on, zone = read().execute(ending).one()
    until = end_of(ends_on, zone) if ends_on is not None else None
    return free_time(two.peer_id, two.member_id, now, without=without, until=until)


def formats_of(two: Two) -> tuple[Format, ...]:
    """Return the ways the two can meet: those both like, in person only where they live near enough."""
    member_about = read().scalar(select(MemberProfile.about).where(MemberProfile.person_id == two.member_id)) or {}
    peer_about = read().scalar(select(PeerProfile.about).where(PeerProfile.person_id == two.peer_id)) or {}
    member = Member(two.member_id, **whereabouts(member_about))
    peer = Peer(two.peer_id, **whereabouts(peer_about))
    return ways_to_meet(formats_in(member_about), formats_in(peer_about), near=near_enough(member, peer))


def chat_for(actor_id: int, booking_id: int) -> Chat | None:
    """Return a chat for one of its two people while their walk goes on; None for anybody else."""
    other = aliased(Person)
    statement = (
        select(Booking, other.name, other.zone, other.reach)
        .join(Walk, same_two())
        .join(other, other.id == case((Booking.member_id == actor_id, Booking.peer_id), else_=Booking.member_id))
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
        state=booking.state,
        revision=booking.revision,
        other_name=name,
        other_zone=zone,
        other_reach=reach,
    )


def chat_ahead(walk_id: int, now: datetime) -> int | None:
    """Return the chat of a walk that is booked and not over; there is one at a time."""
    statement = (
        select(Booking.id)
        .where(Booking.walk_id == walk_id, Booking.state == BookingState.BOOKED, Booking.ends_at > now)
        .order_by(Booking.starts_at)
        .limit(1)
    )
    return read().scalar(statement)


def lock_people(*person_ids: int) -> None:
    """Hold the rows of these people in one order, so that bookings that share one of them wait for each other."""
    # NO KEY UPDATE: whoever only refers to a person (a letter, a deed in the record) does not have to wait.
    statement = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    read().execute(statement.with_for_update(key_share=True)).all()


def booking_to_change(booking_id: int) -> Booking:
    """Return a chat's row, locked, as it is now."""
    return read().get_one(Booking, booking_id, with_for_update=True, populate_existing=True)


def holds_of(booking_id: int) -> list[Hold]:
    """Return the time a chat occupies, by person."""
    return list(read().scalars(select(Hold).where(Hold.booking_id == booking_id).order_by(Hold.person_id)))


def booked_of_walk(walk_id: int) -> list[int]:
    """Return the chats of a walk that are still booked."""
    statement = select(Booking.id).where(Booking.walk_id == walk_id, Booking.state == BookingState.BOOKED)
    return list(read().scalars(statement.order_by(Booking.id)))


def over(now: datetime) -> list[tuple[int, int]]:
    """Return (walk, chat) of booked chats whose end has passed, the walks in order, at most SETTLED_AT_ONCE."""
    statement = (
        select(Booking.walk_id, Booking.id)
        .where(Booking.state == BookingState.BOOKED, Booking.ends_at <= now)
        .order_by(Booking.walk_id, Booking.id)
        .limit(SETTLED_AT_ONCE)
    )
    return [(walk_id, booking_id) for walk_id, booking_id in read().execute(statement)]


def invitation_of(booking_id: int, person_id: int) -> Invitation | None:
    """Return one person's calendar entry for a chat."""
    return read().get(Invitation, (booking_id, person_id))


def same_two() -> ColumnElement[bool]:
    """Return the condition that a chat belongs to a walk as it stands: the same two people."""
    return and_(Booking.walk_id == Walk.id, Booking.peer_id == Walk.peer_id, Booking.member_id == Walk.member_id)


def _two(statement: Select[int, int, int | None]) -> Two | None:
    row = read().execute(statement).one_or_none()
    if row is None:
        return None
    walk_id, member_id, peer_id = row
    return None if peer_id is None else Two(walk_id, member_id, peer_id)


def _together(actor_id: int) -> Select[int, int, int | None]:
    return select(Walk.id, Walk.member_id, Walk.peer_id).where(together_with(actor_id))
