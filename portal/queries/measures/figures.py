"""The measures of some weeks: counted here, told by the rules of domain/matching/measures."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal.db import read
from portal.domain.account import PeerState
from portal.domain.booking import BookingState
from portal.domain.matching.kept import Account
from portal.domain.matching.measures import (
    SECOND_WITHIN,
    Count,
    Met,
    Middle,
    Share,
    Spread,
    count,
    loads,
    second_chats,
    share,
    to_first_chat,
    waits,
)
from portal.domain.matching.promises import WAITING
from portal.domain.matching.walk import State, Step
from portal.models import Booking, PeerProfile, Seat, Walk, WalkStep
from portal.queries.measures.courses import promises_kept


@dataclass(frozen=True)
class Measures:
    """What the last days were like; who waits, and the peers' room, are of now."""

    since: datetime
    to_first: Middle
    second: Share
    waiting: Spread
    loads: Spread
    resting: Count
    rematches: Share
    promises: tuple[Account, ...]


def measures(days: int, now: datetime) -> Measures:
    """Return the measures of the last `days`, in a fixed number of questions."""
    since = now - timedelta(days=days)
    walks = _met(since - SECOND_WITHIN)
    rooms, resting = _rooms()
    return Measures(
        since=since,
        to_first=to_first_chat(walks, since, now),
        second=second_chats(walks, since, now),
        waiting=waits(now - asked_at for asked_at in _waiting()),
        loads=loads(rooms),
        resting=count(resting),
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
    return list(read().scalars(select(Walk.asked_at).where(Walk.open, Walk.state.in_(WAITING))))


def _rooms() -> tuple[list[tuple[int, int]], int]:
    """The (used, capacity) of each peer who may be asked, in half units, and how many rest."""
    used = select(Seat.peer_id, func.sum(Seat.halves).label("halves")).group_by(Seat.peer_id).subquery()
    rows = (
        read()
        .execute(
            select(PeerProfile.resting_since, func.coalesce(used.c.halves, 0), PeerProfile.capacity_halves)
            .outerjoin(used, used.c.peer_id == PeerProfile.person_id)
            .where(PeerProfile.state == PeerState.APPROVED)
        )
        .all()
    )
    awake = [(int(halves), capacity) for resting_since, halves, capacity in rows if resting_since is None]
    return awake, len(rows) - len(awake)


def _rematches(since: datetime, now: datetime) -> Share:
    """Of the walks to which both said yes since then: how many have ended for somebody else."""
    begun = select(WalkStep.walk_id).where(WalkStep.step == Step.YES, WalkStep.at >= since, WalkStep.at < now)
    rows = read().execute(select(Walk.state, func.count()).where(Walk.id.in_(begun)).group_by(Walk.state))
    by_state: dict[State, int] = dict(rows.all())
    return share(by_state.get(State.SOMEONE_ELSE, 0), sum(by_state.values()))
