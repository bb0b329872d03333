"""Rhythms: which chats belong to one, as one of its two people sees it, and the rows that a rhythm takes in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import read
from portal.domain.booking import BookingState
from portal.models import Booking, Series

GOES_ON = frozenset({BookingState.ASKED, BookingState.BOOKED})


@dataclass(frozen=True)
class Rhythm:
    """A rhythm: how often, and its chats that are still ahead as (id, start), the next one first."""

    id: int
    every_weeks: int
    ahead: tuple[tuple[int, datetime], ...]


def rhythm_of(booking_id: int, now: datetime) -> Rhythm | None:
    """Return the rhythm a chat belongs to; whether the reader may see the chat has been asked before."""
    every = select(Series.id, Series.every_weeks).join(Booking, Booking.series_id == Series.id)
    row = read().execute(every.where(Booking.id == booking_id)).one_or_none()
    if row is None:
        return None
    ahead = select(Booking.id, Booking.starts_at).where(
        Booking.series_id == row.id, Booking.state.in_(GOES_ON), Booking.starts_at > now
    )
    chats = read().execute(ahead.order_by(Booking.starts_at))
    return Rhythm(row.id, row.every_weeks, tuple((id_, starts_at) for id_, starts_at in chats))


def booked_starts(walk_id: int, starts: Collection[datetime]) -> dict[datetime, int]:
    """Return the chats of a walk that are booked for one of these starts, by start."""
    statement = select(Booking.starts_at, Booking.id).where(
        Booking.walk_id == walk_id, Booking.state == BookingState.BOOKED, Booking.starts_at.in_(list(starts))
    )
    return {row.starts_at: row.id for row in read().execute(statement)}


def later_of_rhythm(booking_id: int, now: datetime) -> list[int]:
    """Return the chats of a rhythm that come after this one and have not begun, in the order of their ids."""
    this = read().get_one(Booking, booking_id, populate_existing=True)
    statement = select(Booking.id).where(
        Booking.series_id == this.series_id,
        Booking.series_id.is_not(None),
        Booking.state.in_(GOES_ON),
        Booking.starts_at > max(this.starts_at, now),
    )
    return list(read().scalars(statement.order_by(Booking.id)))
