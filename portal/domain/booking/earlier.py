"""Something earlier: a time that has come free is held for one person at a time, for two hours in which they are up."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.notice.wall_clock import QuietHours, at_wall
from portal.domain.slots import Slot
from portal.domain.words import N_

HELD_FOR = timedelta(hours=2)
# With less time than this to answer, an offer would only be a fright: the time stays open to everybody instead.
LEAST_TO_ANSWER = timedelta(minutes=30)
# Whoever cancels may take it back for this long; before, nobody else is offered their time.
UNDO_WITHIN = timedelta(minutes=10)
ANY_TIME = timedelta(days=366)

GONE = N_("This time is no longer held for you.")
ASK_INSTEAD = N_("The person you meet says yes to each chat first. You can ask for any time that is open.")


def held_until(starts_at: datetime, notice: timedelta, now: datetime, zone: str, quiet: QuietHours) -> datetime | None:
    """Return until when a free time is held for somebody in this zone, or None where they could not answer in time.

    Their quiet hours do not count; the peer's notice before the start is kept.
    """
    awake = quiet.over(now, zone)
    until = min(_awake_for(HELD_FOR, awake, zone, quiet), starts_at - notice)
    return until if until - awake >= LEAST_TO_ANSWER else None


def to_offer(
    slots: Iterable[Slot], before: datetime, passed_over: Collection[datetime], kept_free: Sequence[Slot]
) -> list[Slot]:
    """Return what could be offered, the earliest first: before the wish's time, new to them, and truly free.

    `kept_free` are times whose cancelling can still be undone.
    """
    return [
        slot
        for slot in slots
        if slot.starts_at < before
        and slot.starts_at not in passed_over
        and not any(slot.starts_at < kept.ends_at and kept.starts_at < slot.ends_at for kept in kept_free)
    ]


def passed_with(declined: datetime, slots: Iterable[Slot], zone: str) -> list[datetime]:
    """Return what somebody passes over with a time they did not take: it, and what else is open on that day."""
    day = _day(declined, zone)
    return [declined, *(slot.starts_at for slot in slots if _day(slot.starts_at, zone) == day)]


def _awake_for(span: timedelta, at: datetime, zone: str, quiet: QuietHours) -> datetime:
    if quiet.starts == quiet.ends:
        return at + span
    left = span
    while (asleep := _falls_asleep(at, zone, quiet)) < at + left:
        left -= asleep - at
        at = quiet.over(asleep, zone)
    return at + left


def _falls_asleep(at: datetime, zone: str, quiet: QuietHours) -> datetime:
    begins = time(quiet.starts // 60, quiet.starts % 60)
    today = at.astimezone(ZoneInfo(zone)).date()
    tonight = at_wall(today, begins, zone)
    return tonight if tonight > at else at_wall(today + timedelta(days=1), begins, zone)


def _day(at: datetime, zone: str) -> object:
    return at.astimezone(ZoneInfo(zone)).date()
