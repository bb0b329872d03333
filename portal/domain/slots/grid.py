"""The starts a peer's hours allow, before anything busy is looked at: wall times stepped per local day, then converted.

A window's ends become instants as RFC 5545 (3.3.5) has it, which is Python's fold=0: a wall time that the clocks skip
counts by the offset before the change, one that comes twice means its first occurrence.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.domain.experience import Format
from portal.domain.slots.hours import DAY_MINUTES, GRAIN_MINUTES, Hours, Window, merged_windows
from portal.domain.slots.values import Policy, Slot

Span = tuple[datetime, datetime]

# A window reaches into the day after its own and a chat as far again; a zone that skips a whole date adds one more.
_REACH_DAYS = 3


class Start(NamedTuple):
    """A slot on the grid, the local date it starts on, and whether it ends within its own window."""

    slot: Slot
    day: date
    fits: bool


class _Day(NamedTuple):
    spans: tuple[Span, ...]
    starts: tuple[Start, ...]


class Grid(NamedTuple):
    """Every start the hours allow, in order and each once, and the open time around them as merged spans."""

    starts: list[Start]
    open_time: list[Span]


def grid_between(hours: Hours, policy: Policy, first: date, last: date) -> Grid:
    """Return the grid for starts on the local dates first to last, both included, whatever the way to meet."""
    spans: list[Span] = []
    found: list[Start] = []
    for day in _days_around(first, last):
        if windows := hours.windows_on(day):
            of_day = _day(hours.zone_on(day), day, windows, policy.length_minutes, policy.step)
            spans += of_day.spans
            found += of_day.starts
    open_time = merge(spans)
    if hours.stays:
        found = [start._replace(day=hours.date_of(start.slot.starts_at)) for start in found]
    starts = [s for s in found if first <= s.day <= last and (s.fits or within(open_time, s.slot))]
    return Grid(_each_once(starts), open_time)


def fits_way(hours: Hours, slot: Slot, way: Format | None) -> bool:
    """Say whether a slot lies within the hours that allow a way; for None, any one way will do."""
    return any(within(way_time(hours, slot, each), slot) for each in (Format if way is None else (way,)))


def ways_at(hours: Hours, slot: Slot) -> frozenset[Format]:
    """Return the ways to meet that the hours allow for a slot; none named is every way, as for one outside them."""
    ways = frozenset(way for way in Format if within(way_time(hours, slot, way), slot))
    return frozenset() if len(ways) == len(Format) else ways


def way_time(hours: Hours, slot: Slot, way: Format) -> list[Span]:
    """Return the time around a slot in which people may meet in this way, as merged spans."""
    day = hours.date_of(slot.starts_at)
    spans: list[Span] = []
    for each in _days_around(day, day):
        allowed = tuple(window for window in hours.windows_on(each) if window.allows(way))
        spans += _day(hours.zone_on(each), each, allowed, GRAIN_MINUTES, DAY_MINUTES).spans
    return merge(spans)


def _days_around(first: date, last: date) -> list[date]:
    return [first + timedelta(days=day) for day in range(-_REACH_DAYS, (last - first).days + _REACH_DAYS + 1)]


def within(spans: Sequence[Span], slot: Slot) -> bool:
    """Say whether a slot lies in one of the merged spans from start to end."""
    at = bisect_right(spans, slot.starts_at, key=lambda span: span[0])
    return at > 0 and slot.ends_at <= spans[at - 1][1]


def merge(spans: Sequence[Span]) -> list[Span]:
    """Return spans in order, those that overlap or touch made one."""
    merged: list[Span] = []
    ends: datetime | None = None
    for span in sorted(spans, key=itemgetter(0)):
        if ends is None or span[0] > ends:
            merged.append(span)
            ends = span[1]
        elif span[1] > ends:
            ends = span[1]
            merged[-1] = (merged[-1][0], ends)
    return merged


def _each_once(starts: list[Start]) -> list[Start]:
    """Sort, and keep one of those that last night's window and today's both offer."""
    starts.sort(key=lambda start: start.slot.starts_at)
    return [s for at, s in enumerate(starts) if not at or s.slot.starts_at != starts[at - 1].slot.starts_at]


@lru_cache(maxsize=4096)
def _day(zone: str, day: date, windows: tuple[Window, ...], length: int, step: int) -> _Day:
    """Return what the windows that start on one local date give; a pure function of its arguments, so kept."""
    spans: list[Span] = []
    starts: list[Start] = []
    tz = ZoneInfo(zone)
    midnight = datetime.combine(day, time())
    for window in merged_windows(windows):
        opens = _instant(midnight + timedelta(minutes=window.starts), tz)
        closes = _instant(midnight + timedelta(minutes=window.ends), tz)
        if opens < closes:
            spans.append((opens, closes))
            wall = midnight + timedelta(minutes=window.starts)
            starts += _starts(wall, (opens, closes), tz, timedelta(minutes=length), timedelta(minutes=step))
    return _Day(tuple(spans), tuple(starts))


def _starts(wall: datetime, span: Span, tz: ZoneInfo, length: timedelta, step: timedelta) -> list[Start]:
    opens, closes = span
    # Where the clocks skip the window's end, the instant it stands for reads later on the wall than was written.
    end_wall = closes.astimezone(tz).replace(tzinfo=None)
    starts: list[Start] = []
    while wall < end_wall:
        at = _instant(wall, tz)
        if at >= opens and not _skipped(wall, tz):
            starts.append(Start(Slot(at, at + length), wall.date(), at + length <= closes))
        wall += step
    return starts


def _instant(wall: datetime, tz: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=tz).astimezone(UTC)


def _skipped(wall: datetime, tz: ZoneInfo) -> bool:
    """Say whether the clocks jump over a wall time: only then is the offset before the change the smaller (PEP 495)."""
    before, after = tz.utcoffset(wall), tz.utcoffset(wall.replace(fold=1))
    return before is not None and after is not None and before < after
