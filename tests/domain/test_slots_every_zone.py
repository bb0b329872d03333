"""Every zone of the time zone database over its next ten changes of clocks, against a walk through each fifth minute.

The walk asks Python's own zoneinfo what every instant shows on the wall, and knows nothing else.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from portal.domain.slots import Hours, Policy, Window, next_clock_change, open_slots, why_closed

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
CHANGES, YEARS = 10, 6
GRAIN, HOUR, DAY, WEEK = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=7)
# One over the usual hour of change, one over midnight.
WINDOWS = (Window(30, 285), Window(1350, 1500))
HALF_HOURS = Policy(length_minutes=30, step_minutes=15, horizon_days=9)


def offset(at: datetime, zone: ZoneInfo) -> timedelta:
    found = at.astimezone(zone).utcoffset()
    assert found is not None
    return found


def changes_of(zone: ZoneInfo) -> list[datetime]:
    """Return the next ten changes within six years, each to within five minutes."""
    found: list[datetime] = []
    day = SINCE
    while len(found) < CHANGES and day < SINCE + YEARS * 366 * DAY:
        if offset(day, zone) != offset(day + WEEK, zone):
            at = day
            while offset(at + DAY, zone) == offset(day, zone):
                at += DAY
            while offset(at + HOUR, zone) == offset(day, zone):
                at += HOUR
            while offset(at + GRAIN, zone) == offset(day, zone):
                at += GRAIN
            found.append(at + GRAIN)
        day += WEEK
    return found


@cache
def zones_alike() -> dict[tuple[tuple[datetime, timedelta], ...], str]:
    """Return one zone for each way its clocks go; most names are another name of one."""
    found: dict[tuple[tuple[datetime, timedelta], ...], str] = {}
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        moments = [SINCE, *changes_of(zone)]
        found.setdefault(tuple((at, offset(at, zone)) for at in moments), name)
    return found


def walked(name: str, first: date, last: date) -> list[datetime]:
    """Return the starts by looking at the wall clock each five minutes, the first time it shows a time."""
    zone, step, length = ZoneInfo(name), timedelta(minutes=15), timedelta(minutes=30)
    openings = []
    for days in range(-3, (last - first).days + 4):
        midnight = datetime.combine(first + days * DAY, time())
        for window in WINDOWS:
            wall, until = midnight + timedelta(minutes=window.starts), midnight + timedelta(minutes=window.ends)
            opens, closes = (each.replace(tzinfo=zone).astimezone(UTC) for each in (wall, until))
            openings.append((wall, opens, closes))
    found = []
    for wall, opens, closes in openings:
        at = opens
        while at < closes:
            shown = at.astimezone(zone)
            since = shown.replace(tzinfo=None, fold=0) - wall
            inside = all(
                any(begins <= at + part < ends for _wall, begins, ends in openings)
                for part in (timedelta(0), length - GRAIN)
            )
            if shown.fold == 0 and since % step == timedelta(0) and inside and first <= shown.date() <= last:
                found.append(at)
            at += GRAIN
    return sorted(set(found))


def test_there_are_zones_of_every_kind() -> None:
    assert len(available_timezones()) > 400
    assert max(len(clocks) for clocks in zones_alike()) == CHANGES + 1
    assert {"Etc/GMT+12", "Etc/GMT-14"} <= set(zones_alike().values())


@pytest.mark.parametrize("part", range(8))
def test_every_zone_is_right_over_its_next_ten_changes(part: int) -> None:
    hours_of = {}
    for clocks, name in sorted(zones_alike().items(), key=lambda each: each[1])[part::8]:
        hours = hours_of[name] = Hours(name, dict.fromkeys(range(7), WINDOWS), {})
        for change, _offset in clocks[1:] or clocks:
            day = change.astimezone(ZoneInfo(name)).date()
            first, last, now = day - DAY, day + DAY, change - 5 * DAY
            right = walked(name, first, last)
            assert [slot.starts_at for slot in open_slots(hours, HALF_HOURS, (), first, last, now)] == right, name
            around = [change + n * timedelta(minutes=15) for n in range(-8, 9)]
            accepted = [at for at in around if why_closed(hours, HALF_HOURS, (), at, now) is None]
            assert accepted == [at for at in around if at in right], name
            assert next_clock_change(day - DAY, name) is not None or len(clocks) == 1, name
    assert hours_of
