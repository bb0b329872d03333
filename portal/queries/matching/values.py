"""Members and peers as the rules of matching take them, read in a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypedDict, TypeVar

from sqlalchemy import Executable, func, select

from portal.db import read
from portal.domain.account import PeerState, Purpose
from portal.domain.experience import Format, SharedTo, Style, WishKind
from portal.domain.matching.together import Mark
from portal.domain.matching.values import Member, MemberTopic, Peer, PeerTopic, Place, Wish
from portal.domain.matching.walk import State
from portal.models import (
    Apart,
    Consent,
    MemberProfile,
    PairMark,
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
T = TypeVar("T")

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
    return member_values([member_id])[0]


def member_values(member_ids: Sequence[int]) -> tuple[Member, ...]:
    """Return what several members told, in the order of their ids; whoever told nothing is among them."""
    profiles = select(MemberProfile.person_id, MemberProfile.about).where(MemberProfile.person_id.in_(member_ids))
    abouts: dict[int, About] = dict(read().execute(profiles).all())
    topics, wishes, traits = (
        _member_topics(member_ids),
        _wishes_of(member_ids),
        _traits_of(member_ids, COUNTS_OF_MEMBERS),
    )
    apart, parted, forbidden = _apart_of(member_ids), _parted_from(member_ids), _forbidden_to(member_ids)
    nothing: About = {}
    nobody: frozenset[int] = frozenset()
    return tuple(
        Member(
            id=member_id,
            topics=topics.get(member_id, ()),
            wishes=wishes.get(member_id, ()),
            styles=_styles(about),
            formats=formats_in(about),
            languages=_languages(about),
            identity_matters=tuple(WishKind(kind) for kind in about.get("identity_matters") or ()),
            traits=traits.get(member_id, {}),
            **whereabouts(about),
            apart=apart.get(member_id, nobody)
            | parted.get(member_id, nobody)
            | forbidden.get(member_id, nobody)
            | {member_id},
        )
        for member_id, about in ((each, abouts.get(each, nothing)) for each in member_ids)
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


def _member_topics(member_ids: Collection[int]) -> dict[int, tuple[MemberTopic, ...]]:
    named, of = MemberTopicRow, Topic
    rows = read().execute(
        select(named.person_id, of.slug, TopicGroup.slug, named.rank, named.stage, of.ahead_only, of.tender)
        .join(of, of.id == named.topic_id)
        .join(TopicGroup, TopicGroup.id == of.group_id)
        .where(named.person_id.in_(member_ids))
        .order_by(named.person_id, named.rank)
    )
    return _by_person((row[0], MemberTopic(*row[1:])) for row in rows)


def _peer_topics(peer_ids: Collection[int]) -> dict[int, tuple[PeerTopic, ...]]:
    known = PeerTopicRow
    rows = read().execute(
        select(known.person_id, Topic.slug, TopicGroup.slug, known.stage, known.readiness)
        .join(Topic, Topic.id == known.topic_id)
        .join(TopicGroup, TopicGroup.id == Topic.group_id)
        .where(known.person_id.in_(peer_ids))
        .order_by(known.person_id, Topic.position)
    )
    return _by_person((row[0], PeerTopic(*row[1:])) for row in rows)


def _wishes_of(person_ids: Collection[int]) -> dict[int, tuple[Wish, ...]]:
    rows = read().execute(
        select(WishRow.person_id, WishRow.kind, WishRow.strength, WishRow.value)
        .where(WishRow.person_id.in_(person_ids))
        .order_by(WishRow.person_id, WishRow.kind)
    )
    return _by_person((row[0], Wish(*row[1:])) for row in rows)


def _traits_of(person_ids: Collection[int], counts: Collection[SharedTo]) -> dict[int, dict[WishKind, str]]:
    rows = read().execute(
        select(Trait.person_id, Trait.kind, Trait.value).where(
            Trait.person_id.in_(person_ids), Trait.shown_to.in_(counts)
        )
    )
    found: dict[int, dict[WishKind, str]] = defaultdict(dict)
    for person_id, kind, value in rows:
        found[person_id][kind] = value
    return found


def _apart_of(person_ids: Collection[int]) -> dict[int, frozenset[int]]:
    return _sets(
        select(Apart.person_id, Person.id)
        .join(Person, Person.email == Apart.email)
        .where(Apart.person_id.in_(person_ids))
    )


def _parted_from(member_ids: Collection[int]) -> dict[int, frozenset[int]]:
    return _sets(
        select(Walk.member_id, Walk.peer_id).where(
            Walk.member_id.in_(member_ids), Walk.state == State.SOMEONE_ELSE, Walk.peer_id.is_not(None)
        )
    )


def _forbidden_to(member_ids: Collection[int]) -> dict[int, frozenset[int]]:
    return _sets(
        select(PairMark.member_id, PairMark.peer_id).where(
            PairMark.member_id.in_(member_ids), PairMark.mark == Mark.FORBID
        )
    )


def _sets(pairs: Executable) -> dict[int, frozenset[int]]:
    others_of: dict[int, tuple[int, ...]] = _by_person((one, other) for one, other in read().execute(pairs))
    return {person_id: frozenset(others) for person_id, others in others_of.items()}


def _by_person(rows: Iterable[tuple[int, T]]) -> dict[int, tuple[T, ...]]:
    found: dict[int, list[T]] = defaultdict(list)
    for person_id, each in rows:
        found[person_id].append(each)
    return {person_id: tuple(of_one) for person_id, of_one in found.items()}


def _styles(about: About) -> frozenset[Style]:
    return frozenset(Style(style) for style in about.get("styles") or ())


def _languages(about: About) -> frozenset[str]:
    return frozenset(about.get("languages") or ())
