"""Members and peers as the rules of matching take them, read in a fixed number of queries however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypedDict, TypeVar

from sqlalchemy import BindParameter, Executable, Result, bindparam, func, select, union_all

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


# The statements stand ready, so that asking again costs no more than the asking.
IDS: BindParameter[int] = bindparam("ids", expanding=True)
_MEMBERS = select(MemberProfile.person_id, MemberProfile.about).where(MemberProfile.person_id.in_(IDS))
_MEMBER_TOPICS = (
    select(
        MemberTopicRow.person_id,
        Topic.slug,
        TopicGroup.slug,
        MemberTopicRow.rank,
        MemberTopicRow.stage,
        Topic.ahead_only,
        Topic.tender,
    )
    .join(Topic, Topic.id == MemberTopicRow.topic_id)
    .join(TopicGroup, TopicGroup.id == Topic.group_id)
    .where(MemberTopicRow.person_id.in_(IDS))
    .order_by(MemberTopicRow.person_id, MemberTopicRow.rank)
)
_PEERS = (
    select(
        PeerProfile.person_id,
        PeerProfile.about,
        PeerProfile.state,
        PeerProfile.agreed_at,
        PeerProfile.resting_since,
        PeerProfile.ready_at,
        PeerProfile.capacity_halves,
        PeerProfile.last_matched_at,
        PeerProfile.approved_at,
        Person.suspended_at,
    )
    .join(Person, Person.id == PeerProfile.person_id)
    .order_by(PeerProfile.person_id)
)
_AMONG = PeerProfile.person_id.in_(IDS)
_PEER_TOPICS = (
    select(PeerTopicRow.person_id, Topic.slug, TopicGroup.slug, PeerTopicRow.stage, PeerTopicRow.readiness)
    .join(Topic, Topic.id == PeerTopicRow.topic_id)
    .join(TopicGroup, TopicGroup.id == Topic.group_id)
    .where(PeerTopicRow.person_id.in_(IDS))
    .order_by(PeerTopicRow.person_id, Topic.position)
)
_WISHES = (
    select(WishRow.person_id, WishRow.kind, WishRow.strength, WishRow.value)
    .where(WishRow.person_id.in_(IDS))
    .order_by(WishRow.person_id, WishRow.kind)
)
_TRAITS = select(Trait.person_id, Trait.kind, Trait.value).where(
    Trait.person_id.in_(IDS),
    Trait.shown_to.in_(bindparam("counts", expanding=True)),
    Trait.kind.in_(bindparam("kinds", expanding=True)),
)
_APART = select(Apart.person_id, Person.id).join(Person, Person.email == Apart.email).where(Apart.person_id.in_(IDS))
_MEMBERS_APART: Executable = union_all(
    _APART,
    select(Walk.member_id, Walk.peer_id).where(
        Walk.member_id.in_(IDS), Walk.state == State.SOMEONE_ELSE, Walk.peer_id.is_not(None)
    ),
    select(PairMark.member_id, PairMark.peer_id).where(PairMark.member_id.in_(IDS), PairMark.mark == Mark.FORBID),
)
_TOOK_BACK = (
    select(Consent.person_id)
    .where(Consent.purpose == bindparam("purpose", type_=Consent.purpose.type), Consent.person_id.in_(IDS))
    .group_by(Consent.person_id)
    .having(func.count() == func.count(Consent.withdrawn_at))
)
_SUSPENDED = select(Person.id).where(Person.id.in_(IDS), Person.suspended_at.is_not(None))


def member_value(member_id: int) -> Member:
    """Return what a member told; whoever they parted from, and they themselves, count as kept apart."""
    return member_values([member_id])[0]


def member_values(member_ids: Sequence[int]) -> tuple[Member, ...]:
    """Return what several members told, in the order of their ids; whoever told nothing is among them."""
    abouts: dict[int, About] = dict(_of(_MEMBERS, member_ids).all())
    topics = _by_person((row[0], MemberTopic(*row[1:])) for row in _of(_MEMBER_TOPICS, member_ids))
    wishes, traits = wishes_of(member_ids), traits_of(member_ids, COUNTS_OF_MEMBERS)
    apart = _sets(_MEMBERS_APART, member_ids)
    nothing: About = {}
    nobody: frozenset[int] = frozenset()
    return tuple(
        Member(
            id=member_id,
            topics=topics.get(member_id, ()),
            wishes=wishes.get(member_id, ()),
            styles=styles_in(about),
            formats=formats_in(about),
            languages=languages_in(about),
            identity_matters=tuple(WishKind(kind) for kind in about.get("identity_matters") or ()),
            traits=traits.get(member_id, {}),
            **whereabouts(about),
            apart=apart.get(member_id, nobody) | {member_id},
        )
        for member_id, about in ((each, abouts.get(each, nothing)) for each in member_ids)
    )


def peer_values(peer_ids: Collection[int] | None = None) -> tuple[Peer, ...]:
    """Return these peers, or everybody who offers, approved or not, by id; whoever is no peer is missing."""
    rows = read().execute(_PEERS).all() if peer_ids is None else _of(_PEERS.where(_AMONG), peer_ids).all()
    ids = [row.person_id for row in rows]
    topics = _by_person((row[0], PeerTopic(*row[1:])) for row in _of(_PEER_TOPICS, ids))
    traits, wishes = traits_of(ids, COUNTS_OF_PEERS), wishes_of(ids)
    apart, used, away = _sets(_APART, ids), units_used(ids), took_back(Purpose.MATCHING, ids)
    return tuple(
        Peer(
            id=row.person_id,
            topics=topics.get(row.person_id, ()),
            traits=traits.get(row.person_id, {}),
            wishes=wishes.get(row.person_id, ()),
            styles=styles_in(row.about),
            formats=formats_in(row.about),
            languages=languages_in(row.about),
            **whereabouts(row.about),
            apart=apart.get(row.person_id, frozenset()),
            approved=row.state is PeerState.APPROVED and row.suspended_at is None,
            agreed=row.agreed_at is not None,
            resting=row.resting_since is not None or row.person_id in away,
            readiness_confirmed_at=row.ready_at,
            capacity_units=row.capacity_halves,
            units_used=used.get(row.person_id, 0),
            waiting_since=row.last_matched_at or row.approved_at,
        )
        for row in rows
    )


def formats_in(about: About) -> frozenset[Format]:
    """Return the ways to meet in what somebody told."""
    return frozenset(map(Format, about.get("formats") or ()))


def whereabouts(about: About) -> Whereabouts:
    """Return where somebody could meet and how far they would go, for a Member or a Peer."""
    place = about.get("place")
    return {"place": Place(place["lat"], place["lon"]) if place else None, "radius_km": about.get("radius_km")}


def took_back(purpose: Purpose, person_ids: Collection[int]) -> frozenset[int]:
    """Return who of these agreed to something once and does not any more."""
    return frozenset(plain_rows(_TOOK_BACK, {"ids": list(person_ids), "purpose": purpose}).scalars())


def out_of_matching(person_ids: Collection[int]) -> frozenset[int]:
    """Return who of these nobody may be brought together with now: suspended, or their agreement taken back."""
    return took_back(Purpose.MATCHING, person_ids) | frozenset(_of(_SUSPENDED, person_ids).scalars())


def units_used(peer_ids: Collection[int]) -> dict[int, int]:
    """Return how many half units of each peer are taken."""
    statement = select(Seat.peer_id, func.sum(Seat.halves)).where(Seat.peer_id.in_(peer_ids)).group_by(Seat.peer_id)
    return {peer_id: int(halves) for peer_id, halves in read().execute(statement)}


def wishes_of(person_ids: Collection[int]) -> dict[int, tuple[Wish, ...]]:
    """Return what these wish of the other, by person."""
    return _by_person((row[0], Wish(*row[1:])) for row in _of(_WISHES, person_ids))


def traits_of(
    person_ids: Collection[int], counts: Collection[SharedTo], kinds: Collection[WishKind] = tuple(WishKind)
) -> dict[int, dict[WishKind, str]]:
    """Return what these tell of themselves, as far as it is shown to those who count, by person; only some kinds."""
    found: dict[int, dict[WishKind, str]] = defaultdict(dict)
    if kinds:
        facts = {"ids": list(person_ids), "counts": list(counts), "kinds": list(kinds)}
        for person_id, kind, value in plain_rows(_TRAITS, facts):
            found[person_id][kind] = value
    return found


def styles_in(about: About) -> frozenset[Style]:
    """Return the ways to talk in what somebody told."""
    return frozenset(map(Style, about.get("styles") or ()))


def languages_in(about: About) -> frozenset[str]:
    """Return the languages in what somebody told."""
    return frozenset(about.get("languages") or ())


def plain_rows(statement: Executable, facts: Mapping[str, Any]) -> Result[*tuple[Any, ...]]:
    """Return rows of columns without the session's care for objects, which costs as much as reading them."""
    session = read()
    session.flush()
    return session.connection().execute(statement, facts)


def _of(statement: Executable, person_ids: Collection[int]) -> Result[*tuple[Any, ...]]:
    return plain_rows(statement, {"ids": list(person_ids)})


def _sets(pairs: Executable, person_ids: Collection[int]) -> dict[int, frozenset[int]]:
    others_of: dict[int, tuple[int, ...]] = _by_person((one, other) for one, other in _of(pairs, person_ids))
    return {person_id: frozenset(others) for person_id, others in others_of.items()}


def _by_person(rows: Iterable[tuple[int, T]]) -> dict[int, tuple[T, ...]]:
    found: dict[int, list[T]] = defaultdict(list)
    for person_id, each in rows:
        found[person_id].append(each)
    return {person_id: tuple(of_one) for person_id, of_one in found.items()}
