"""A peer's windows: those of a week, the usual one or a season's, and those of a date."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select

from portal.db import read
from portal.domain.experience import Format
from portal.domain.slots import Window
from portal.models import OtherHours, WeeklyHours


def weekly_of(peer_id: int, season_id: int | None = None) -> dict[int, list[WeeklyHours]]:
    """Return the windows of a peer's usual week, or of a season's, by weekday; days without hours are missing."""
    statement = select(WeeklyHours).where(WeeklyHours.peer_id == peer_id, WeeklyHours.season_id == season_id)
    found: dict[int, list[WeeklyHours]] = defaultdict(list)
    for row in read().scalars(statement.order_by(WeeklyHours.weekday, WeeklyHours.starts, WeeklyHours.ends)):
        found[row.weekday].append(row)
    return dict(found)


def other_hours_of(peer_id: int, since: date) -> dict[date, list[OtherHours]]:
    """Return a peer's other hours by date from a local date on, in order."""
    statement = select(OtherHours).where(OtherHours.peer_id == peer_id, OtherHours.day >= since)
    found: dict[date, list[OtherHours]] = defaultdict(list)
    for row in read().scalars(statement.order_by(OtherHours.day, OtherHours.starts, OtherHours.ends)):
        found[row.day].append(row)
    return dict(found)


def own_weekly(peer_id: int, window_id: int) -> WeeklyHours | None:
    """Return one weekly window, of whichever week, for the peer it belongs to."""
    return read().scalar(select(WeeklyHours).where(WeeklyHours.id == window_id, WeeklyHours.peer_id == peer_id))


def own_other(peer_id: int, window_id: int) -> OtherHours | None:
    """Return one window of a date for the peer it belongs to."""
    return read().scalar(select(OtherHours).where(OtherHours.id == window_id, OtherHours.peer_id == peer_id))


def window_in(row: WeeklyHours | OtherHours) -> Window:
    """Return a row's window."""
    return Window(row.starts, row.ends, ways_of(row))


def ways_of(row: WeeklyHours | OtherHours) -> frozenset[Format]:
    """Return the ways to meet that a row's window is open for; none named is every way."""
    return frozenset(Format(way) for way in row.formats.split(",") if way)
