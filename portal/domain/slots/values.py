"""What open slots are made from: weekly hours in wall time, busy ranges as instants, a peer's policy, and a slot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY_MINUTES = 1440
GRAIN_MINUTES = 5


def as_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC; a naive datetime is a ValueError, because it would mean the server's own zone."""
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def local_date(instant: datetime, zone: str) -> date:
    """Return the calendar date of an instant in an IANA zone: what "a day" means for caps, horizon and pages."""
    try:
        return as_utc(instant).astimezone(ZoneInfo(zone)).date()
    except OverflowError:  # the first or last hours of the calendar, as a hand-made address may ask for
        return instant.date()


def _check_minutes(what: str, minutes: int, least: int, most: int | None = None) -> None:
    if minutes < least or (most is not None and minutes > most) or minutes % GRAIN_MINUTES:
        raise ValueError(f"{what}: {minutes} is out of range or no multiple of {GRAIN_MINUTES} minutes")


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of a local day, end excluded; an end past 1440 runs into the next day, at most to that day's end."""

    starts: int
    ends: int

    def __post_init__(self) -> None:
        _check_minutes("start of hours", self.starts, 0, DAY_MINUTES - 1)
        _check_minutes("end of hours", self.ends, self.starts + GRAIN_MINUTES, 2 * DAY_MINUTES)


class BusyKind(StrEnum):
    """Whose time is not free, and by what."""

    TAKEN = "taken"
    MEMBER_TAKEN = "member_taken"
    TIME_OFF = "time_off"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Busy:
    """A half-open range of instants; an empty one blocks nothing. The rest is the other side's need around a chat."""

    starts_at: datetime
    ends_at: datetime
    kind: BusyKind
    rest_minutes: int = 0

    def __post_init__(self) -> None:
        # Two datetimes of one zone are compared by their wall time, which is wrong when clocks go back.
        if self.starts_at.tzinfo is not UTC or self.ends_at.tzinfo is not UTC:
            object.__setattr__(self, "starts_at", as_utc(self.starts_at))
            object.__setattr__(self, "ends_at", as_utc(self.ends_at))


@dataclass(frozen=True, slots=True)
class Hours:
    """A peer's hours: by weekday (0 is Monday), and other hours that replace the windows starting on a date."""

    zone: str
    weekly: Mapping[int, tuple[Window, ...]]
    other: Mapping[date, tuple[Window, ...]]

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError) as unknown:
            raise ValueError(f"not a time zone: {self.zone!r}") from unknown
        if not self.weekly.keys() <= set(range(7)):
            raise ValueError("weekdays are 0 (Monday) to 6")

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Return the windows that start on a local date, as they were given."""
        other = self.other.get(day) if self.other else None
        return self.weekly.get(day.weekday(), ()) if other is None else other


@dataclass(frozen=True, slots=True)
class Policy:
    """A peer's wishes for chats, in minutes and days; a step of None means one chat after the other."""

    length_minutes: int = 30
    step_minutes: int | None = None
    rest_minutes: int = 0
    notice_minutes: int = 0
    horizon_days: int = 60
    cap_per_day: int | None = None
    cap_per_week: int | None = None

    def __post_init__(self) -> None:
        _check_minutes("length", self.length_minutes, GRAIN_MINUTES, DAY_MINUTES)
        _check_minutes("step", self.step, GRAIN_MINUTES)
        _check_minutes("rest", self.rest_minutes, 0)
        if min(self.notice_minutes, self.horizon_days, self.cap_per_day or 0, self.cap_per_week or 0) < 0:
            raise ValueError("notice, horizon and caps are never negative")

    @property
    def step(self) -> int:
        """Minutes from one start on the grid to the next."""
        return self.length_minutes if self.step_minutes is None else self.step_minutes


@dataclass(frozen=True, slots=True)
class Slot:
    """A start a member may book, in UTC, with the end that follows from the length."""

    starts_at: datetime
    ends_at: datetime
