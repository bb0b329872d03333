"""What a peer sees: who asks, without a name, and once both have said yes, who the other is and how to reach them."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from portal.db import read
from portal.domain.experience import DayPart, Format, Style
from portal.domain.matching.explain import Suggestion, suggest
from portal.domain.matching.filters import usable_formats
from portal.domain.matching.stored import from_json
from portal.domain.matching.told import Told, peer_sentences, sentences_without_name
from portal.domain.matching.values import Member, Openings, Peer
from portal.domain.matching.walk import Actor, State
from portal.models import MemberProfile, PeerProfile, Person, Walk
from portal.queries.matching.topics import AskedTopic, topics_of
from portal.queries.matching.values import member_value, peer_values
from portal.queries.matching.walks import suggestions_of, walk_for
from portal.queries.matching.weights import domain_weights
from portal.queries.slots import common_openings


@dataclass(frozen=True)
class Asking:
    """Somebody who would like to walk with this peer: nothing that tells who, no tender topic by its name."""

    walk_id: int
    revision: int
    answer_by: datetime | None
    why: tuple[Told, ...]
    topics: tuple[AskedTopic, ...]
    styles: tuple[Style, ...]
    formats: tuple[Format, ...]
    languages: tuple[str, ...]
    times: tuple[DayPart, ...]
    soonest: datetime | None
    # Whether the member left the choice to a coordinator.
    chosen_together: bool


@dataclass(frozen=True)
class Revealed:
    """The other of the two, once both have said yes; `role` is the reader's, `story` a peer's own, for the member."""

    other_id: int
    other_name: str
    own_name: str
    role: Actor
    reach: str
    zone: str
    line: str
    story: str
    topics: tuple[AskedTopic, ...]
    styles: tuple[Style, ...]
    formats: tuple[Format, ...]


def asked_of(peer_id: int, now: datetime) -> tuple[Asking, ...]:
    """Return who asks this peer now, the one to answer first in front."""
    invited = select(Walk).where(Walk.peer_id == peer_id, Walk.open, Walk.state == State.INVITED)
    walks = read().scalars(invited.order_by(Walk.answer_by, Walk.id).execution_options(populate_existing=True))
    return tuple(asking_of(walk, peer_id, now, by_name=True) for walk in walks)


def asking(walk_id: int, peer_id: int, now: datetime) -> Asking | None:
    """Return one of those who ask this peer now."""
    return next((one for one in asked_of(peer_id, now) if one.walk_id == walk_id), None)


def revealed(walk_id: int, actor_id: int) -> Revealed | None:
    """Return who the other is, from both yeses on and until the ending; None before, after, and for anybody else."""
    view = walk_for(actor_id, walk_id)
    if view is None or view.other_id is None:
        return None
    other = read().get_one(Person, view.other_id)
    own = read().get_one(Person, actor_id)
    member_id, peer_id = (own.id, other.id) if view.role is Actor.MEMBER else (other.id, own.id)
    member, peer = member_value(member_id), peer_values([peer_id])[0]
    profile = read().get_one(PeerProfile, peer_id)
    mine = view.role is Actor.MEMBER
    return Revealed(
        other_id=other.id,
        other_name=other.name,
        own_name=own.name,
        role=view.role,
        reach=other.reach,
        zone=other.zone,
        line=str(profile.about.get("line") or "") if mine else "",
        story=profile.story if mine else "",
        topics=topics_of(member_id, tender_named=True, among={topic.slug for topic in peer.topics}),
        styles=_in_order(peer.styles if mine else member.styles),
        formats=tuple(each for each in Format if each in usable_formats(member, peer)),
    )


def asking_of(walk: Walk, peer_id: int, now: datetime, *, by_name: bool) -> Asking:
    """Return what this peer may read of who asks on a walk; whether they may read it is for the caller to know.

    Unless they alone are asked, `by_name`, no tender topic is in it, not even that there is one: whoever knows few
    topics could tell which it is.
    """
    member, peer = member_value(walk.member_id), peer_values([peer_id])[0]
    about = read().scalar(select(MemberProfile.about).where(MemberProfile.person_id == walk.member_id)) or {}
    times = set(about.get("times") or ())
    openings = common_openings(walk.member_id, [peer_id], now).get(peer_id, Openings())
    shared = topics_of(walk.member_id, tender_named=False, among={topic.slug for topic in peer.topics})
    topics = tuple(topic for topic in shared if by_name or not topic.tender)
    found, names = _found(walk, member, peer, openings, now), {topic.slug: topic.name for topic in topics if topic.name}
    sentences = peer_sentences if by_name else sentences_without_name
    return Asking(
        walk_id=walk.id,
        revision=walk.revision,
        answer_by=walk.answer_by,
        why=() if found is None else sentences(replace(found, at=now, soonest=openings.soonest), names),
        topics=topics,
        styles=_in_order(member.styles),
        formats=tuple(each for each in Format if each in usable_formats(member, peer)),
        languages=tuple(sorted(member.languages & peer.languages)),
        times=tuple(part for part in DayPart if part in times),
        soonest=openings.soonest,
        chosen_together=walk.choose_with_me,
    )


def topics_told(member_id: int) -> tuple[AskedTopic, ...]:
    """Return a member's topics as peers may read them before anybody is asked by name: none that is tender."""
    return tuple(topic for topic in topics_of(member_id, tender_named=False) if not topic.tender)


def _found(walk: Walk, member: Member, peer: Peer, openings: Openings, now: datetime) -> Suggestion | None:
    """Return the suggestion of this peer that was kept; for one who was never suggested, it is worked out now."""
    kept = (row.why for row in suggestions_of(walk.id) if row.peer_id == peer.id and row.closed_at is None)
    if (stored := next(kept, None)) is not None:
        return from_json(stored)
    weights = domain_weights()
    return suggest(member, peer, openings, weights, now) if weights is not None else None


def _in_order(styles: frozenset[Style]) -> tuple[Style, ...]:
    return tuple(style for style in Style if style in styles)
