"""The two people of a walk who may book: how they can meet, and the times that are free for both."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, select

from portal.db import plain
from portal.domain.booking import ways_to_meet
from portal.domain.experience import Format
from portal.domain.matching.ending import end_of
from portal.domain.matching.values import Member, Peer, near_enough
from portal.domain.matching.walk import Actor
from portal.models import Booking, MemberProfile, PeerProfile, Person, Walk
from portal.queries.matching.values import About, formats_in, whereabouts
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


def same_two() -> ColumnElement[bool]:
    """Return the condition that a chat belongs to a walk as it stands: the same two people."""
    return and_(Booking.walk_id == Walk.id, Booking.peer_id == Walk.peer_id, Booking.member_id == Walk.member_id)


def the_other(person: type[Person], actor_id: int) -> ColumnElement[bool]:
    """Return the condition that somebody is whom `actor_id` meets in a chat."""
    return person.id == case((Booking.member_id == actor_id, Booking.peer_id), else_=Booking.member_id)


# The statements stand ready, so that asking again costs no more than the asking.
_ACTOR: BindParameter[int] = bindparam("actor_id")
_OF: BindParameter[int] = bindparam("of")
_TOGETHER = select(Walk.id, Walk.member_id, Walk.peer_id).where(together_with(_ACTOR))
_OF_WALK = _TOGETHER.where(Walk.id == _OF)
_OF_CHAT = _TOGETHER.join(Booking, same_two()).where(Booking.id == _OF)
_ENDING = (
    select(Walk.ends_on, Person.zone).join(Person, Person.id == Walk.member_id).where(Walk.id == bindparam("walk_id"))
)
_BOTH_ABOUT = select(
    select(MemberProfile.about).where(MemberProfile.person_id == bindparam("member_id")).scalar_subquery(),
    select(PeerProfile.about).where(PeerProfile.person_id == bindparam("peer_id")).scalar_subquery(),
)


def two_of_walk(actor_id: int, walk_id: int) -> Two | None:
    """Return the two people of an open walk after both yeses, for one of them."""
    return _two(_OF_WALK, actor_id, walk_id)


def two_of_chat(actor_id: int, booking_id: int) -> Two | None:
    """Return the two people of a chat whose walk goes on, for one of them."""
    return _two(_OF_CHAT, actor_id, booking_id)


def times_of(
    two: Two, now: datetime, *, without: int | None = None, minutes: int | None = None, way: Format | None = None
) -> FreeTime:
    """Return the times of the two; of a walk that is coming to its end, those up to its last day.

    `minutes` is one of the peer's lengths (their usual one where it is None), `way` leaves out hours for other ways.
    """
    ends_on, zone = plain().execute(_ENDING, {"walk_id": two.walk_id}).one()
    until = end_of(ends_on, zone) if ends_on is not None else None
    return times_until(two, until, now, without=without, minutes=minutes, way=way)


def times_until(
    two: Two,
    until: datetime | None,
    now: datetime,
    *,
    without: int | None = None,
    minutes: int | None = None,
    way: Format | None = None,
) -> FreeTime:
    """Return the times of the two where it is known when their walk comes to its end (None where it does not)."""
    return free_time(two.peer_id, two.member_id, now, without=without, until=until, minutes=minutes, way=way)


def formats_of(two: Two) -> tuple[Format, ...]:
    """Return the ways the two can meet: those both like, in person only where they live near enough."""
    told = plain().execute(_BOTH_ABOUT, {"member_id": two.member_id, "peer_id": two.peer_id}).one()
    return formats_by(*(about or {} for about in told))


def formats_by(member_about: About, peer_about: About) -> tuple[Format, ...]:
    """Return the ways two people can meet by what each has told."""
    member, peer = Member(0, **whereabouts(member_about)), Peer(0, **whereabouts(peer_about))
    return ways_to_meet(formats_in(member_about), formats_in(peer_about), near=near_enough(member, peer))


def _two(statement: Select[int, int, int | None], actor_id: int, of: int) -> Two | None:
    row = plain().execute(statement, {"actor_id": actor_id, "of": of}).one_or_none()
    if row is None:
        return None
    walk_id, member_id, peer_id = row
    return None if peer_id is None else Two(walk_id, member_id, peer_id)
