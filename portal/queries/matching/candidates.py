"""Who could fit a member at all, as far as the database can tell by itself, so that few people have to be read.

The rules stay in domain/matching: only those are left out here whom its filters would hold in any case, and only what
its filters and parts ask of a peer for this one member is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import BindParameter, and_, bindparam, exists, func, or_, select

from portal.db import read
from portal.domain.account import PeerState, Purpose
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.capacity import UNITS, Phase
from portal.domain.matching.ceiling import ceiling
from portal.domain.matching.filters import READY_FOR
from portal.domain.matching.hill import climb, hill_share
from portal.domain.matching.score import Weights, room_share
from portal.domain.matching.values import Member, Peer
from portal.domain.matching.values import PeerTopic as KnownTopic
from portal.models import Apart, Consent, MemberTopic, PeerProfile, PeerTopic, Person, Seat, Topic, TopicGroup
from portal.queries.matching.values import (
    COUNTS_OF_PEERS,
    IDS,
    formats_in,
    languages_in,
    styles_in,
    traits_of,
    whereabouts,
    wishes_of,
)

# The filters ACTIVE and CAPACITY as the database tells them, of peer_profile joined with person.
_USED = func.coalesce(select(func.sum(Seat.halves)).where(Seat.peer_id == PeerProfile.person_id).scalar_subquery(), 0)
_MATCHING = and_(Consent.person_id == PeerProfile.person_id, Consent.purpose == Purpose.MATCHING)
ACTIVE = (
    PeerProfile.state == PeerState.APPROVED,
    PeerProfile.agreed_at.is_not(None),
    PeerProfile.resting_since.is_(None),
    PeerProfile.ready_at >= bindparam("ready_since", type_=PeerProfile.ready_at.type),
    Person.suspended_at.is_(None),
    or_(
        ~exists().where(_MATCHING, Consent.withdrawn_at.is_not(None)),
        exists().where(_MATCHING, Consent.withdrawn_at.is_(None)),
    ),
    PeerProfile.capacity_halves >= _USED + UNITS[Phase.NEW],
)
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
_NEAR_TOPICS = (
    select(
        PeerProfile.person_id,
        PeerProfile.capacity_halves,
        _USED,
        Topic.slug,
        TopicGroup.slug,
        PeerTopic.stage,
        PeerTopic.readiness,
    )
    .join(Person, Person.id == PeerProfile.person_id)
    .join(PeerTopic, PeerTopic.person_id == PeerProfile.person_id)
    .join(Topic, Topic.id == PeerTopic.topic_id)
    .join(TopicGroup, TopicGroup.id == Topic.group_id)
    .where(
        PeerProfile.person_id.in_(_KNOW.where(PeerTopic.readiness != Readiness.NOT_NOW)),
        PeerProfile.person_id.not_in(_KNOW.where(PeerTopic.readiness == Readiness.NOT_NOW)),
        Topic.group_id.in_(_GROUPS),
        PeerProfile.person_id != _ME,
        ~exists().where(Apart.person_id == PeerProfile.person_id, Apart.email == _MY_EMAIL),
        *ACTIVE,
    )
    .order_by(PeerProfile.person_id, Topic.position)
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
    """A peer who shares a topic with a member and has room, and the best score the two could have.

    `topics` are those in the groups of the member's: no others count for the two.
    """

    id: int
    ceiling: float
    topics: Sequence[Known]
    capacity_units: int
    units_used: int


def candidates(member: Member, weights: Weights, now: datetime) -> list[Candidate]:
    """Return all who could fit a member, whoever could be closest first."""
    facts = {"member_id": member.id, **active_at(now)}
    told: dict[tuple[int, int, int], list[Known]] = defaultdict(list)
    for peer_id, capacity, used, slug, group, stage, readiness in read().execute(_NEAR_TOPICS, facts):
        told[peer_id, capacity, used].append((slug, group, stage, readiness))
    named = {topic.slug for topic in member.ranked}
    best = ceiling(member, weights)
    # Many stand alike: which sibling of a topic somebody knows makes no difference, nor do they themselves.
    hills: dict[frozenset[Known], float] = {}
    rooms: dict[tuple[int, int], float] = {}
    found = []
    for (peer_id, capacity, used), topics in told.items():
        alike = frozenset((one[0] if one[0] in named else "", one[1], one[2], one[3]) for one in topics)
        if alike not in hills:
            hills[alike] = hill_share(climb(member, Peer(peer_id, _topics(topics)))) or 0.0
        if (capacity, used) not in rooms:
            rooms[capacity, used] = room_share(Peer(peer_id, capacity_units=capacity, units_used=used))
        found.append(Candidate(peer_id, best(hills[alike], rooms[capacity, used]), topics, capacity, used))
    return sorted(found, key=attrgetter("ceiling"), reverse=True)


def _topics(known: Iterable[Known]) -> tuple[KnownTopic, ...]:
    return tuple(KnownTopic(*each) for each in known)


def knowing_something_close(member_id: int) -> list[int]:
    """Return whoever offers, now or not, and knows a topic in the groups of those a member named."""
    return list(read().scalars(_CLOSE, {"member_id": member_id}))


def active_at(now: datetime) -> dict[str, datetime]:
    """Return what ACTIVE has to be told."""
    return {"ready_since": now - READY_FOR}


def as_peers(some: Sequence[Candidate], member: Member) -> list[Peer]:
    """Return candidates with all that counts for this member; what peers tell of themselves only where it is asked."""
    ids = [one.id for one in some]
    wishes = wishes_of(ids)
    traits = traits_of(ids, COUNTS_OF_PEERS) if member.wishes or member.identity_matters else {}
    told = {row.person_id: row for row in read().execute(_TOLD, {"ids": ids})}
    return [
        Peer(
            id=one.id,
            topics=_topics(one.topics),
            traits=traits.get(one.id, {}),
            wishes=wishes.get(one.id, ()),
            styles=styles_in(row.about),
            formats=formats_in(row.about),
            languages=languages_in(row.about),
            **whereabouts(row.about),
            approved=True,
            agreed=True,
            readiness_confirmed_at=row.ready_at,
            capacity_units=one.capacity_units,
            units_used=one.units_used,
            waiting_since=row.last_matched_at or row.approved_at,
        )
        for one, row in ((one, told[one.id]) for one in some)
    ]
