"""One walk for the coordinator's page: everybody suggested and why, who else fits, and all that has happened."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from portal.db import read
from portal.domain.experience import Strength, WishKind
from portal.domain.matching.shortlist import CARDS, HeldBack
from portal.domain.matching.walk import Actor, State, Step, steps_for
from portal.domain.matching.ways_on import WayOn, beside
from portal.models import MemberProfile, PastSuggestion, Person, Reflection, Walk, WalkStep
from portal.models import Wish as WishRow
from portal.queries.matching.board import Waiting, topic_names, waiting, with_people
from portal.queries.matching.fitting import fitting
from portal.queries.matching.helping import what_helps
from portal.queries.matching.topics import AskedTopic, topics_of
from portal.queries.matching.walks import PEOPLES_STEPS, offered
from portal.queries.matching.why import Why, why_before, why_now, why_of
from portal.queries.measures.notes import last_note

OTHERS = 5
# Where too few may fit; once somebody was chosen there is nothing more to look for.
FEW_FIT = frozenset({State.ASKED, State.SHORTLISTED})
CHOICE_OPEN = frozenset({State.ASKED, State.SHORTLISTED, State.CHOSEN, State.HELD})


@dataclass(frozen=True)
class WishTold:
    """Something a member wishes of a peer."""

    kind: WishKind
    strength: Strength
    value: str


@dataclass(frozen=True)
class Happened:
    """One step of a walk; `by` is empty where the portal took it by itself."""

    at: datetime
    step: Step
    became: State
    by: str
    peer: str
    reason: str


@dataclass(frozen=True)
class Reflected:
    """What one of the two told the portal after the first chat."""

    name: str
    answer: Step
    words: str
    at: datetime


@dataclass(frozen=True)
class Choice:
    """What a coordinator weighs; suggestions[0] is whom approving asks."""

    waiting: Waiting
    suggestions: tuple[Why, ...]
    past: tuple[Why, ...]
    others: tuple[Why, ...]
    held_back: HeldBack | None
    # Ways on where hardly anybody fits.
    ways: tuple[WayOn, ...]
    topics: tuple[AskedTopic, ...]
    own_words: str
    wishes: tuple[WishTold, ...]
    steps: tuple[Step, ...]
    history: tuple[Happened, ...]
    reflections: tuple[Reflected, ...]


def choice(walk_id: int, now: datetime) -> Choice | None:
    """Return everything about one walk's choice; who else fits is worked out now, while there is still a choice."""
    walk = read().scalar(with_people(select(Walk).where(Walk.id == walk_id)))
    if walk is None:
        return None
    names, on_offer = topic_names(), offered(walk)
    choosing = walk.state in CHOICE_OPEN
    helps = what_helps(walk.member_id, now) if walk.state in FEW_FIT and len(on_offer) < CARDS else None
    return Choice(
        waiting=waiting(walk, names, last_note(walk.id), now),
        suggestions=tuple(why_of(one, names) for one in on_offer),
        past=_past(walk, names),
        others=_others(walk, names, now) if choosing else (),
        held_back=helps.held_back if helps is not None else None,
        ways=beside(helps.ways, helps.held_back, somebody=bool(on_offer)) if helps is not None else (),
        topics=topics_of(walk.member_id, tender_named=True),
        own_words=read().scalar(select(MemberProfile.own_words).where(MemberProfile.person_id == walk.member_id)) or "",
        wishes=_wishes(walk.member_id),
        steps=tuple(step for step in steps_for(Actor.COORDINATOR, walk.state) if step in PEOPLES_STEPS),
        history=history(walk_id),
        reflections=_reflections(walk_id),
    )


def history(walk_id: int) -> tuple[Happened, ...]:
    """Return every step of a walk, the first one in front; for coordinators only."""
    by, peer = aliased(Person), aliased(Person)
    rows = read().execute(
        select(WalkStep, by.name, peer.name)
        .outerjoin(by, by.id == WalkStep.actor_id)
        .outerjoin(peer, peer.id == WalkStep.peer_id)
        .where(WalkStep.walk_id == walk_id)
        .order_by(WalkStep.id)
    )
    return tuple(
        Happened(step.at, step.step, step.became, by_name or "", peer_name or "", step.reason)
        for step, by_name, peer_name in rows
    )


def _past(walk: Walk, names: dict[str, str]) -> tuple[Why, ...]:
    """Whoever was suggested and is no longer, and how those on offer were suggested before: the newest first."""
    before = select(PastSuggestion).where(PastSuggestion.walk_id == walk.id).options(joinedload(PastSuggestion.peer))
    closed = [why_of(one, names) for one in walk.suggestions if one.closed_at is not None]
    past = [*closed, *(why_before(row, names) for row in read().scalars(before))]
    return tuple(sorted(past, key=lambda why: (why.made_at, -why.position), reverse=True))


def _others(walk: Walk, names: dict[str, str], now: datetime) -> tuple[Why, ...]:
    known = {one.peer_id for one in walk.suggestions}
    found = fitting(walk.member_id, now, without=known, count=OTHERS)
    named = select(Person.id, Person.name).where(Person.id.in_([one.peer_id for one in found]))
    people = dict(read().execute(named).all())
    return tuple(why_now(one, people[one.peer_id], names, place) for place, one in enumerate(found, start=1))


def _reflections(walk_id: int) -> tuple[Reflected, ...]:
    rows = read().execute(
        select(Reflection, Person.name)
        .join(Person, Person.id == Reflection.person_id)
        .where(Reflection.walk_id == walk_id)
        .order_by(Reflection.at, Reflection.id)
    )
    return tuple(Reflected(name, Step(kept.answer), kept.words, kept.at) for kept, name in rows)


def _wishes(member_id: int) -> tuple[WishTold, ...]:
    wishes = read().scalars(select(WishRow).where(WishRow.person_id == member_id).order_by(WishRow.kind))
    return tuple(WishTold(wish.kind, wish.strength, wish.value) for wish in wishes)
