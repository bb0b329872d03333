"""What coordinators see beside the walks: the peers and their room, who has gone quiet, how many things wait."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.db import read
from portal.domain.account import PeerState
from portal.domain.care import quiet
from portal.domain.matching.capacity import has_room
from portal.domain.matching.filters import READY_FOR
from portal.domain.matching.walk import State
from portal.models import PeerProfile, Person, Seat, SignIn, Walk


@dataclass(frozen=True)
class Peer:
    """One peer: whether they may be asked now, and how much room they have, in half units."""

    person_id: int
    name: str
    state: PeerState
    resting_since: datetime | None
    ready_at: datetime | None
    ready: bool
    free: int
    capacity: int
    walks: int

    @property
    def may_be_asked(self) -> bool:
        """Say whether a new walk could begin with this peer today."""
        approved = self.state is PeerState.APPROVED and self.resting_since is None
        return approved and self.ready and has_room(self.capacity, self.capacity - self.free)


@dataclass(frozen=True)
class Quiet:
    """A member with an open walk who has not been here for two weeks; nobody is at fault."""

    walk_id: int
    name: str
    state: State
    last_sign: datetime


def peers(now: datetime) -> list[Peer]:
    """Return every peer who was approved once, those who may be asked first, then by name."""
    used: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    seats = select(Seat.peer_id, func.sum(Seat.halves), func.count()).group_by(Seat.peer_id)
    for peer_id, halves, walks in read().execute(seats):
        used[peer_id] = (int(halves), walks)
    profiles = read().execute(
        select(PeerProfile, Person.name)
        .join(Person, Person.id == PeerProfile.person_id)
        .where(PeerProfile.state != PeerState.APPLIED)
    )
    found = [_peer(profile, name, *used[profile.person_id], now) for profile, name in profiles]
    return sorted(found, key=lambda peer: (not peer.may_be_asked, peer.name.casefold()))


def gone_quiet(now: datetime) -> list[Quiet]:
    """Return the members with an open walk who have not been here for two weeks, the longest first."""
    seen = select(SignIn.person_id, func.max(SignIn.seen_at).label("at")).group_by(SignIn.person_id).subquery()
    last_sign = func.coalesce(seen.c.at, Walk.asked_at)  # asking was a sign too
    rows = read().execute(
        select(Walk.id, Person.name, Walk.state, last_sign)
        .join(Person, Person.id == Walk.member_id)
        .outerjoin(seen, seen.c.person_id == Walk.member_id)
        .where(Walk.open)
        .order_by(last_sign, Walk.id)
    )
    return [Quiet(*row) for row in rows if quiet(row[3], now)]


def choices_waiting() -> int:
    """Return how many walks wait for a coordinator's yes."""
    return read().scalar(select(func.count()).where(Walk.open, Walk.state == State.CHOSEN)) or 0


def member_of(walk_id: int) -> int | None:
    """Return whose walk it is."""
    return read().scalar(select(Walk.member_id).where(Walk.id == walk_id))


def _peer(profile: PeerProfile, name: str, used: int, walks: int, now: datetime) -> Peer:
    return Peer(
        person_id=profile.person_id,
        name=name,
        state=profile.state,
        resting_since=profile.resting_since,
        ready_at=profile.ready_at,
        ready=profile.ready_at is not None and now - profile.ready_at <= READY_FOR,
        free=max(profile.capacity_halves - used, 0),
        capacity=profile.capacity_halves,
        walks=walks,
    )
