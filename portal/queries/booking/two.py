"""The two people of a walk who may book: how they can meet, and the times that are free for both."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select

from portal.db import read
from portal.domain.booking import ways_to_meet
from portal.domain.experience import Format
from portal.domain.matching.ending import end_of
from portal.domain.matching.values import Member, Peer, near_enough
from portal.domain.matching.walk import Actor
from portal.models import Booking, MemberProfile, PeerProfile, Person, Walk
from portal.queries.matching.values import formats_in, whereabouts
from portal.queries.matching.walks import together_with
from portal.queries.slots import FreeTime, free_time


@dataclass(frozen=True)
class Two:
    """The two people of a walk."""

    walk_id: int
    member_id: int
    peer_id: int

    def as_actor(self, person_id: int) -> Actor:
        """Return which of the two somebody is."""
        return Actor.MEMBER if person_id == self.member_id else Actor.PEER


def two_of_walk(actor_id: int, walk_id: int) -> Two | None:
    """Return the two people of an open walk after both yeses, for one of them."""
    return _two(_together(actor_id).where(Walk.id == walk_id))


def two_of_chat(actor_id: int, booking_id: int) -> Two | None:
    """Return the two people of a chat whose walk goes on, for one of them."""
    return _two(_together(actor_id).join(Booking, same_two()).where(Booking.id == booking_id))


def times_of(
    two: Two, now: datetime, *, without: int | None = None, minutes: int | None = None, way: Format | None = None
) -> FreeTime:
    """Return the times of the two; of a walk that is coming to its end, those up to its last day.

    `minutes` is one of the peer's lengths (their usual one where it is None), `way` leaves out hours for other ways.
    """
    ending = select(Walk.ends_on, Person.zone).join(Person, Person.id == Walk.member_id).where(Walk.id == two.walk_id)
    ends_on, zone = read().execute(ending).one()
    until = end_of(ends_on, zone) if ends_on is not None else None
    times = free_time(two.peer_id, two.member_id, now, without=without, until=until)
    return times if minutes is None else replace(times, policy=replace(times.policy, length_minutes=minutes))


def formats_of(two: Two) -> tuple[Format, ...]:
    """Return the ways the two can meet: those both like, in person only where they live near enough."""
    member_about = read().scalar(select(MemberProfile.about).where(MemberProfile.person_id == two.member_id)) or {}
    peer_about = read().scalar(select(PeerProfile.about).where(PeerProfile.person_id == two.peer_id)) or {}
    member = Member(two.member_id, **whereabouts(member_about))
    peer = Peer(two.peer_id, **whereabouts(peer_about))
    return ways_to_meet(formats_in(member_about), formats_in(peer_about), near=near_enough(member, peer))


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
