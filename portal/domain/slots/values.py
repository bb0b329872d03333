"""What open slots are made from beside hours: busy ranges, a peer's policy, and a slot."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from portal.domain.slots.hours import DAY_MINUTES, GRAIN_MINUTES, check_minutes
from portal.domain.slots.instants import instant_of, seconds_of, seconds_up_to


class BusyKind(StrEnum):
    """Whose time is not free, and by what."""

    TAKEN = "taken"
    MEMBER_TAKEN = "member_taken"
    TIME_OFF = "time_off"
    CALENDAR = "calendar"
    OPEN_HOUR = "open_hour"


class BusySeconds(NamedTuple):
    """A busy range in seconds since 1970, as the sweep reads it."""

    begins: int
    ends: int
    kind: BusyKind
    rest_before_minutes: int
    rest_after_minutes: int


class Busy(BusySeconds):
    """A half-open range of instants; an empty one blocks nothing. The rests are its own need before and after it.

    Kept in whole seconds, a part of one counted as busy; `Busy._make` takes what the database gave as it stands.
    """

    __slots__ = ()

    def __new__(
        cls,
        starts_at: datetime,
        ends_at: datetime,
        kind: BusyKind,
        rest_before_minutes: int = 0,
        rest_after_minutes: int = 0,
    ) -> "Busy":
        """Take two instants; a naive datetime is a ValueError."""
        seconds = seconds_of(starts_at), seconds_up_to(ends_at)
        return cls._make((*seconds, kind, rest_before_minutes, rest_after_minutes))

    @property
    def starts_at(self) -> datetime:
        """The instant it begins, in UTC."""
        return instant_of(self.begins)

    @property
    def ends_at(self) -> datetime:
        """The instant it is over, in UTC."""
        return instant_of(self.ends)


@dataclass(frozen=True, slots=True)
class Policy:
    """A peer's wishes for chats, in minutes and days; a step of None means one chat after the other.

    Caps count chats, or the minutes of chats and open hours, on a local date or from Monday to Sunday.
    """

    length_minutes: int = 30
    step_minutes: int | None = None
    rest_before_minutes: int = 0
    rest_after_minutes: int = 0
    notice_minutes: int = 0
    horizon_days: int = 60
    cap_per_day: int | None = None
    cap_per_week: int | None = None
    cap_minutes_per_day: int | None = None
    cap_minutes_per_week: int | None = None

    def __post_init__(self) -> None:
        check_minutes("length", self.length_minutes, GRAIN_MINUTES, DAY_MINUTES)
        check_minutes("step", self.step, GRAIN_MINUTES)
        check_minutes("rest before", self.rest_before_minutes, 0)
        check_minutes("rest after", self.rest_after_minutes, 0)
        if min(self.notice_minutes, self.horizon_days, *(cap or 0 for cap in self.caps)) < 0:
            raise ValueError("notice, horizon and caps are never negative")

    @property
    def step(self) -> int:
        """Minutes from one start on the grid to the next."""
        return self.length_minutes if self.step_minutes is None else self.step_minutes

    @property
    def caps(self) -> tuple[int | None, ...]:
        """Every cap, None where there is no limit."""
        return self.cap_per_day, self.cap_per_week, self.cap_minutes_per_day, self.cap_minutes_per_week

    @property
    def capped(self) -> bool:
        """Say whether any cap is set."""
        return any(cap is not None for cap in self.caps)


@dataclass(frozen=True, slots=True)
class Slot:
    """A start a member may book, in UTC, with the end that follows from the length."""

    starts_at: datetime
    ends_at: datetime

    @property
    def seconds(self) -> tuple[int, int]:
        """Start and end in seconds since 1970, rounded outward."""
        return seconds_of(self.starts_at), seconds_up_to(self.ends_at)
