"""A peer's hours, time off and wishes as rows of their own, for the peer's pages and the verbs that change them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, or_, select
from sqlalchemy.orm import aliased

from portal.db import read
from portal.domain.booking import BookingState
from portal.domain.slots import ChatWishes, Span
from portal.models import Booking, OtherHours, PeerProfile, Person, TimeOff, WeeklyHours


@dataclass(frozen=True)
class OwnChat:
    """A chat ahead, as one of its two people names it."""

    id: int
    starts_at: datetime
    other_name: str


def weekly_of(peer_id: int) -> dict[int, list[WeeklyHours]]:
    """Return a peer's weekly windows by weekday, each day's in order; days without hours are missing."""
    statement = select(WeeklyHours).where(WeeklyHours.peer_id == peer_id)
    found: dict[int, list[WeeklyHours]] = defaultdict(list)
    for row in read().scalars(statement.order_by(WeeklyHours.weekday, WeeklyHours.starts)):
        found[row.weekday].append(row)
    return dict(found)


def other_hours_of(peer_id: int, since: date) -> dict[date, list[OtherHours]]:
    """Return a peer's other hours by date from a local date on, in order."""
    statement = select(OtherHours).where(OtherHours.peer_id == peer_id, OtherHours.day >= since)
    found: dict[date, list[OtherHours]] = defaultdict(list)
    for row in read().scalars(statement.order_by(OtherHours.day, OtherHours.starts)):
        found[row.day].append(row)
    return dict(found)


def time_off_ahead(peer_id: int, now: datetime) -> list[TimeOff]:
    """Return the time a peer takes off that is not over, in order."""
    statement = select(TimeOff).where(TimeOff.peer_id == peer_id, TimeOff.ends_at > now)
    return list(read().scalars(statement.order_by(TimeOff.starts_at)))


def own_weekly(peer_id: int, window_id: int) -> WeeklyHours | None:
    """Return one weekly window for the peer it belongs to."""
    return read().scalar(select(WeeklyHours).where(WeeklyHours.id == window_id, WeeklyHours.peer_id == peer_id))


def own_other(peer_id: int, window_id: int) -> OtherHours | None:
    """Return one window of a date for the peer it belongs to."""
    return read().scalar(select(OtherHours).where(OtherHours.id == window_id, OtherHours.peer_id == peer_id))


def own_time_off(peer_id: int, time_off_id: int) -> TimeOff | None:
    """Return one stretch of time off for the peer it belongs to."""
    return read().scalar(select(TimeOff).where(TimeOff.id == time_off_id, TimeOff.peer_id == peer_id))


def wishes_of(peer_id: int) -> ChatWishes | None:
    """Return how a peer's hours are cut into chats; None for somebody who has told nothing of themselves yet."""
    profile = read().get(PeerProfile, peer_id)
    return None if profile is None else wishes_in(profile)


def wishes_in(profile: PeerProfile) -> ChatWishes:
    """Return the wishes a profile holds."""
    return ChatWishes(
        length_minutes=profile.length_minutes,
        rest_before_minutes=profile.rest_before_minutes,
        rest_after_minutes=profile.rest_after_minutes,
        notice_hours=profile.notice_hours,
        horizon_days=profile.horizon_days,
        cap_per_day=profile.cap_per_day,
        cap_per_week=profile.cap_per_week,
        cap_minutes_per_day=profile.cap_minutes_per_day,
        cap_minutes_per_week=profile.cap_minutes_per_week,
        step_minutes=profile.step_minutes,
        other_lengths=tuple(int(minutes) for minutes in profile.other_lengths.split(",") if minutes),
        says_yes_first=profile.says_yes_first,
    )


def chats_within(person_id: int, spans: Sequence[Span], now: datetime) -> list[OwnChat]:
    """Return the chats ahead of somebody that lie in any of these stretches, if only in part."""
    if not spans:
        return []
    other = aliased(Person)
    statement = (
        select(Booking.id, Booking.starts_at, other.name)
        .join(other, other.id == case((Booking.member_id == person_id, Booking.peer_id), else_=Booking.member_id))
        .where(
            or_(Booking.member_id == person_id, Booking.peer_id == person_id),
            Booking.state == BookingState.BOOKED,
            Booking.starts_at > now,
            or_(*((Booking.starts_at < ends) & (Booking.ends_at > begins) for begins, ends in spans)),
        )
        .order_by(Booking.starts_at)
    )
    return [OwnChat(chat_id, starts_at, name) for chat_id, starts_at, name in read().execute(statement)]
