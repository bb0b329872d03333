"""When reminders of a chat and news of its cancelling are due (letters.md, Reminders)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.domain.notice.leads import Lead
from portal.domain.notice.wall_clock import QuietHours

TOO_NEAR_TO_HOLD = timedelta(hours=12)
# As long as a cancellation can be undone, its letters wait.
UNDO_FOR = timedelta(minutes=10)
ONE_LETTER_WITHIN = timedelta(minutes=30)


class Fate(StrEnum):
    """What becomes of a reminder: it COMES, comes EARLIER for quiet hours, meets one that comes anyway, or is PAST."""

    COMES = "comes"
    EARLIER = "earlier"
    MEETS = "meets"
    PAST = "past"


WILL_COME = frozenset({Fate.COMES, Fate.EARLIER})


@dataclass(frozen=True)
class Foreseen:
    """One lead of a plan for one chat; `due_at` (UTC) is when it comes, or would have come."""

    lead: Lead
    due_at: datetime
    fate: Fate


def foreseen(
    starts_at: datetime, zone: str, plan: Sequence[Lead], quiet: QuietHours, now: datetime
) -> tuple[Foreseen, ...]:
    """What each lead of a plan (the longest first) comes to for a chat.

    A lead time that is already past is skipped: the confirmation stands for it. Quiet hours pull a reminder to the
    moment they begin, never later; one that would then be past, or meet another, is left out.
    """
    seen: set[datetime] = set()
    found = []
    for lead in plan:
        plain = lead.before(starts_at, zone)
        due_at = quiet.began(plain, zone)
        if due_at <= now:
            fate = Fate.PAST
        elif due_at in seen:
            fate = Fate.MEETS
        else:
            fate = Fate.EARLIER if due_at < plain else Fate.COMES
        seen.add(due_at)
        found.append(Foreseen(lead, due_at, fate))
    return tuple(found)


def reminders_due(
    starts_at: datetime, zone: str, plan: Sequence[Lead], quiet: QuietHours, now: datetime
) -> tuple[tuple[Lead, datetime], ...]:
    """The reminders still worth sending for a chat, soonest first, as (lead, due instant in UTC)."""
    told = (each for each in foreseen(starts_at, zone, plan, quiet, now) if each.fate in WILL_COME)
    return tuple((each.lead, each.due_at) for each in sorted(told, key=lambda each: each.due_at))


def undo_over_at(starts_at: datetime, now: datetime) -> datetime:
    """When to say that a chat is off to who is awake anyway: in ten minutes, or now if it starts within 12 hours."""
    return now if starts_at - now <= TOO_NEAR_TO_HOLD else now + UNDO_FOR


def cancellation_due_at(starts_at: datetime, zone: str, quiet: QuietHours, at: datetime) -> datetime:
    """When to say that a chat is off: at this time, or after the quiet hours, but 12 hours before it at the latest."""
    return held_until(starts_at - TOO_NEAR_TO_HOLD, zone, quiet, at)


def held_until(latest: datetime, zone: str, quiet: QuietHours, at: datetime) -> datetime:
    """When to say what may wait for the morning: at this time, or after the quiet hours, but then by `latest`."""
    return max(at, min(quiet.over(at, zone), latest))


def near_in_time(one: datetime, other: datetime) -> bool:
    """Say whether two reminders of the same day are due so near to one another that one letter is enough."""
    return abs(one - other) <= ONE_LETTER_WITHIN


def same_local_day(one: datetime, other: datetime, zone: str) -> bool:
    """Say whether two chats share one reminder: both start on the same day in the reader's zone."""
    reader = ZoneInfo(zone)
    return one.astimezone(reader).date() == other.astimezone(reader).date()
