"""The addresses under which calendars read somebody's own chats, and what stands in such a calendar."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from portal.db import read
from portal.domain.booking import BookingState
from portal.models import Booking, CalendarFeed, Invitation, Person
from portal.queries.account import hash_of

BEHIND = timedelta(days=30)
AHEAD = timedelta(days=180)
CANCELLED_STAYS = timedelta(days=30)
SET = (BookingState.BOOKED, BookingState.HAPPENED, BookingState.NOT_MADE)


@dataclass(frozen=True)
class Feed:
    """An address that stands: since when, and when a calendar last read it."""

    id: int
    person_id: int
    created_at: datetime
    read_at: datetime | None


def feed_behind(token: str) -> Feed | None:
    """Return the feed that this key opens; None for one that was taken back, or whose person is suspended."""
    return _feed(CalendarFeed.token_hash == hash_of(token))


def feed_of(person_id: int) -> Feed | None:
    """Return somebody's own feed, or None where they have none."""
    return _feed(CalendarFeed.person_id == person_id)


def rows_of(person_id: int) -> list[CalendarFeed]:
    """Return the rows of somebody's addresses that stand."""
    standing = select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return list(read().scalars(standing.order_by(CalendarFeed.id)))


def chats_of(person_id: int, now: datetime) -> list[tuple[Booking, Invitation]]:
    """Return somebody's chats from a month behind to half a year ahead, each with their own entry, in order of time;
    one that is off stays for a month."""
    off_at = func.coalesce(Booking.cancelled_at, Invitation.changed_at, Booking.created_at)
    rows = read().execute(
        select(Booking, Invitation)
        .join(Invitation, Invitation.booking_id == Booking.id)
        .where(
            Invitation.person_id == person_id,
            or_(Booking.member_id == person_id, Booking.peer_id == person_id),
            Booking.starts_at.between(now - BEHIND, now + AHEAD),
            or_(
                Booking.state.in_(SET),
                (Booking.state == BookingState.CANCELLED) & (off_at >= now - CANCELLED_STAYS),
            ),
        )
        .order_by(Booking.starts_at, Booking.id)
    )
    return [(booking, entry) for booking, entry in rows]


def _feed(condition: ColumnElement[bool]) -> Feed | None:
    statement = (
        select(CalendarFeed.id, CalendarFeed.person_id, CalendarFeed.created_at, CalendarFeed.read_at)
        .join(Person, Person.id == CalendarFeed.person_id)
        .where(CalendarFeed.revoked_at.is_(None), Person.suspended_at.is_(None), condition)
        .order_by(CalendarFeed.id.desc())
        .limit(1)
    )
    row = read().execute(statement).one_or_none()
    return Feed(*row) if row is not None else None
