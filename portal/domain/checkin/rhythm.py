"""The rhythm of a check-in: the days and the time on the member's own clock, and when the next one goes out."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.checkin.silence import SILENCE_DAYS
from portal.domain.errors import BadInput
from portal.domain.notice.wall_clock import DAY_MINUTES, at_wall
from portal.domain.words import N_

WEEKS: tuple[int, ...] = (2, 4, 8, 12, 26)
WEEK_DAYS = 7
# What is this late waits for nothing any more if the next one is near: after a standstill one comes, not two.
LATE = timedelta(hours=1)
NEXT_IS_NEAR = timedelta(hours=12)

NO_DAY = N_("Choose at least one day.")
NO_TIME = N_("Choose a time of day.")
NO_END = N_("Choose for how long.")
NO_SUCH_SILENCE = N_("Choose one of these.")
HOLD_AHEAD = N_("Choose a day that is still to come.")
HOLD_TOO_LONG = N_("The check-in ends before that day by itself. Choose an earlier one.")


@dataclass(frozen=True)
class Rhythm:
    """On which weekdays (0 is Monday), at which minute of the day, up to which day; all by the member's clock."""

    weekdays: frozenset[int]
    at_minute: int
    last_day: date

    @property
    def clock(self) -> time:
        """The time of day."""
        return time(self.at_minute // 60, self.at_minute % 60)


@dataclass(frozen=True)
class Wish:
    """What a member asks for; raises BadInput for what cannot be. `silence_days` None: silence is never spoken of."""

    weekdays: frozenset[int]
    at_minute: int
    weeks: int
    silence_days: int | None

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(WEEK_DAYS)):
            raise BadInput("days", NO_DAY)
        if not 0 <= self.at_minute < DAY_MINUTES:
            raise BadInput("at", NO_TIME)
        if self.weeks not in WEEKS:
            raise BadInput("weeks", NO_END)
        if self.silence_days is not None and self.silence_days not in SILENCE_DAYS:
            raise BadInput("silence", NO_SUCH_SILENCE)

    def rhythm(self, zone: str, now: datetime) -> Rhythm:
        """Return the rhythm that begins now: its last day lies so many weeks ahead by the member's clock."""
        return Rhythm(self.weekdays, self.at_minute, local_day(now, zone) + timedelta(weeks=self.weeks))


def next_at(rhythm: Rhythm, zone: str, after: datetime, not_before: date | None = None) -> datetime | None:
    """Return the first instant (UTC) after this one at which a check-in goes out, None where the rhythm is over.

    By the clock on the wall: a change of the clocks moves nothing (domain.notice.wall_clock.at_wall).
    """
    first = max(local_day(after, zone), not_before or date.min)
    for ahead in range(WEEK_DAYS + 1):
        day = first + timedelta(days=ahead)
        if day > rhythm.last_day:
            return None
        at = at_wall(day, rhythm.clock, zone)
        if day.weekday() in rhythm.weekdays and at > after:
            return at
    return None


def goes_out(due: datetime, now: datetime, following: datetime | None) -> bool:
    """Say whether what was due then still goes out now: of a late one and one that comes soon, only the second."""
    return now - due <= LATE or following is None or following - now > NEXT_IS_NEAR


def checked_hold(until: date | None, rhythm: Rhythm, zone: str, now: datetime) -> date:
    """Return the day from which a held check-in goes on; BadInput where it has begun, or lies past the last one."""
    if until is None or until <= local_day(now, zone):
        raise BadInput("until", HOLD_AHEAD)
    if until > rhythm.last_day:
        raise BadInput("until", HOLD_TOO_LONG)
    return until


def local_day(instant: datetime, zone: str) -> date:
    """Return the date on the zone's calendars."""
    return instant.astimezone(ZoneInfo(zone)).date()
