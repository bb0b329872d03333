"""A peer's hours in wall time: the usual week, seasons, other hours on a date, and stays in another zone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from portal.domain.experience import Format
from portal.domain.slots.instants import as_utc, check_zone, local_date
from portal.domain.slots.spans import merge

DAY_MINUTES = 1440
GRAIN_MINUTES = 5


def check_minutes(what: str, minutes: int, least: int, most: int | None = None) -> None:
    """Raise a ValueError for minutes out of range or off the grain of five."""
    if minutes < least or (most is not None and minutes > most) or minutes % GRAIN_MINUTES:
        raise ValueError(f"{what}: {minutes} is out of range or no multiple of {GRAIN_MINUTES} minutes")


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of a local day, end excluded, and the ways to meet then, none named is every way.

    An end past 1440 runs into the next day, at most to that day's end.
    """

    starts: int
    ends: int
    formats: frozenset[Format] = frozenset()

    def __post_init__(self) -> None:
        check_minutes("start of hours", self.starts, 0, DAY_MINUTES - 1)
        check_minutes("end of hours", self.ends, self.starts + GRAIN_MINUTES, 2 * DAY_MINUTES)

    def allows(self, way: Format) -> bool:
        """Say whether people may meet in this way then."""
        return not self.formats or way in self.formats


Week = Mapping[int, tuple[Window, ...]]


@dataclass(frozen=True, slots=True)
class Season:
    """Local dates, both included, on which this week stands instead of the usual one."""

    first: date
    last: date
    weekly: Week


@dataclass(frozen=True, slots=True)
class Stay:
    """Local dates, both included, whose hours are read on another zone's clocks."""

    first: date
    last: date
    zone: str

    def covers(self, instant: datetime) -> bool:
        """Say whether an instant lies within these dates as the stay's own clocks have them."""
        return _midnight(self.first, self.zone) <= instant < _midnight(self.last + timedelta(days=1), self.zone)


@dataclass(frozen=True, slots=True)
class Hours:
    """A peer's hours: by weekday (0 is Monday); other hours replace whatever would start on a date.

    Seasons do not overlap each other, and neither do stays: a ValueError, as for weekdays and zones that do not exist.
    """

    zone: str
    weekly: Week
    other: Mapping[date, tuple[Window, ...]]
    seasons: tuple[Season, ...] = ()
    stays: tuple[Stay, ...] = ()
    # What was worked out from these hours and may be asked for again, such as the grid of some weeks.
    kept: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        for zone in self.zones:
            check_zone(zone)
        for week in (self.weekly, *(season.weekly for season in self.seasons)):
            if not week.keys() <= set(range(7)):
                raise ValueError("weekdays are 0 (Monday) to 6")
        _check_apart(self.seasons)
        _check_apart(self.stays)

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Return the windows that start on a local date, as they were given."""
        other = self.other.get(day) if self.other else None
        if other is not None:
            return other
        week = next((s.weekly for s in self.seasons if s.first <= day <= s.last), self.weekly)
        return week.get(day.weekday(), ())

    def zone_on(self, day: date) -> str:
        """Return the zone on whose clocks the windows of a local date are read."""
        return next((stay.zone for stay in self.stays if stay.first <= day <= stay.last), self.zone)

    @property
    def zones(self) -> set[str]:
        """Every zone whose clocks these hours may be read on."""
        return {self.zone, *(stay.zone for stay in self.stays)}

    def date_of(self, instant: datetime) -> date:
        """Return the peer's local date of an instant: the one answer for caps, the horizon and "a day"."""
        at = as_utc(instant)
        return local_date(at, next((stay.zone for stay in self.stays if stay.covers(at)), self.zone))


def merged_windows(windows: Iterable[Window]) -> list[Window]:
    """Return the windows of one local day in order, those that overlap or touch made one, whatever their ways."""
    return [Window(starts, ends) for starts, ends in merge((window.starts, window.ends) for window in windows)]


def joined_windows(windows: Iterable[Window]) -> list[Window]:
    """Return the windows of one local day in order, as they are kept: those of the same ways that touch made one."""
    held = list(windows)
    return sorted(
        (
            replace(merged, formats=formats)
            for formats in {window.formats for window in held}
            for merged in merged_windows(window for window in held if window.formats == formats)
        ),
        key=lambda window: (window.starts, window.ends, sorted(window.formats)),
    )


def _check_apart(stretches: Sequence[Season | Stay]) -> None:
    if any(stretch.last < stretch.first for stretch in stretches):
        raise ValueError("a stretch of days ends before it begins")
    ordered = sorted(stretches, key=lambda stretch: stretch.first)
    if any(later.first <= earlier.last for earlier, later in pairwise(ordered)):
        raise ValueError("stretches of days overlap")


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: str) -> datetime:
    # Where the clocks skip midnight, the offset before the change gives the very instant of the change (fold=0).
    return as_utc(datetime.combine(day, time(), ZoneInfo(zone)))
