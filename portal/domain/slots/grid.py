"""The starts a peer's hours allow, before anything busy is looked at: wall times stepped per local day, then converted.

All of it is counted in seconds since 1970: the same with datetimes takes several times as long.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple, TypeVar

from portal.domain.experience import Format
from portal.domain.slots.clocks import Clock, clocks_between, clocks_on, instant_at
from portal.domain.slots.hours import Hours, Window
from portal.domain.slots.instants import DAY, FOREVER, MINUTE, instant_of, wall_of
from portal.domain.slots.spans import Seconds, merge, within
from portal.domain.slots.values import Slot

# A window reaches into the day after its own and a chat as far again; a date that a zone skips, or the edge of a stay,
# adds one more.
_REACH = timedelta(days=3)
_ONE_DAY = timedelta(days=1)
_MOST_KEPT = 12

T = TypeVar("T")

# Starts at an equal step within one window, on one local date: the first, what they lie before, the window's end, and
# the date.
Run = tuple[int, int, int, date]
# A local date, its midnight on the wall, its windows, and the clocks that show them.
_Day = tuple[date, int, tuple[Window, ...], Sequence[Clock]]


class Grid(NamedTuple):
    """Every run the hours allow, in order, and the open time around them.

    `narrowed` says that some of it is for some ways only, `apart` that no start can be in two runs.
    """

    runs: list[Run]
    open_time: list[Seconds]
    narrowed: bool
    apart: bool

    def holds(self, start: int, step: int) -> bool:
        """Say whether a start is on the grid."""
        return any(first <= start < ends and not (start - first) % step for first, ends, _closes, _day in self.runs)


def grid_between(hours: Hours, step: int, first: date, last: date) -> Grid:
    """Return the grid, a start each `step` seconds, for the local dates first to last, whatever the way to meet."""
    kept: Grid = _kept(hours, _grid, step, first, last)
    return kept


def open_time(hours: Hours, way: Format, first: date, last: date) -> list[Seconds]:
    """Return the time around these local dates in which the hours allow a way to meet, as merged spans."""
    kept: list[Seconds] = _kept(hours, _open_time, way, first, last)
    return kept


def _kept(hours: Hours, work_out: Callable[..., T], *asked: object) -> T:
    key = (work_out, *asked)
    found: T | None = hours.kept.get(key)
    if found is None:
        if len(hours.kept) >= _MOST_KEPT:
            hours.kept.clear()
        found = hours.kept[key] = work_out(hours, *asked)
    return found


def _grid(hours: Hours, step: int, first: date, last: date) -> Grid:
    spans: list[Seconds] = []
    runs: list[Run] = []
    narrowed, apart, reached = False, not hours.stays, -FOREVER
    merged: dict[int, list[Seconds]] = {}
    for day, midnight, windows, clocks in _days(hours, first, last):
        if (seconds := merged.get(id(windows))) is None:
            seconds = merged[id(windows)] = _merged_seconds(windows)
            for window in windows:
                if window.formats:
                    narrowed = True
        utc = midnight - clocks[0][1]
        for starts, ends in seconds:
            if ends <= DAY and len(clocks) == 1:
                opens, closes = utc + starts, utc + ends
                runs.append((opens, closes, closes, day))
            else:
                opens, closes = instant_at(midnight + starts, clocks), instant_at(midnight + ends, clocks)
                runs += _runs(midnight + starts, (opens, closes), midnight, clocks, step, day)
            if opens <= reached or closes <= opens:
                apart = False
            reached = closes
            spans.append((opens, closes))
    if apart:
        return Grid([run for run in runs if first <= run[3] <= last], spans, narrowed, apart)
    runs = [each for run in runs for each in _dated(hours, run, step) if first <= each[3] <= last]
    return Grid(sorted(runs), merge(span for span in spans if span[0] < span[1]), narrowed, apart)


def _open_time(hours: Hours, way: Format, first: date, last: date) -> list[Seconds]:
    spans = []
    for _day, midnight, windows, clocks in _days(hours, first, last):
        for starts, ends in _merged_seconds(window for window in windows if window.allows(way)):
            opens, closes = instant_at(midnight + starts, clocks), instant_at(midnight + ends, clocks)
            if opens < closes:
                spans.append((opens, closes))
    return merge(spans)


class Ways:
    """The ways to meet that hours allow on the local dates first to last, ready to be asked about many slots."""

    def __init__(self, hours: Hours, first: date, last: date) -> None:
        self._time = {way: open_time(hours, way, first, last) for way in Format} if _is_narrowed(hours) else {}

    def at(self, slot: Slot) -> frozenset[Format]:
        """Return the ways for a slot; none named is every way, and so for a slot outside the hours."""
        ways = frozenset(way for way, spans in self._time.items() if within(spans, *slot.seconds))
        return frozenset() if len(ways) == len(Format) else ways


def ways_at(hours: Hours, slot: Slot) -> frozenset[Format]:
    """Return the ways to meet that the hours allow for a slot; none named is every way, as for one outside them."""
    day = hours.date_of(slot.starts_at)
    return Ways(hours, day, day).at(slot)


def _days(hours: Hours, first: date, last: date) -> Iterator[_Day]:
    """Give each local date with windows from which a chat on the dates first to last could be reached."""
    dates = _dates(first, last)
    # A wall is never more than a day ahead of UTC, or behind.
    stretch = dates[0][1] - DAY, dates[-1][1] + 3 * DAY
    clocks = {zone: clocks_between(zone, *stretch) for zone in hours.zones}
    of_zone, plain = clocks[hours.zone], not (hours.other or hours.seasons)
    shown, until = clocks_on(stretch[0], of_zone)
    for day, midnight in dates:
        windows = hours.weekly.get(day.weekday(), ()) if plain else hours.windows_on(day)
        if not windows:
            continue
        if hours.stays:
            of_zone, until = clocks[hours.zone_on(day)], midnight
        if until <= midnight:
            shown, until = clocks_on(midnight, of_zone)
        yield day, midnight, windows, shown


@lru_cache(maxsize=256)
def _dates(first: date, last: date) -> tuple[tuple[date, int], ...]:
    """Return each date around these with its midnight on the wall; most peers are asked about the same weeks."""
    count = (last - first + 2 * _REACH).days + 1
    return tuple((day, wall_of(day)) for day in (first - _REACH + n * _ONE_DAY for n in range(count)))


def _merged_seconds(windows: Iterable[Window]) -> list[Seconds]:
    spans = [(window.starts * MINUTE, window.ends * MINUTE) for window in windows]
    return spans if len(spans) == 1 else merge(spans)


def _runs(wall: int, span: Seconds, midnight: int, clocks: Sequence[Clock], step: int, day: date) -> Iterator[Run]:
    """Give the runs of a window that opens at `wall`: apart where the date or the clocks change.

    A wall time that no clock shows is in none of them, one that two clocks show is in that of the first.
    """
    seen_until = wall
    for at, (since, offset) in enumerate(clocks):
        shown_from = since + offset if at else wall
        begins = max(span[0] + offset, shown_from, seen_until)
        ends = span[1] + offset
        if at + 1 < len(clocks):
            seen_until = max(seen_until, clocks[at + 1][0] + offset)
            ends = min(ends, seen_until)
        date_after = (begins - midnight) // DAY
        while begins < ends:
            high = min(ends, midnight + (date_after + 1) * DAY)
            starts = begins + (wall - begins) % step
            if starts < high:
                yield starts - offset, high - offset, span[1], day + timedelta(date_after)
            begins, date_after = high, date_after + 1


def _dated(hours: Hours, run: Run, step: int) -> Iterable[Run]:
    """Part a run by the peer's local date, where a stay elsewhere begins or ends around it."""
    starts, ends, closes, day = run
    if not hours.stays or not any(stay.first - _REACH <= day <= stay.last + _REACH for stay in hours.stays):
        return [run]
    each = range(starts, ends, step)
    parts = [(date, list(of_date)) for date, of_date in groupby(each, lambda at: hours.date_of(instant_of(at)))]
    return [(of_date[0], of_date[-1] + 1, closes, date) for date, of_date in parts]


def _is_narrowed(hours: Hours) -> bool:
    weeks = (hours.weekly, *(season.weekly for season in hours.seasons))
    every = [*hours.other.values(), *(windows for week in weeks for windows in week.values())]
    return any(window.formats for windows in every for window in windows)
