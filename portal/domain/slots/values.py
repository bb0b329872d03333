"""What open slots are made from beside hours: busy ranges as instants, a peer's policy, and a slot."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from portal.domain.slots.hours import DAY_MINUTES, GRAIN_MINUTES, check_minutes
from portal.domain.slots.instants import as_utc


class BusyKind(StrEnum):
    """Whose time is not free, and by what."""

    TAKEN = "taken"
    MEMBER_TAKEN = "member_taken"
    TIME_OFF = "time_off"
    CALENDAR = "calendar"
    OPEN_HOUR = "open_hour"


@dataclass(frozen=True, slots=True)
class Busy:
    """A half-open range of instants; an empty one blocks nothing. The rests are its own need before and after it."""

    starts_at: datetime
    ends_at: datetime
    kind: BusyKind
    rest_before_minutes: int = 0
    rest_after_minutes: int = 0

    def __post_init__(self) -> None:
        # Two datetimes of one zone are compared by their wall time, which is wrong when clocks go back.
        if self.starts_at.tzinfo is not UTC or self.ends_at.tzinfo is not UTC:
            object.__setattr__(self, "starts_at", as_utc(self.starts_at))
            object.__setattr__(self, "ends_at", as_utc(self.ends_at))


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
        caps = (self.cap_per_day, self.cap_per_week, self.cap_minutes_per_day, self.cap_minutes_per_week)
        if min(self.notice_minutes, self.horizon_days, *(cap or 0 for cap in caps)) < 0:
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
