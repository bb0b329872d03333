"""Two people who may book, as one of them sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, func, select
from sqlalchemy.orm import aliased

from portal.db import plain
from portal.domain.booking import room_ahead
from portal.domain.booking.rhythm import RHYTHM_STATES
from portal.domain.errors import NotFound
from portal.domain.experience import Format
from portal.domain.matching.walk import Actor, State
from portal.models import Booking, MeetingPlace, MemberProfile, PeerProfile, Person, Walk
from portal.queries.booking.chats import is_ahead
from portal.queries.booking.terms import Place, Terms, lengths_of
from portal.queries.booking.two import Two, formats_by
from portal.queries.matching.walks import together_with
from portal.queries.notice import may_write_to


@dataclass(frozen=True)
class Pair:
    """The other's name and clock, how both like to meet, the peer's terms, how many chats are ahead, the next of them,
    and whether the viewer may be written to."""

    two: Two
    viewer: Actor
    state: State
    other_name: str
    other_zone: str
    formats: tuple[Format, ...]
    terms: Terms
    ahead: int
    next_chat: int | None
    may_be_written_to: bool

    @property
    def room(self) -> int:
        """How many more chats may be set."""
        return room_ahead(self.state, self.ahead)

    @property
    def asks_first(self) -> bool:
        """Whether the viewer asks for a time, and the peer says yes to it first."""
        return self.terms.says_yes_first and self.viewer is Actor.MEMBER

    @property
    def may_have_rhythm(self) -> bool:
        """Whether several chats may be set at once: the first coffee has been, and there is room."""
        return self.state in RHYTHM_STATES and self.room > 1

    @property
    def is_full(self) -> bool:
        """Whether it is the chats ahead that leave no room for one more."""
        return self.next_chat is not None and self.room == 0


_ACTOR: BindParameter[int] = bindparam("actor_id")
_OTHER, _PEERS, _MEMBERS = aliased(Person), aliased(PeerProfile), aliased(MemberProfile)
_AHEAD = select(Booking.id).where(Booking.walk_id == Walk.id, is_ahead(bindparam("now"))).correlate(Walk)
# A row for each public place of the peer, and one where they name none.
_PAIR = (
    select(
        Walk.member_id,
        Walk.peer_id,
        Walk.state,
        _OTHER.name,
        _OTHER.zone,
        _MEMBERS.about.label("member_about"),
        _PEERS.about,
        _PEERS.length_minutes,
        _PEERS.other_lengths,
        _PEERS.says_yes_first,
        _AHEAD.with_only_columns(func.count()).scalar_subquery().label("ahead"),
        _AHEAD.order_by(Booking.starts_at).limit(1).scalar_subquery().label("next_chat"),
        may_write_to(_ACTOR).label("may_be_written_to"),
        MeetingPlace.name.label("place"),
        MeetingPlace.address,
    )
    .join(_OTHER, _OTHER.id == case((Walk.member_id == _ACTOR, Walk.peer_id), else_=Walk.member_id))
    .join(_PEERS, _PEERS.person_id == Walk.peer_id)
    .outerjoin(_MEMBERS, _MEMBERS.person_id == Walk.member_id)
    .outerjoin(MeetingPlace, MeetingPlace.peer_id == Walk.peer_id)
    .where(Walk.id == bindparam("walk_id"), together_with(_ACTOR))
    .order_by(MeetingPlace.position, MeetingPlace.id)
)
_OFFER = select(
    select(MemberProfile.about)
    .where(MemberProfile.person_id == bindparam("member_id"))
    .scalar_subquery()
    .label("member_about"),
    PeerProfile.about,
    PeerProfile.length_minutes,
    PeerProfile.other_lengths,
    PeerProfile.says_yes_first,
).where(PeerProfile.person_id == bindparam("peer_id"))


@dataclass(frozen=True)
class Offer:
    """What the two offer one another: the ways to meet, the peer's usual length and all they offer, in minutes,
    and whether they say yes to each chat first."""

    formats: tuple[Format, ...]
    minutes: int
    lengths: tuple[int, ...]
    says_yes_first: bool


def offer_of(two: Two) -> Offer:
    """Return what the two offer one another; NotFound where the other is no peer."""
    row = plain().execute(_OFFER, {"member_id": two.member_id, "peer_id": two.peer_id}).one_or_none()
    if row is None:
        raise NotFound
    return offer_in(row)


def pair_for(actor_id: int, walk_id: int, now: datetime) -> Pair | None:
    """Return what the pages of booking need to know about the two; None for anybody else."""
    rows = plain().execute(_PAIR, {"actor_id": actor_id, "walk_id": walk_id, "now": now}).all()
    if not rows or rows[0].peer_id is None:
        return None
    row, places = rows[0], tuple(Place(each.place, each.address) for each in rows if each.place is not None)
    two = Two(walk_id, row.member_id, row.peer_id)
    offer = offer_in(row)
    return Pair(
        two,
        two.as_actor(actor_id),
        row.state,
        row.name,
        row.zone,
        offer.formats,
        Terms(offer.minutes, offer.lengths, places, offer.says_yes_first),
        row.ahead,
        row.next_chat,
        bool(row.may_be_written_to),
    )


def offer_in(row: Any) -> Offer:
    """Return what the two offer one another from a row with both profiles."""
    lengths = lengths_of(row.length_minutes, row.other_lengths)
    formats = formats_by(row.member_about or {}, row.about or {})
    return Offer(formats, row.length_minutes, lengths, row.says_yes_first)
