"""A peer says when they are free: weekly hours, other hours on a date, time off, and how the time is cut into chats."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.errors import BadInput, NotFound
from portal.domain.slots import (
    ChatWishes,
    Window,
    check_wishes,
    local_date,
    merge,
    merged_windows,
    span_of_days,
    window_between,
)
from portal.domain.words import N_
from portal.models import OtherHours, PeerProfile, Person, TimeOff, WeeklyHours
from portal.queries import booking as booking_queries
from portal.queries import own_hours as queries
from portal.services import audit, once

T = TypeVar("T")

WEEKDAYS = range(7)
AHEAD = timedelta(days=366)
CHANGED = "hours changed"

NO_DAY = N_("Please choose at least one day.")
GONE_BY = N_("That day has gone by. Please choose a later one.")
TOO_FAR = N_("Please choose a day within the next year.")
BACKWARDS = N_("The last day lies before the first. Please choose a later one.")


@retry_once
def add_weekly(peer_id: int, weekdays: Collection[int], starts: int, ends: int, *, key: str, now: datetime) -> int:
    """Add one window, in minutes after midnight, to each of these weekdays, joined to what it touches there."""
    days = _weekdays(weekdays)
    window = window_between(starts, ends)
    with _own_change(once.form(peer_id, key, "add weekly", days, starts, ends), now) as session:
        if session is not None:
            held = queries.weekly_of(peer_id)
            for weekday in days:
                windows = [_window(row) for row in held.get(weekday, [])]
                _set_weekday(session, peer_id, weekday, held.get(weekday, []), [*windows, window])
    return peer_id


@retry_once
def remove_weekly(peer_id: int, window_id: int, *, key: str, now: datetime) -> int:
    """Take one weekly window away."""
    with _own_change(once.form(peer_id, key, "remove weekly", window_id), now) as session:
        if session is not None:
            session.delete(_found(queries.own_weekly(peer_id, window_id)))
    return peer_id


@retry_once
def copy_weekday(peer_id: int, weekday: int, to: Collection[int], *, key: str, now: datetime) -> int:
    """Give other weekdays exactly the windows of this one."""
    days = [day for day in _weekdays(to) if day != weekday]
    with _own_change(once.form(peer_id, key, "copy weekday", weekday, days), now) as session:
        if session is not None:
            held = queries.weekly_of(peer_id)
            windows = [_window(row) for row in _found(held.get(weekday))]
            for day in days:
                _set_weekday(session, peer_id, day, held.get(day, []), windows)
    return peer_id


@retry_once
def add_other(peer_id: int, day: date, starts: int, ends: int, *, key: str, now: datetime) -> int:
    """Add a window to one local date; the windows of a date stand instead of the weekly ones that start on it."""
    window = window_between(starts, ends)
    with _own_change(once.form(peer_id, key, "add other", day, starts, ends), now) as session:
        if session is not None:
            _check_day("day", day, _today(session, peer_id, now))
            held = queries.other_hours_of(peer_id, day).get(day, [])
            for row in held:
                session.delete(row)
            session.add_all(
                OtherHours(peer_id=peer_id, day=day, starts=each.starts, ends=each.ends)
                for each in merged_windows([*map(_window, held), window])
            )
    return peer_id


@retry_once
def remove_other(peer_id: int, window_id: int, *, key: str, now: datetime) -> int:
    """Take a window of one date away; with the last one, the weekly hours hold again."""
    with _own_change(once.form(peer_id, key, "remove other", window_id), now) as session:
        if session is not None:
            session.delete(_found(queries.own_other(peer_id, window_id)))
    return peer_id


@retry_once
def take_time_off(peer_id: int, first: date, last: date, *, key: str, now: datetime) -> int:
    """Close whole local days, both ends included, joined to time off they touch; chats inside stay booked."""
    with _own_change(once.form(peer_id, key, "take time off", first, last), now) as session:
        if session is not None:
            check_days_off(first, last, _today(session, peer_id, now))
            span = span_of_days(first, last, _zone(session, peer_id))
            touched = [
                row
                for row in queries.time_off_ahead(peer_id, now)
                if row.starts_at <= span[1] and span[0] <= row.ends_at
            ]
            for row in touched:
                session.delete(row)
            (begins, ends), *_ = merge([*((row.starts_at, row.ends_at) for row in touched), span])
            session.add(TimeOff(peer_id=peer_id, starts_at=begins, ends_at=ends))
    return peer_id


@retry_once
def end_time_off(peer_id: int, time_off_id: int, *, key: str, now: datetime) -> int:
    """Take a stretch of time off away."""
    with _own_change(once.form(peer_id, key, "end time off", time_off_id), now) as session:
        if session is not None:
            session.delete(_found(queries.own_time_off(peer_id, time_off_id)))
    return peer_id


@retry_once
def set_wishes(peer_id: int, wanted: ChatWishes, *, key: str, now: datetime) -> int:
    """Set length, rest, notice, horizon and chats a day; chats that are booked stay as they are."""
    with _own_change(once.form(peer_id, key, "set wishes", wanted), now) as session:
        if session is not None:
            profile = session.get_one(PeerProfile, peer_id)
            check_wishes(wanted, queries.wishes_in(profile))
            lengths = ",".join(map(str, wanted.lengths_beside))
            for name, value in (asdict(wanted) | {"other_lengths": lengths}).items():
                setattr(profile, name, value)
            profile.updated_at = now
    return peer_id


def check_days_off(first: date, last: date, today: date) -> None:
    """Raise BadInput unless these days can be taken off: in order, not gone by, within a year."""
    if last < first:
        raise BadInput("last", BACKWARDS)
    _check_day("last", last, today)


@contextmanager
def _own_change(form: once.Form, now: datetime) -> Iterator[Session | None]:
    """Open a verb on a peer's own hours; gives None when this form was used before, else keeps it and the deed."""
    peer_id = form.person_id
    with transaction() as session:
        # The bookings lock the same row: a chat is booked wholly before a change or by the hours after it.
        booking_queries.lock_people(peer_id)
        if form.result() is not None:
            yield None
            return
        if session.get(PeerProfile, peer_id) is None:
            session.add(PeerProfile(person_id=peer_id, updated_at=now))
            session.flush()
        yield session
        audit.record(session, CHANGED, "person", peer_id, actor_id=peer_id, now=now)
        form.remember(session, peer_id, now)


def _set_weekday(
    session: Session, peer_id: int, weekday: int, held: Iterable[WeeklyHours], windows: Iterable[Window]
) -> None:
    for row in held:
        session.delete(row)
    session.add_all(
        WeeklyHours(peer_id=peer_id, weekday=weekday, starts=window.starts, ends=window.ends)
        for window in merged_windows(windows)
    )


def _window(row: WeeklyHours | OtherHours) -> Window:
    return Window(row.starts, row.ends)


def _weekdays(chosen: Collection[int]) -> list[int]:
    days = sorted(set(chosen) & set(WEEKDAYS))
    if not days:
        raise BadInput("days", NO_DAY)
    return days


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row


def _zone(session: Session, peer_id: int) -> str:
    return session.get_one(Person, peer_id).zone


def _today(session: Session, peer_id: int, now: datetime) -> date:
    return local_date(now, _zone(session, peer_id))


def _check_day(field: str, day: date, today: date) -> None:
    if day < today:
        raise BadInput(field, GONE_BY)
    if day > today + AHEAD:
        raise BadInput(field, TOO_FAR)
