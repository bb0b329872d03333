"""What the clock and the coordinators' board look for: check-ins that are due, silence, what is kept no longer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from portal.db import read
from portal.domain.booking import HAS_BEEN, BookingState
from portal.domain.checkin import ON_THE_WAY, SILENCE_DAYS, CheckInState, is_silent, on_the_board
from portal.domain.checkin.silence import BOARD_LATER, CHAT_NEAR
from portal.domain.matching.walk import FINAL
from portal.models import Booking, CheckIn, Person, Thread, ThreadLine, Walk

SENT_AT_ONCE = 100
FORGOTTEN_AT_ONCE = 100
SHOWN_ON_THE_BOARD = 10


@dataclass(frozen=True)
class Silent:
    """A member of whom their peer has heard nothing for as long as they said, and when the last sign was."""

    walk_id: int
    member_name: str
    peer_name: str
    last_sign: datetime


def due_ids(now: datetime, after: int) -> list[int]:
    """Return the check-ins that are due, the ids after `after`, at most SENT_AT_ONCE."""
    due = select(CheckIn.id).where(
        CheckIn.state.in_([CheckInState.GOING, CheckInState.HELD]), CheckIn.next_at <= now, CheckIn.id > after
    )
    return list(read().scalars(due.order_by(CheckIn.id).limit(SENT_AT_ONCE)))


def silent_walks(peer_id: int, now: datetime) -> list[int]:
    """Return the walks of a peer on whose check-in nothing was heard for as long as the member said."""
    rows = read().execute(_quiet(now, timedelta(0)).where(Walk.peer_id == peer_id)).all()
    return [row.id for row in rows if is_silent(row.silence_days, _sign(row), now)]


def silent_on_the_board(now: datetime) -> list[Silent]:
    """Return whom a coordinator may think of: some days after the peer's page said so, the longest first."""
    rows = read().execute(_quiet(now, BOARD_LATER)).all()
    found = [
        Silent(row.id, row.member_name, row.peer_name, _sign(row))
        for row in rows
        if on_the_board(row.silence_days, _sign(row), now)
    ]
    return sorted(found, key=lambda one: (one.last_sign, one.walk_id))[:SHOWN_ON_THE_BOARD]


def old_threads(before: datetime, after: int) -> list[int]:
    """Return the walks that ended before this and whose thread is still kept, the ids after `after`."""
    old = (
        select(Thread.walk_id)
        .join(Walk, Walk.id == Thread.walk_id)
        .where(Walk.state.in_(FINAL), Walk.since <= before, Thread.walk_id > after)
    )
    return list(read().scalars(old.order_by(Thread.walk_id).limit(FORGOTTEN_AT_ONCE)))


_member, _peer = aliased(Person), aliased(Person)
_WROTE = (
    select(func.max(ThreadLine.written_at))
    .where(ThreadLine.walk_id == Walk.id, ThreadLine.writer_id == Walk.member_id)
    .correlate(Walk)
    .scalar_subquery()
)
_MET = (
    select(func.max(Booking.ends_at))
    .where(Booking.walk_id == Walk.id, Booking.state.in_(HAS_BEEN))
    .correlate(Walk)
    .scalar_subquery()
)


def _quiet(now: datetime, later: timedelta) -> Select[*tuple[Any, ...]]:
    """The check-ins that go on and may have been silent for long enough; each is weighed by its own days afterwards."""
    since = now - timedelta(days=min(SILENCE_DAYS)) - later
    return (
        select(
            Walk.id,
            _member.name.label("member_name"),
            _peer.name.label("peer_name"),
            CheckIn.silence_days,
            CheckIn.changed_at,
            Walk.since,
            _WROTE.label("wrote"),
            _MET.label("met"),
        )
        .join(CheckIn, CheckIn.walk_id == Walk.id)
        .join(Thread, Thread.walk_id == Walk.id)
        .join(_member, _member.id == Walk.member_id)
        .join(_peer, _peer.id == Walk.peer_id)
        .where(
            Walk.open,
            Walk.state.in_(ON_THE_WAY),
            Thread.ended_at.is_(None),
            CheckIn.state == CheckInState.GOING,
            CheckIn.silence_days.is_not(None),
            CheckIn.created_at <= since,
            Walk.since <= since,
            func.coalesce(_WROTE, CheckIn.created_at) <= since,
            ~_chat_near(now),
        )
        .order_by(Walk.id)
    )


def _sign(row: Row[Any]) -> datetime:
    """Return when a member last gave a sign: a line, a chat, the check-in they set, a step of the walk."""
    signs: list[datetime] = [at for at in (row.changed_at, row.since, row.wrote, row.met) if at is not None]
    return max(signs)


def _chat_near(now: datetime) -> ColumnElement[bool]:
    set_ = and_(Booking.state == BookingState.BOOKED, Booking.starts_at <= now + CHAT_NEAR)
    return exists().where(Booking.walk_id == Walk.id, set_, Booking.ends_at > now)
