"""What people have told of themselves, read for themselves and for a coordinator."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.db import plain, read
from portal.domain.account import PeerState
from portal.domain.experience import Readiness, SharedTo, Stage, Strength, WishKind
from portal.domain.towns import Town
from portal.models import MemberProfile, MemberTopic, PeerProfile, PeerTopic, Person, Topic, Trait, Wish
from portal.queries.experience.towns import town_of


@dataclass(frozen=True, slots=True)
class TopicTold:
    """A topic somebody named; a member's has a rank, a peer's a readiness."""

    id: int
    name: str
    tender: bool
    stage: Stage
    rank: int | None = None
    readiness: Readiness | None = None


@dataclass(frozen=True, slots=True)
class WishTold:
    """Something wished of the other."""

    kind: WishKind
    strength: Strength
    value: str


@dataclass(frozen=True, slots=True)
class TraitTold:
    """Something told about oneself, and who may see it."""

    kind: WishKind
    value: str
    shown_to: SharedTo


@dataclass(frozen=True, slots=True)
class MemberTold:
    """All that a member has told so far; topics by rank."""

    about: Mapping[str, Any]
    town: Town | None
    topics: tuple[TopicTold, ...]
    wishes: tuple[WishTold, ...]
    traits: tuple[TraitTold, ...]
    own_words: str
    access_needs: str
    step: int
    finished_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PeerTold:
    """All that a peer has told so far; topics in the catalogue's order."""

    about: Mapping[str, Any]
    town: Town | None
    topics: tuple[TopicTold, ...]
    traits: tuple[TraitTold, ...]
    story: str
    state: PeerState
    step: int
    applied_at: datetime | None
    approved_at: datetime | None
    agreed_at: datetime | None
    resting_since: datetime | None
    ready_at: datetime | None
    capacity_halves: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Application:
    """Somebody who would like to be a peer and waits to be approved."""

    person_id: int
    name: str
    zone: str
    applied_at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What a coordinator may read of somebody."""

    person_id: int
    name: str
    zone: str
    member: MemberTold | None
    peer: PeerTold | None


def member_told(person_id: int) -> MemberTold | None:
    """Return what a member has told, for themselves."""
    profile = read().get(MemberProfile, person_id)
    if profile is None:
        return None
    wishes = read().scalars(select(Wish).where(Wish.person_id == person_id))
    return MemberTold(
        about=profile.about,
        town=_town(profile.about),
        topics=_member_topics(person_id),
        wishes=tuple(WishTold(wish.kind, wish.strength, wish.value) for wish in _by_kind(wishes)),
        traits=_traits(person_id),
        own_words=profile.own_words,
        access_needs=profile.access_needs,
        step=profile.step,
        finished_at=profile.finished_at,
        updated_at=profile.updated_at,
    )


def peer_told(person_id: int) -> PeerTold | None:
    """Return what a peer has told, for themselves."""
    profile = read().get(PeerProfile, person_id)
    if profile is None:
        return None
    return PeerTold(
        about=profile.about,
        town=_town(profile.about),
        topics=_peer_topics(person_id),
        traits=_traits(person_id),
        story=profile.story,
        state=profile.state,
        step=profile.step,
        applied_at=profile.applied_at,
        approved_at=profile.approved_at,
        agreed_at=profile.agreed_at,
        resting_since=profile.resting_since,
        ready_at=profile.ready_at,
        capacity_halves=profile.capacity_halves,
        updated_at=profile.updated_at,
    )


def applications() -> list[Application]:
    """Return who waits to be approved as a peer, longest first."""
    rows = read().execute(
        select(Person.id, Person.name, Person.zone, PeerProfile.applied_at)
        .join(PeerProfile, PeerProfile.person_id == Person.id)
        .where(PeerProfile.state == PeerState.APPLIED, PeerProfile.applied_at.is_not(None))
        .order_by(PeerProfile.applied_at, Person.id)
    )
    return [Application(who, name, zone, at) for who, name, zone, at in rows if at is not None]


def applications_open() -> int:
    """Return how many wait to be approved as a peer."""
    return plain().execute(_APPLICATIONS).scalar_one()


def profile_of(person_id: int) -> Profile | None:
    """Return what a coordinator may read of somebody: all but what they show to nobody."""
    person = read().get(Person, person_id)
    if person is None:
        return None
    member, peer = member_told(person_id), peer_told(person_id)
    return Profile(
        person_id=person.id,
        name=person.name,
        zone=person.zone,
        member=None if member is None else replace(member, traits=_for_staff(member.traits)),
        peer=None if peer is None else replace(peer, traits=_for_staff(peer.traits)),
    )


def _member_topics(person_id: int) -> tuple[TopicTold, ...]:
    rows = read().scalars(
        select(MemberTopic)
        .where(MemberTopic.person_id == person_id)
        .options(joinedload(MemberTopic.topic))
        .order_by(MemberTopic.rank)
    )
    return tuple(TopicTold(row.topic_id, row.topic.name, row.topic.tender, row.stage, rank=row.rank) for row in rows)


def _peer_topics(person_id: int) -> tuple[TopicTold, ...]:
    rows = read().scalars(
        select(PeerTopic)
        .join(PeerTopic.topic)
        .where(PeerTopic.person_id == person_id)
        .options(joinedload(PeerTopic.topic))
        .order_by(Topic.position, Topic.id)
    )
    return tuple(
        TopicTold(row.topic_id, row.topic.name, row.topic.tender, row.stage, readiness=row.readiness) for row in rows
    )


def _town(about: Mapping[str, Any]) -> Town | None:
    place = about.get("place")
    return town_of(place["town"]) if place else None


def _traits(person_id: int) -> tuple[TraitTold, ...]:
    rows = read().scalars(select(Trait).where(Trait.person_id == person_id))
    return tuple(TraitTold(row.kind, row.value, row.shown_to) for row in _by_kind(rows))


def _for_staff(traits: tuple[TraitTold, ...]) -> tuple[TraitTold, ...]:
    return tuple(trait for trait in traits if trait.shown_to is not SharedTo.NOBODY)


def _by_kind(rows: Any) -> list[Any]:
    order = list(WishKind)
    return sorted(rows, key=lambda row: order.index(row.kind))


# Stands ready: the board asks each time.
_applied = PeerProfile.__table__.c
_APPLICATIONS = select(func.count()).where(_applied.state == PeerState.APPLIED, _applied.applied_at.is_not(None))
