"""The peer who is measured: 30 days in New York over the clocks' change, 12 windows a week, 200 busy ranges."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal.domain.slots import Busy, BusyKind, Hours, Policy, Window

ZONE = "America/New_York"
NOW = datetime(2026, 2, 23, 15, 7, tzinfo=UTC)
# Of the seeds, one that leaves 362 starts open: the size that was promised about.
SEED = 279
DAYS, RANGES = 30, 200
_WEEK = {
    0: ((9, 12), (17, 20)),
    1: ((17, 20),),
    2: ((9, 12), (17, 20)),
    3: ((17, 20),),
    4: ((9, 12), (14, 17)),
    5: ((10, 12), (13, 16)),
    6: ((10, 12), (14, 17)),
}
WEEK = {weekday: tuple((starts * 60, ends * 60) for starts, ends in windows) for weekday, windows in _WEEK.items()}
POLICY = Policy(
    30,
    step_minutes=15,
    rest_before_minutes=15,
    rest_after_minutes=15,
    notice_minutes=12 * 60,
    horizon_days=DAYS,
)
# Every so many busy ranges is a chat, which needs rest; the others stand in calendars.
_CHATS = 8


@dataclass(frozen=True)
class Case:
    """A whole question: the range of local dates begins at NOW."""

    hours: Hours
    policy: Policy
    busy: tuple[Busy, ...]
    first: date
    last: date


def fresh_hours() -> Hours:
    """Return the hours as just read, with nothing worked out from them yet."""
    week = {day: tuple(Window(starts, ends) for starts, ends in windows) for day, windows in WEEK.items()}
    return Hours(ZONE, week, {})


def case(days: int = DAYS, ranges: int = RANGES, seed: int = SEED) -> Case:
    """Return the case for so many days and busy ranges, of minute precision, most of them a calendar's."""
    rng = Random(seed)
    chats: list[Busy] = []
    calendar: list[Busy] = []
    while len(chats) + len(calendar) < ranges:
        starts = NOW + timedelta(minutes=rng.randrange(days * 1440))
        chat = Busy(starts, starts + timedelta(minutes=30), BusyKind.TAKEN, 15, 15)
        if len(chats) < min(ranges, RANGES) // _CHATS:
            if all(chat.ends <= other.begins or other.ends <= chat.begins for other in chats):
                chats.append(chat)
        else:
            calendar.append(Busy(starts, starts + timedelta(minutes=rng.randrange(5, 60)), BusyKind.CALENDAR))
    first = NOW.astimezone(ZoneInfo(ZONE)).date()
    return Case(
        fresh_hours(),
        replace(POLICY, horizon_days=days),
        (*sorted(chats), *sorted(calendar)),
        first,
        first + timedelta(days=days),
    )
