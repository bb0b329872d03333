"""The peers as coordinators see them: their room and what fills it, whether they may be asked, how they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, SQLColumnExpression, select, true
from sqlalchemy.orm import aliased

from portal.db import read
from portal.domain.account import PeerState
from portal.domain.booking import Felt
from portal.domain.matching.capacity import UNITS, Phase, has_room
from portal.domain.matching.filters import READY_FOR
from portal.domain.matching.walk import TOGETHER
from portal.domain.matching.wellbeing import LATELY, Strain, strains
from portal.models import Booking, ChatFelt, LooksAfter, PeerProfile, Person, Seat, TalkWish, Walk
from portal.queries.care.talks import Talk

T = TypeVar("T")
PHASES = {halves: phase for phase, halves in UNITS.items()}


@dataclass(frozen=True)
class Held:
    """The room one walk takes, in half units, and whether both have said yes to it."""

    halves: int
    together: bool


@dataclass(frozen=True)
class Peer:
    """One peer: whether they may be asked now, what fills their room (in half units), how they are, who looks after
    them."""

    person_id: int
    name: str
    state: PeerState
    resting_since: datetime | None
    ready_at: datetime | None
    ready: bool
    capacity: int
    held: tuple[Held, ...]
    felt: tuple[Felt, ...]
    talk: Talk | None
    coordinator_id: int | None
    coordinator_name: str

    @property
    def used(self) -> int:
        """Return the room that is taken; more than there is, where it was made smaller meanwhile."""
        return sum(one.halves for one in self.held)

    @property
    def free(self) -> int:
        """Return the room that is left."""
        return max(self.capacity - self.used, 0)

    @property
    def walks(self) -> int:
        """Return how many take room, those who are only asked among them."""
        return len(self.held)

    @property
    def may_be_asked(self) -> bool:
        """Say whether a new walk could begin with this peer today."""
        approved = self.state is PeerState.APPROVED and self.resting_since is None
        return approved and self.ready and has_room(self.capacity, self.used)

    @property
    def strains(self) -> tuple[Strain, ...]:
        """Return why a kind word would be good."""
        carried = [one.halves for one in self.held if one.together]
        resting = self.resting_since is not None
        return strains(self.capacity, sum(carried), len(carried), self.felt, resting=resting)

    def in_phase(self, phase: Phase) -> int:
        """Return how many of the walks stand in this phase."""
        return sum(1 for one in self.held if one.together and PHASES.get(one.halves) is phase)

    @property
    def questions(self) -> int:
        """Return how many questions wait for this peer's answer."""
        return sum(1 for one in self.held if not one.together)


def peers(now: datetime, reader_id: int, among: Collection[int] | None = None) -> list[Peer]:
    """Return every peer who was approved once, or these by id: who would like a talk first, then who a kind word would
    be good for, then who may be asked, then by name.

    How chats were for a peer is there for who looks after them alone, from the words said since; nothing else counts.
    """
    held, felt, talks = _held(among), _felt(now, reader_id, among), _talks()
    coordinator = aliased(Person)
    profile = PeerProfile  # by its columns: what somebody told need not be opened for this
    rows = read().execute(
        select(
            profile.person_id,
            Person.name,
            profile.state,
            profile.resting_since,
            profile.ready_at,
            profile.capacity_halves,
            coordinator.id,
            coordinator.name,
        )
        .join(Person, Person.id == profile.person_id)
        .outerjoin(LooksAfter, LooksAfter.peer_id == profile.person_id)
        .outerjoin(coordinator, coordinator.id == LooksAfter.coordinator_id)
        .where(profile.state != PeerState.APPLIED, _one_of(profile.person_id, among))
    )
    found = [
        Peer(
            person_id=person_id,
            name=name,
            state=state,
            resting_since=resting_since,
            ready_at=ready_at,
            ready=ready_at is not None and now - ready_at <= READY_FOR,
            capacity=capacity,
            held=tuple(held[person_id]),
            felt=tuple(felt[person_id]),
            talk=talks.get(person_id),
            coordinator_id=coordinator_id,
            coordinator_name=coordinator_name or "",
        )
        for person_id, name, state, resting_since, ready_at, capacity, coordinator_id, coordinator_name in rows
    ]
    return sorted(found, key=_kind_word_first)


def _kind_word_first(peer: Peer) -> tuple[bool, str, int, bool, str]:
    order = list(Strain)
    strain = min((order.index(each) for each in peer.strains), default=len(order))
    asked_at = peer.talk.at.isoformat() if peer.talk is not None else ""
    return (peer.talk is None, asked_at, strain, not peer.may_be_asked, peer.name.casefold())


def _one_of(person_id: SQLColumnExpression[int], among: Collection[int] | None) -> ColumnElement[bool]:
    return true() if among is None else person_id.in_(among)


def _held(among: Collection[int] | None) -> dict[int, list[Held]]:
    seats = select(Seat.peer_id, Seat.halves, Walk.state).join(Walk, Walk.id == Seat.walk_id)
    rows = read().execute(seats.where(_one_of(Seat.peer_id, among)))
    return _grouped((peer_id, Held(halves, state in TOGETHER)) for peer_id, halves, state in rows)


def _felt(now: datetime, reader_id: int, among: Collection[int] | None) -> dict[int, list[Felt]]:
    rows = read().execute(
        select(ChatFelt.person_id, ChatFelt.felt)
        .join(Booking, Booking.id == ChatFelt.booking_id)
        .join(LooksAfter, LooksAfter.peer_id == ChatFelt.person_id)
        .where(LooksAfter.coordinator_id == reader_id, ChatFelt.at >= LooksAfter.since)
        .where(Booking.starts_at > now - LATELY, _one_of(ChatFelt.person_id, among))
        .order_by(Booking.starts_at.desc(), Booking.id.desc())
    )
    return _grouped((peer_id, felt) for peer_id, felt in rows)


def _talks() -> dict[int, Talk]:
    rows = read().scalars(select(TalkWish).where(TalkWish.settled_at.is_(None)).order_by(TalkWish.id))
    return {wish.person_id: Talk(wish.id, wish.at) for wish in rows}


def _grouped(rows: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for peer_id, one in rows:
        found[peer_id].append(one)
    return found
