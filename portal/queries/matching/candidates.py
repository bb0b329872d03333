"""Who could fit a member at all, as far as the database can tell by itself, so that few people have to be read.

The rules stay in domain/matching: only those are left out here whom its filters would hold in any case, and only what
its filters and parts ask of a peer for this one member is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from operator import attrgetter, itemgetter

from sqlalchemy import BindParameter, and_, bindparam, exists, func, or_, select

from portal.db import read
from portal.domain.account import PeerState, Purpose
from portal.domain.experience import Readiness, Stage, WishKind
from portal.domain.matching.capacity import UNITS, Phase
from portal.domain.matching.ceiling import all_wished, ceiling, wished_of
from portal.domain.matching.filters import READY_FOR
from portal.domain.matching.hill import Footing, climb, hill_share
from portal.domain.matching.score import Weights, room_share
from portal.domain.matching.values import Member, Peer, Wish
from portal.domain.matching.values import PeerTopic as KnownTopic
from portal.models import Apart, Consent, MemberTopic, PeerProfile, PeerTopic, Person, Seat, Topic, TopicGroup
from portal.queries.matching.values import (
    COUNTS_OF_PEERS,
    IDS,
    formats_in,
    languages_in,
    plain_rows,
    styles_in,
    traits_of,
    whereabouts,
    wishes_of,
)

# The filters ACTIVE and CAPACITY as the database tells them, of peer_profile joined with person.
_MATCHING = and_(Consent.person_id == PeerProfile.person_id, Consent.purpose == Purpose.MATCHING)
_READY = (
    PeerProfile.state == PeerState.APPROVED,
    PeerProfile.agreed_at.is_not(None),
    PeerProfile.resting_since.is_(None),
    PeerProfile.ready_at >= bindparam("ready_since", type_=PeerProfile.ready_at.type),
    Person.suspended_at.is_(None),
    or_(
        ~exists().where(_MATCHING, Consent.withdrawn_at.is_not(None)),
        exists().where(_MATCHING, Consent.withdrawn_at.is_(None)),
    ),
)
_SEATS = select(func.sum(Seat.halves)).where(Seat.peer_id == PeerProfile.person_id).scalar_subquery()
ACTIVE = (*_READY, PeerProfile.capacity_halves >= func.coalesce(_SEATS, 0) + UNITS[Phase.NEW])
# The filter APART as the peer wants it; TOPIC, but for those who have to be ahead, and the topics "not now" of LIMITS.
_ME: BindParameter[int] = bindparam("member_id")
_MY_EMAIL = select(Person.email).where(Person.id == _ME).correlate(None).scalar_subquery()
_NAMED = select(MemberTopic.topic_id).where(MemberTopic.person_id == _ME)
_KNOW = select(PeerTopic.person_id).where(PeerTopic.topic_id.in_(_NAMED)).correlate(None)
_GROUPS = select(Topic.group_id).where(Topic.id.in_(_NAMED)).correlate(None)
_CLOSE = (
    select(PeerTopic.person_id)
    .distinct()
    .join(Topic, Topic.id == PeerTopic.topic_id)
    .where(Topic.group_id.in_(_GROUPS))
)
_USED = func.coalesce(func.sum(Seat.halves), 0)
_ABLE = (
    select(PeerProfile.person_id, PeerProfile.capacity_halves, _USED.label("used"))
    .join(Person, Person.id == PeerProfile.person_id)
    .outerjoin(Seat, Seat.peer_id == PeerProfile.person_id)
    .where(
        PeerProfile.person_id.in_(_KNOW.where(PeerTopic.readiness != Readiness.NOT_NOW)),
        PeerProfile.person_id.not_in(_KNOW.where(PeerTopic.readiness == Readiness.NOT_NOW)),
        PeerProfile.person_id != _ME,
        ~exists().where(Apart.person_id == PeerProfile.person_id, Apart.email == _MY_EMAIL),
        *_READY,
    )
    .group_by(PeerProfile.person_id)
    .having(PeerProfile.capacity_halves >= _USED + UNITS[Phase.NEW])
    .subquery()
)
_NEAR_TOPICS = (
    select(_ABLE, Topic.slug, TopicGroup.slug, PeerTopic.stage, PeerTopic.readiness)
    .join(PeerTopic, PeerTopic.person_id == _ABLE.c.person_id)
    .join(Topic, Topic.id == PeerTopic.topic_id)
    .join(TopicGroup, TopicGroup.id == Topic.group_id)
    .where(Topic.group_id.in_(_GROUPS))
    .order_by(_ABLE.c.person_id, Topic.position)
)
_TOLD = select(
    PeerProfile.person_id,
    PeerProfile.about,
    PeerProfile.ready_at,
    PeerProfile.last_matched_at,
    PeerProfile.approved_at,
).where(PeerProfile.person_id.in_(IDS))


# A topic's slug and group, and how the peer stands to it.
Known = tuple[str, str, Stage, Readiness]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A peer who shares a topic with a member and has room, with the shares of the hill and of room they would give.

    `topics` are those in the groups of the member's: no others count for the two.
    """

    id: int
    hill: float
    room: float
    topics: Sequence[Known]
    capacity_units: int
    units_used: int


@dataclass(frozen=True, slots=True)
class Closer:
    """A candidate with what they wish, and those traits that the member asked for or told to matter."""

    known: Candidate
    wishes: tuple[Wish, ...]
    traits: Mapping[WishKind, str]


def candidates(member: Member, weights: Weights, now: datetime) -> list[tuple[float, Candidate]]:
    """Return all who could fit a member with the best score the two could have, whoever could be closest first."""
    facts = {"member_id": member.id, **active_at(now)}
    told: dict[tuple[int, int, int], list[Known]] = defaultdict(list)
    for peer_id, capacity, used, slug, group, stage, readiness in plain_rows(_NEAR_TOPICS, facts):
        told[peer_id, capacity, used].append((slug, group, stage, readiness))
    named = {topic.slug for topic in member.ranked}
    best, wished = ceiling(member, weights), all_wished(member)

    # Many stand alike: which sibling of a topic somebody knows makes no difference, nor do they themselves. Whoever
    # would rather not talk of a named topic is not among them, so each topic they know can be looked at by itself.
    @cache
    def footings_of(known: Known) -> tuple[Footing, ...]:
        return climb(member, Peer(0, _topics([known])))

    @cache
    def hill_of(alike: frozenset[Known]) -> float:
        met = zip(*map(footings_of, alike), strict=True)
        return hill_share(tuple(max(of_one, key=attrgetter("share")) for of_one in met)) or 0.0

    @cache
    def room_of(capacity: int, used: int) -> float:
        return room_share(Peer(0, capacity_units=capacity, units_used=used))

    @cache
    def bound(hill: float, room: float) -> float:
        return best(hill, room, wished)

    found = []
    for (peer_id, capacity, used), topics in told.items():
        hill = hill_of(frozenset([(one[0] if one[0] in named else "", one[1], one[2], one[3]) for one in topics]))
        room = room_of(capacity, used)
        found.append((bound(hill, room), Candidate(peer_id, hill, room, topics, capacity, used)))
    return sorted(found, key=itemgetter(0), reverse=True)


def _topics(known: Iterable[Known]) -> tuple[KnownTopic, ...]:
    return tuple(KnownTopic(*each) for each in known)


def knowing_something_close(member_id: int) -> list[int]:
    """Return whoever offers, now or not, and knows a topic in the groups of those a member named."""
    return list(read().scalars(_CLOSE, {"member_id": member_id}))


def active_at(now: datetime) -> dict[str, datetime]:
    """Return what ACTIVE has to be told."""
    return {"ready_since": now - READY_FOR}


def closer(some: Sequence[Candidate], member: Member, weights: Weights) -> Iterator[tuple[float, Closer]]:
    """Give these candidates with their wishes and traits, and the best score that these leave them."""
    ids = [one.id for one in some]
    kinds = {*(wish.kind for wish in member.wishes), *member.identity_matters}
    wishes, traits = wishes_of(ids), traits_of(ids, COUNTS_OF_PEERS, kinds)
    best, of_most = ceiling(member, weights), wished_of(member, {}, ())
    for one in some:
        found = Closer(one, wishes.get(one.id, ()), traits.get(one.id, {}))
        told = found.traits or found.wishes
        wished = wished_of(member, found.traits, found.wishes) if told else of_most
        yield best(one.hill, one.room, wished), found


def as_peers(some: Sequence[Closer]) -> list[Peer]:
    """Return candidates with all that counts for the member they were found for."""
    told = {row.person_id: row for row in plain_rows(_TOLD, {"ids": [one.known.id for one in some]})}
    return [
        Peer(
            id=one.known.id,
            topics=_topics(one.known.topics),
            traits=one.traits,
            wishes=one.wishes,
            styles=styles_in(row.about),
            formats=formats_in(row.about),
            languages=languages_in(row.about),
            **whereabouts(row.about),
            approved=True,
            agreed=True,
            readiness_confirmed_at=row.ready_at,
            capacity_units=one.known.capacity_units,
            units_used=one.known.units_used,
            waiting_since=row.last_matched_at or row.approved_at,
        )
        for one, row in ((one, told[one.known.id]) for one in some)
    ]
