"""The measures of some weeks: counted here, told by the rules of domain/matching/measures."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.db import read
from portal.domain.account import PeerState, Purpose
from portal.domain.booking import BookingState
from portal.domain.matching.filters import READY_FOR
from portal.domain.matching.kept import Account
from portal.domain.matching.measures import (
    SECOND_WITHIN,
    SPAN,
    Count,
    Met,
    Middle,
    Share,
    Spread,
    count,
    loads,
    over_a_week,
    second_chats,
    share,
    to_first_chat,
    waits,
)
from portal.domain.matching.promises import WAITING
from portal.domain.matching.walk import State, Step
from portal.models import Booking, Consent, PeerProfile, Person, Seat, Walk, WalkStep
from portal.queries.measures.courses import promises_kept

# Whoever is suspended, or has taken their agreement back, neither waits nor has room just now.
_TOOK_BACK = (
    select(Consent.person_id)
    .where(Consent.purpose == Purpose.MATCHING)
    .group_by(Consent.person_id)
    .having(func.count() == func.count(Consent.withdrawn_at))
)
_TAKING_PART = (Person.suspended_at.is_(None), Person.id.not_in(_TOOK_BACK))


@dataclass(frozen=True)
class Measures:
    """What the last 90 days were like; who waits, and the peers' room, are of now."""

    since: datetime
    to_first: Middle
    second: Share
    waiting: Spread
    over_a_week: Count
    loads: Spread
    resting: Count
    unready: Count
    rematches: Share
    promises: tuple[Account, ...]


@dataclass(frozen=True)
class _Peers:
    """The (used, capacity) of each peer who may be asked, in half units; how many rest, and how many said nothing."""

    rooms: list[tuple[int, int]]
    resting: int
    unready: int


def measures(now: datetime) -> Measures:
    """Return the measures of the last 90 days, in a fixed number of questions."""
    since = now - SPAN
    walks = _met(since - SECOND_WITHIN)
    waited = [now - asked_at for asked_at in _waiting()]
    peers = _peers(now)
    return Measures(
        since=since,
        to_first=to_first_chat(walks, since, now),
        second=second_chats(walks, since, now),
        waiting=waits(waited),
        over_a_week=over_a_week(waited),
        loads=loads(peers.rooms),
        resting=count(peers.resting),
        unready=count(peers.unready),
        rematches=_rematches(since, now),
        promises=promises_kept(since, now),
    )


def _met(since: datetime) -> list[Met]:
    """The walks whose first chat was since then, with all their chats that happened."""
    first = (
        select(Booking.walk_id)
        .where(Booking.state == BookingState.HAPPENED)
        .group_by(Booking.walk_id)
        .having(func.min(Booking.starts_at) >= since)
    )
    rows = read().execute(
        select(Walk.id, Walk.asked_at, Booking.starts_at)
        .join(Booking, Booking.walk_id == Walk.id)
        .where(Booking.state == BookingState.HAPPENED, Walk.id.in_(first))
        .order_by(Booking.starts_at)
    )
    chats: dict[tuple[int, datetime], list[datetime]] = defaultdict(list)
    for walk_id, asked_at, starts_at in rows:
        chats[walk_id, asked_at].append(starts_at)
    return [Met(asked_at, tuple(starts)) for (_, asked_at), starts in chats.items()]


def _waiting() -> list[datetime]:
    """When those asked who wait and for whom somebody is looked for."""
    asked = select(Walk.asked_at).join(Person, Person.id == Walk.member_id).where(Walk.open, Walk.state.in_(WAITING))
    return list(read().scalars(asked.where(*_TAKING_PART)))


def _peers(now: datetime) -> _Peers:
    used = select(Seat.peer_id, func.sum(Seat.halves).label("halves")).group_by(Seat.peer_id).subquery()
    rows = read().execute(
        select(
            PeerProfile.resting_since,
            PeerProfile.ready_at,
            func.coalesce(used.c.halves, 0),
            PeerProfile.capacity_halves,
        )
        .join(Person, Person.id == PeerProfile.person_id)
        .outerjoin(used, used.c.peer_id == PeerProfile.person_id)
        .where(PeerProfile.state == PeerState.APPROVED, *_TAKING_PART)
    )
    rooms: list[tuple[int, int]] = []
    resting = unready = 0
    for resting_since, ready_at, halves, capacity in rows:
        if resting_since is not None:
            resting += 1
        elif ready_at is None or ready_at < now - READY_FOR:
            unready += 1
        else:
            rooms.append((int(halves), capacity))
    return _Peers(rooms, resting, unready)


def _rematches(since: datetime, now: datetime) -> Share:
    """Of the walks to which both said yes since then: how many have ended for somebody else."""
    begun = select(WalkStep.walk_id).where(WalkStep.step == Step.YES, WalkStep.at >= since, WalkStep.at < now)
    rows = read().execute(select(Walk.state, func.count()).where(Walk.id.in_(begun)).group_by(Walk.state))
    by_state: dict[State, int] = dict(rows.all())
    return share(by_state.get(State.SOMEONE_ELSE, 0), sum(by_state.values()))
