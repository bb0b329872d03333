"""Somebody who asks, peers who fit, a coordinator, and how far a walk has come, for the tests of matching."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.account import PeerState, Role
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import (
    MemberProfile,
    MemberTopic,
    Notice,
    PeerProfile,
    PeerTopic,
    Seat,
    Suggestion,
    Topic,
    Walk,
    WalkStep,
    WeeklyHours,
)
from portal.services import matching
from tests.services.outbox import add_person

LONELINESS = "loneliness"
ALCOHOL = "alcohol"  # tender
DEBT = "debt"
NEVER_TOLD = "I have not told my sister."
STORY = "I walked in the evenings until I knew every dog."


@dataclass(frozen=True)
class Hill:
    """Ana asks; Ben, Cleo and Dov have been there, Ben the nearest; Alice decides."""

    member: int
    peers: tuple[int, int, int]
    coordinator: int


def add_hill(now: datetime) -> Hill:
    """Add them all; nobody has asked yet."""
    member = add_asker(now)
    peers = (
        add_peer(now, "Ben Carter", readiness=Readiness.GLAD),
        add_peer(now, "Cleo", stage=Stage.FINDING, readiness=Readiness.GLAD),
        add_peer(now, "Dov", stage=Stage.FINDING, readiness=Readiness.LISTEN),
    )
    return Hill(member, peers, add_person("Alice", now, Role.COORDINATOR))


def add_asker(now: datetime, name: str = "Ana", topics: Sequence[str] = (LONELINESS, ALCOHOL), **about: object) -> int:
    """Add a member right in the middle of these topics."""
    member_id = add_person(name, now, Role.MEMBER, zone="Europe/Berlin")
    told = {"formats": ["phone", "video"], "languages": ["en"], "styles": ["gentle"], **about}
    ids = _topic_ids()
    with transaction() as session:
        session.add(MemberProfile(person_id=member_id, about=told, own_words=NEVER_TOLD, updated_at=now))
        session.add_all(
            MemberTopic(person_id=member_id, topic_id=ids[slug], rank=rank, stage=Stage.MIDDLE)
            for rank, slug in enumerate(topics, start=1)
        )
    return member_id


def add_peer(
    now: datetime,
    name: str,
    *,
    topics: Sequence[str] = (LONELINESS, ALCOHOL),
    stage: Stage = Stage.FURTHER,
    readiness: Readiness = Readiness.GLAD,
    capacity_halves: int = 6,
) -> int:
    """Add an approved and ready peer, free on weekday mornings in New York."""
    peer_id = add_person(name, now, Role.PEER)
    ids = _topic_ids()
    with transaction() as session:
        session.add(
            PeerProfile(
                person_id=peer_id,
                state=PeerState.APPROVED,
                about={"line": "A walk at six.", "formats": ["phone", "coffee"], "languages": ["en", "es"]},
                story=STORY,
                approved_at=now,
                agreed_at=now,
                ready_at=now,
                capacity_halves=capacity_halves,
                updated_at=now,
            )
        )
        session.add_all(WeeklyHours(peer_id=peer_id, weekday=day, starts=540, ends=720) for day in range(5))
        session.add_all(
            PeerTopic(person_id=peer_id, topic_id=ids[slug], stage=stage, readiness=readiness) for slug in topics
        )
    return peer_id


def asked(hill: Hill, now: datetime) -> int:
    """Ana has asked and has her cards."""
    return matching.ask(hill.member, key="", now=now)


def offering(hill: Hill, now: datetime) -> int:
    """Ana has asked who offers."""
    return matching.ask_who_offers(asked(hill, now), hill.member, revision=None, key="", now=now)


def chosen(hill: Hill, now: datetime, order: Sequence[int] | None = None) -> int:
    """Ana has put them in order: all three, unless told otherwise."""
    walk_id = asked(hill, now)
    return matching.rank(walk_id, hill.member, hill.peers if order is None else order, revision=None, key="", now=now)


def invited(hill: Hill, now: datetime, order: Sequence[int] | None = None) -> int:
    """Alice has approved; the first of the order is asked."""
    return matching.approve(chosen(hill, now, order), hill.coordinator, None, revision=None, key="", now=now)


def both_yes(hill: Hill, now: datetime) -> int:
    """Ben has said yes."""
    return matching.say_yes(invited(hill, now), hill.peers[0], revision=None, key="", now=now)


def walking(hill: Hill, now: datetime) -> int:
    """Ana and Ben have met, and both keep going."""
    walk_id = both_yes(hill, now)
    set_walk(walk_id, state=State.WALKING)
    return walk_id


def walk_row(walk_id: int) -> Walk:
    """Return a walk as it stands in the database."""
    read().rollback()
    return read().get_one(Walk, walk_id, populate_existing=True)


def set_walk(walk_id: int, **values: object) -> None:
    """Change a walk behind the verbs' back, as another subject's verb would."""
    with transaction() as session:
        walk = session.get_one(Walk, walk_id)
        for name, value in values.items():
            setattr(walk, name, value)


def steps_of(walk_id: int) -> list[str]:
    """Return the steps a walk has taken."""
    return [
        str(step)
        for step in read().scalars(select(WalkStep.step).where(WalkStep.walk_id == walk_id).order_by(WalkStep.id))
    ]


def seats() -> list[tuple[int, int, int]]:
    """Return (walk, peer, half units) of all room taken."""
    rows = read().execute(select(Seat.walk_id, Seat.peer_id, Seat.halves).order_by(Seat.walk_id))
    return [(walk_id, peer_id, halves) for walk_id, peer_id, halves in rows]


def ranks(walk_id: int) -> list[tuple[int, int | None]]:
    """Return (peer, rank) of everybody on offer, as suggested."""
    rows = read().execute(
        select(Suggestion.peer_id, Suggestion.rank)
        .where(Suggestion.walk_id == walk_id, Suggestion.closed_at.is_(None))
        .order_by(Suggestion.position)
    )
    return [(peer_id, rank) for peer_id, rank in rows]


def owed(walk_id: int) -> list[tuple[Kind, int | None]]:
    """Return (kind, person) of the letters still owed about a walk, each owed for the walk as it stands."""
    rows = read().scalars(
        select(Notice).where(Notice.about == f"walk-{walk_id}", Notice.state == NoticeState.DUE).order_by(Notice.id)
    )
    revision = read().scalar(select(Walk.revision).where(Walk.id == walk_id))
    return [(notice.kind, notice.person_id) for notice in rows if notice.revision == revision]


def _topic_ids() -> dict[str, int]:
    return dict(read().execute(select(Topic.slug, Topic.id)).all())
