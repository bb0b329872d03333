"""The windows of a week, the usual one or a season's: added to several days at once, taken away, copied."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once
from portal.domain.errors import BadInput
from portal.domain.experience import Format
from portal.domain.slots import Window, joined_windows, window_between
from portal.domain.words import N_
from portal.models import WeeklyHours
from portal.queries import own_hours as queries
from portal.services import once
from portal.services.slots.own import found, own_change

WEEKDAYS = range(7)
NO_DAY = N_("Please choose at least one day.")


@retry_once
def add_weekly(
    peer_id: int,
    weekdays: Collection[int],
    starts: int,
    ends: int,
    *,
    ways: Collection[Format] = (),
    season_id: int | None = None,
    key: str,
    now: datetime,
) -> int:
    """Add a window, in minutes after midnight, to each of these weekdays, joined to what it touches there.

    `ways` are the ways to meet it is open for, none named is every way; `season_id` names a season's own week.
    """
    days = _weekdays(weekdays)
    window = window_for(peer_id, starts, ends, ways)
    form = once.form(peer_id, key, "add weekly", days, starts, ends, sorted(window.formats), season_id)
    with own_change(form, now) as change:
        if not change.seen_before:
            _check_season(peer_id, season_id)
            held = queries.weekly_of(peer_id, season_id)
            for weekday in days:
                rows = held.get(weekday, [])
                _set_weekday(change.session, peer_id, season_id, weekday, rows, [*map(queries.window_in, rows), window])
    return peer_id


@retry_once
def remove_weekly(peer_id: int, window_id: int, *, key: str, now: datetime) -> int:
    """Take one weekly window away, of whichever week."""
    with own_change(once.form(peer_id, key, "remove weekly", window_id), now) as change:
        if not change.seen_before:
            change.session.delete(found(queries.own_weekly(peer_id, window_id)))
    return peer_id


@retry_once
def copy_weekday(
    peer_id: int, weekday: int, to: Collection[int], *, season_id: int | None = None, key: str, now: datetime
) -> int:
    """Give other weekdays of the same week exactly the windows of this one."""
    days = [day for day in _weekdays(to) if day != weekday]
    with own_change(once.form(peer_id, key, "copy weekday", weekday, days, season_id), now) as change:
        if not change.seen_before:
            _check_season(peer_id, season_id)
            held = queries.weekly_of(peer_id, season_id)
            windows = [queries.window_in(row) for row in found(held.get(weekday))]
            for day in days:
                _set_weekday(change.session, peer_id, season_id, day, held.get(day, []), windows)
    return peer_id


def window_for(peer_id: int, starts: int, ends: int, ways: Collection[Format]) -> Window:
    """Return the window to keep; every way that the peer likes is kept as none named, so that later likes count too."""
    window = window_between(starts, ends)
    every = not ways or set(ways) >= set(queries.own_ways(peer_id))
    return window if every else Window(window.starts, window.ends, frozenset(ways))


def ways_text(ways: Iterable[Format]) -> str:
    """Return ways to meet as a row keeps them."""
    return ",".join(way for way in Format if way in set(ways))


def add_windows(session: Session, peer_id: int, season_id: int | None, weekday: int, windows: Iterable[Window]) -> None:
    """Add rows for the windows of one weekday, joined where those of the same ways touch."""
    session.add_all(
        WeeklyHours(
            peer_id=peer_id,
            season_id=season_id,
            weekday=weekday,
            starts=window.starts,
            ends=window.ends,
            formats=ways_text(window.formats),
        )
        for window in joined_windows(windows)
    )


def _set_weekday(
    session: Session,
    peer_id: int,
    season_id: int | None,
    weekday: int,
    held: Iterable[WeeklyHours],
    windows: Iterable[Window],
) -> None:
    for row in held:
        session.delete(row)
    add_windows(session, peer_id, season_id, weekday, windows)


def _check_season(peer_id: int, season_id: int | None) -> None:
    if season_id is not None:
        found(queries.own_season(peer_id, season_id))


def _weekdays(chosen: Collection[int]) -> list[int]:
    days = sorted(set(chosen) & set(WEEKDAYS))
    if not days:
        raise BadInput("days", NO_DAY)
    return days
