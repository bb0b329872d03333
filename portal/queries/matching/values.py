"""Members and peers as the rules of matching take them, read in a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, TypedDict

from sqlalchemy import func, select

from portal.db import read
from portal.domain.account import PeerState, Purpose
from portal.domain.experience import Format, SharedTo, Style, WishKind
from portal.domain.matching.values import Member, MemberTopic, Peer, PeerTopic, Place, Wish
from portal.domain.matching.walk import State
from portal.models import (
    Apart,
    Consent,
    MemberProfile,
    PeerProfile,
    Person,
    Seat,
    Topic,
    TopicGroup,
    Trait,
    Walk,
)
from portal.models import MemberTopic as MemberTopicRow
from portal.models import PeerTopic as PeerTopicRow
from portal.models import Wish as WishRow

About = Mapping[str, Any]

# A member who wishes for something learns from each fit that the peer has it: what is for a coordinator alone is left
# out. What a member told a coordinator only moves the order of peers, which tells nobody.
COUNTS_OF_PEERS = (SharedTo.PEER,)
COUNTS_OF_MEMBERS = (SharedTo.COORDINATOR, SharedTo.PEER)


class Whereabouts(TypedDict):
    """What Member and Peer call the place in what was told."""

    place: Place | None
    radius_km: float | None


def member_value(member_id: int) -> Member:
    """Return what a member told; whoever they parted from, and they themselves, count as kept apart."""
    about: About = read().scalar(select(MemberProfile.about).where(MemberProfile.person_id == member_id)) or {}
    return Member(
        id=member_id,
        topics=_member_topics(member_id),
        wishes=_wishes_of([member_id]).get(member_id, ()),
        styles=_styles(about),
        formats=formats_in(about),
        languages=_languages(about),
        identity_matters=tuple(WishKind(kind) for kind in about.get("identity_matters") or ()),
        traits=_traits_of([member_id], COUNTS_OF_MEMBERS).get(member_id, {}),
        **whereabouts(about),
        apart=_apart_of([member_id]).get(member_id, frozenset()) | _parted_from(member_id) | {member_id},
    )


def peer_values(peer_ids: Collection[int] | None = None) -> tuple[Peer, ...]:
    """Return these peers, or everybody who offers, approved or not, by id; whoever is no peer is missing."""
    statement = select(PeerProfile, Person.suspended_at).join(Person, Person.id == PeerProfile.person_id)
    if peer_ids is not None:
        statement = statement.where(PeerProfile.person_id.in_(peer_ids))
    statement = statement.order_by(PeerProfile.person_id).execution_options(populate_existing=True)
    rows = read().execute(statement).all()
    ids = [profile.person_id for profile, _ in rows]
    topics, traits, wishes = _peer_topics(ids), _traits_of(ids, COUNTS_OF_PEERS), _wishes_of(ids)
    apart, used, away = _apart_of(ids), units_used(ids), took_back(Purpose.MATCHING, ids)
    return tuple(
        Peer(
            id=profile.person_id,
            topics=topics.get(profile.person_id, ()),
            traits=traits.get(profile.person_id, {}),
            wishes=wishes.get(profile.person_id, ()),
            styles=_styles(profile.about),
            formats=formats_in(profile.about),
            languages=_languages(profile.about),
            **whereabouts(profile.about),
            apart=apart.get(profile.person_id, frozenset()),
            approved=profile.state is PeerState.APPROVED and suspended_at is None,
            agreed=profile.agreed_at is not None,
            resting=profile.resting_since is not None or profile.person_id in away,
            readiness_confirmed_at=profile.ready_at,
            capacity_units=profile.capacity_halves,
            units_used=used.get(profile.person_id, 0),
            waiting_since=profile.last_matched_at or profile.approved_at,
        )
        for profile, suspended_at in rows
    )


def formats_in(about: About) -> frozenset[Format]:
    """Return the ways to meet in what somebody told."""
    return frozenset(Format(each) for each in about.get("formats") or ())


def whereabouts(about: About) -> Whereabouts:
    """Return where somebody could meet and how far they would go, for a Member or a Peer."""
    place = about.get("place")
    return {"place": Place(place["lat"], place["lon"]) if place else None, "radius_km": about.get("radius_km")}


def took_back(purpose: Purpose, person_ids: Collection[int]) -> frozenset[int]:
    """Return who of these agreed to something once and does not any more."""
    statement = (
        select(Consent.person_id)
        .where(Consent.purpose == purpose, Consent.person_id.in_(person_ids))
        .group_by(Consent.person_id)
        .having(func.count() == func.count(Consent.withdrawn_at))
    )
    return frozenset(read().scalars(statement))


def out_of_matching(person_ids: Collection[int]) -> frozenset[int]:
    """Return who of these nobody may be brought together with now: suspended, or their agreement taken back."""
    suspended = select(Person.id).where(Person.id.in_(person_ids), Person.suspended_at.is_not(None))
    return took_back(Purpose.MATCHING, person_ids) | frozenset(read().scalars(suspended))


def units_used(peer_ids: Collection[int]) -> dict[int, int]:
    """Return how many half units of each peer are taken."""
    statement = select(Seat.peer_id, func.sum(Seat.halves)).where(Seat.peer_id.in_(peer_ids)).group_by(Seat.peer_id)
    return {peer_id: int(halves) for peer_id, halves in read().execute(statement)}


def _member_topics(member_id: int) -> tuple[MemberTopic, ...]:
    rows = read().execute(
        select(MemberTopicRow, Topic, TopicGroup.slug)
        .join(Topic, Topic.id == MemberTopicRow.topic_id)
        .join(TopicGroup, TopicGroup.id == Topic.group_id)
        .where(MemberTopicRow.person_id == member_id)
        .order_by(MemberTopicRow.rank)
    )
    return tuple(
        MemberTopic(topic.slug, group, named.rank, named.stage, topic.ahead_only, topic.tender)
        for named, topic, group in rows
    )


def _peer_topics(peer_ids: Collection[int]) -> dict[int, tuple[PeerTopic, ...]]:
    rows = read().execute(
        select(PeerTopicRow, Topic.slug, TopicGroup.slug)
        .join(Topic, Topic.id == PeerTopicRow.topic_id)
        .join(TopicGroup, TopicGroup.id == Topic.group_id)
        .where(PeerTopicRow.person_id.in_(peer_ids))
        .order_by(PeerTopicRow.person_id, Topic.position)
    )
    found: dict[int, list[PeerTopic]] = defaultdict(list)
    for known, slug, group in rows:
        found[known.person_id].append(PeerTopic(slug, group, known.stage, known.readiness))
    return {peer_id: tuple(topics) for peer_id, topics in found.items()}


def _wishes_of(person_ids: Collection[int]) -> dict[int, tuple[Wish, ...]]:
    statement = select(WishRow).where(WishRow.person_id.in_(person_ids)).order_by(WishRow.person_id, WishRow.kind)
    found: dict[int, list[Wish]] = defaultdict(list)
    for wish in read().scalars(statement):
        found[wish.person_id].append(Wish(wish.kind, wish.strength, wish.value))
    return {person_id: tuple(wishes) for person_id, wishes in found.items()}


def _traits_of(person_ids: Collection[int], counts: Collection[SharedTo]) -> dict[int, dict[WishKind, str]]:
    statement = select(Trait).where(Trait.person_id.in_(person_ids), Trait.shown_to.in_(counts))
    found: dict[int, dict[WishKind, str]] = defaultdict(dict)
    for trait in read().scalars(statement):
        found[trait.person_id][trait.kind] = trait.value
    return found


def _apart_of(person_ids: Collection[int]) -> dict[int, frozenset[int]]:
    rows = read().execute(
        select(Apart.person_id, Person.id)
        .join(Person, Person.email == Apart.email)
        .where(Apart.person_id.in_(person_ids))
    )
    found: dict[int, set[int]] = defaultdict(set)
    for person_id, other_id in rows:
        found[person_id].add(other_id)
    return {person_id: frozenset(others) for person_id, others in found.items()}


def _parted_from(member_id: int) -> frozenset[int]:
    parted = select(Walk.peer_id).where(Walk.member_id == member_id, Walk.state == State.SOMEONE_ELSE)
    return frozenset(peer_id for peer_id in read().scalars(parted) if peer_id is not None)


def _styles(about: About) -> frozenset[Style]:
    return frozenset(Style(style) for style in about.get("styles") or ())


def _languages(about: About) -> frozenset[str]:
    return frozenset(about.get("languages") or ())
