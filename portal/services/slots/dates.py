"""Other hours: windows that stand instead of the week's on a date, or on each day from one date to another."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from portal.db import retry_once
from portal.domain.errors import BadInput
from portal.domain.experience import Format
from portal.domain.slots import joined_windows
from portal.domain.words import N_
from portal.models import OtherHours
from portal.queries import own_hours as queries
from portal.services import once
from portal.services.slots.own import check_days, found, own_change, today_of
from portal.services.slots.week import ways_text, window_for

MOST_DAYS = 42
TOO_MANY = N_("That is more than six weeks. For so long, a season of its own is simpler.")
NONE_INSIDE = N_("None of the ticked days lies between these two dates.")


@retry_once
def add_other(
    peer_id: int,
    first: date,
    last: date,
    starts: int,
    ends: int,
    *,
    weekdays: Collection[int] = (),
    ways: Collection[Format] = (),
    key: str,
    now: datetime,
) -> int:
    """Add a window to each local date from first to last that falls on one of the weekdays, none named is all of them.

    The windows of a date stand instead of the weekly ones that start on it.
    """
    window = window_for(peer_id, starts, ends, ways)
    form = once.form(peer_id, key, "add other", first, last, sorted(weekdays), starts, ends, sorted(window.formats))
    with own_change(form, now) as change:
        if not change.seen_before:
            days = days_for(first, last, weekdays, today_of(change.session, peer_id, now))
            held = queries.other_hours_of(peer_id, days[0])
            for day in days:
                rows = held.get(day, [])
                for row in rows:
                    change.session.delete(row)
                change.session.add_all(
                    OtherHours(
                        peer_id=peer_id, day=day, starts=each.starts, ends=each.ends, formats=ways_text(each.formats)
                    )
                    for each in joined_windows([*map(queries.window_in, rows), window])
                )
    return peer_id


@retry_once
def remove_other(peer_id: int, window_id: int, *, last: date | None = None, key: str, now: datetime) -> int:
    """Take a window of a date away, and the same one of each date up to `last`; a date without any goes by the week."""
    with own_change(once.form(peer_id, key, "remove other", window_id, last), now) as change:
        if not change.seen_before:
            row = found(queries.own_other(peer_id, window_id))
            window, until = queries.window_in(row), max(last or row.day, row.day)
            for day, rows in queries.other_hours_of(peer_id, row.day).items():
                for each in rows:
                    if day <= until and queries.window_in(each) == window:
                        change.session.delete(each)
    return peer_id


def days_for(first: date, last: date, weekdays: Collection[int], today: date) -> list[date]:
    """Return the dates that other hours are for; BadInput where there are none, or more than six weeks."""
    if first < today <= last:
        first = today
    check_days(first, last, today)
    if (last - first).days >= MOST_DAYS:
        raise BadInput("last", TOO_MANY)
    days = [first + timedelta(days=day) for day in range((last - first).days + 1)]
    chosen = [day for day in days if not weekdays or day.weekday() in weekdays]
    if not chosen:
        raise BadInput("days", NONE_INSIDE)
    return chosen
