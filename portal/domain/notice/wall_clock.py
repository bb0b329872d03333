"""Wall-clock times of a zone as instants, and the hours in which a person wants to hear nothing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60


def at_wall(day: date, clock: time, zone: str) -> datetime:
    """The instant (UTC) when the zone's clocks show this. Shown twice: the first; never shown: by the offset before
    the jump, as RFC 5545 3.3.5 has it."""
    return datetime.combine(day, clock.replace(fold=0), ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True)
class QuietHours:
    """From `starts` up to `ends`, in minutes after local midnight; over midnight when starts is later. Equal: none."""

    starts: int = 21 * 60
    ends: int = 9 * 60

    def __post_init__(self) -> None:
        if not (0 <= self.starts < DAY_MINUTES and 0 <= self.ends < DAY_MINUTES):
            raise ValueError("quiet hours are minutes of a day, 0 to 1439")

    def hold(self, at: datetime, zone: str) -> bool:
        """Whether the instant lies in the quiet hours of the zone."""
        minute = _minute(at, zone)
        if self.starts <= self.ends:
            return self.starts <= minute < self.ends
        return minute >= self.starts or minute < self.ends

    def began(self, at: datetime, zone: str) -> datetime:
        """When the quiet around `at` began; `at` itself outside the quiet hours."""
        if not self.hold(at, zone):
            return at
        today = at.astimezone(ZoneInfo(zone)).date()
        day = today if _minute(at, zone) >= self.starts else today - timedelta(days=1)
        return min(at, at_wall(day, _clock(self.starts), zone))

    def over(self, at: datetime, zone: str) -> datetime:
        """When the quiet around `at` is over; `at` itself outside the quiet hours."""
        if not self.hold(at, zone):
            return at
        today = at.astimezone(ZoneInfo(zone)).date()
        day = today if _minute(at, zone) < self.ends else today + timedelta(days=1)
        return max(at, at_wall(day, _clock(self.ends), zone))


def _minute(at: datetime, zone: str) -> int:
    local = at.astimezone(ZoneInfo(zone))
    return local.hour * 60 + local.minute


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
