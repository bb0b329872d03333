"""When reminders of a chat and news of its cancelling are due (letters.md, Reminders)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.domain.notice.kind import Kind
from portal.domain.notice.wall_clock import QuietHours, at_wall

HOURS_BEFORE = timedelta(hours=2)
TOO_NEAR_TO_HOLD = timedelta(hours=12)
# As long as a cancellation can be undone, its letters wait.
UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class ReminderPlan:
    """Which reminders a person wants; both unless they said otherwise."""

    day_before: bool = True
    hours_before: bool = True


def reminders_due(
    starts_at: datetime, zone: str, plan: ReminderPlan, quiet: QuietHours, now: datetime
) -> tuple[tuple[Kind, datetime], ...]:
    """The reminders still worth sending for a chat, soonest first, as (kind, due instant in UTC).

    A lead time that is already past is skipped: the confirmation stands for it. Quiet hours pull a reminder to the
    moment they begin, never later; one that would then be past, or meet another, is left out.
    """
    found: dict[datetime, Kind] = {}
    for kind, lead in _leads(starts_at, zone, plan):
        due = quiet.began(lead, zone)
        if due > now:
            found.setdefault(due, kind)
    return tuple((kind, due) for due, kind in sorted(found.items()))


def _leads(starts_at: datetime, zone: str, plan: ReminderPlan) -> Iterable[tuple[Kind, datetime]]:
    if plan.day_before:
        local = starts_at.astimezone(ZoneInfo(zone))
        yield Kind.REMINDER_DAY, at_wall(local.date() - timedelta(days=1), local.time(), zone)
    if plan.hours_before:
        yield Kind.REMINDER_HOURS, starts_at.astimezone(UTC) - HOURS_BEFORE


def undo_over_at(starts_at: datetime, now: datetime) -> datetime:
    """When to say that a chat is off to who is awake anyway: in ten minutes, or now if it starts within 12 hours."""
    return now if starts_at - now <= TOO_NEAR_TO_HOLD else now + UNDO_FOR


def cancellation_due_at(starts_at: datetime, zone: str, quiet: QuietHours, at: datetime) -> datetime:
    """When to say that a chat is off: at this time, or after the quiet hours, but 12 hours before it at the latest."""
    return held_until(starts_at - TOO_NEAR_TO_HOLD, zone, quiet, at)


def held_until(latest: datetime, zone: str, quiet: QuietHours, at: datetime) -> datetime:
    """When to say what may wait for the morning: at this time, or after the quiet hours, but then by `latest`."""
    return max(at, min(quiet.over(at, zone), latest))


def same_local_day(one: datetime, other: datetime, zone: str) -> bool:
    """Say whether two chats share one reminder: both start on the same day in the reader's zone."""
    reader = ZoneInfo(zone)
    return one.astimezone(reader).date() == other.astimezone(reader).date()
