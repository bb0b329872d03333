"""A peer's own view of a day and of a change: the day's starts in runs with why each is closed, and what a change does.

All of it asks open_slots and why_closed, so that nothing here can say otherwise than they do.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from portal.domain.experience import Format
from portal.domain.slots.hours import GRAIN_MINUTES, Hours
from portal.domain.slots.instants import local_date
from portal.domain.slots.sweep import open_slots
from portal.domain.slots.values import Busy, Policy, Slot
from portal.domain.slots.why import Closed, why_closed

_AROUND = timedelta(days=2)
_FAR_DAYS = 10


@dataclass(frozen=True, slots=True)
class Run:
    """Starts that follow one another and share an answer: from the first to a step past the last; None is open."""

    starts_at: datetime
    ends_at: datetime
    closed: Closed | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The open times that a change of hours adds and takes away, each in order."""

    opens: tuple[Slot, ...]
    closes: tuple[Slot, ...]


def difference(before: Collection[Slot], after: Collection[Slot]) -> Difference:
    """Return what a change does to the open times."""
    held, wanted = set(before), set(after)
    return Difference(
        tuple(slot for slot in after if slot not in held), tuple(slot for slot in before if slot not in wanted)
    )


def lies_outside(hours: Hours, slot: Slot) -> bool:
    """Say whether a chat of any length, off the grid too, lies outside the hours, if only in part."""
    minutes = int((slot.ends_at - slot.starts_at) / timedelta(minutes=1))
    length = max(GRAIN_MINUTES, -(-minutes // GRAIN_MINUTES) * GRAIN_MINUTES)
    anything = Policy(length, step_minutes=GRAIN_MINUTES, horizon_days=_FAR_DAYS)
    return why_closed(hours, anything, (), slot.starts_at, slot.starts_at - _AROUND) is not None


def runs_of_day(
    hours: Hours,
    policy: Policy,
    busy: Sequence[Busy],
    day: date,
    zone: str,
    now: datetime,
    way: Format | None = None,
) -> tuple[Run, ...]:
    """Return every start that the hours allow on a date of this zone, in order, in runs of one answer each."""
    step = timedelta(minutes=policy.step)
    told = [
        (slot.starts_at, why_closed(hours, policy, busy, slot.starts_at, now, way))
        for slot in _grid(hours, policy, day)
        if local_date(slot.starts_at, zone) == day
    ]
    runs: list[Run] = []
    for closed, group in groupby(told, key=lambda start: start[1]):
        for starts_at, _closed in group:
            if runs and runs[-1].closed is closed and runs[-1].ends_at == starts_at:
                runs[-1] = replace(runs[-1], ends_at=starts_at + step)
            else:
                runs.append(Run(starts_at, starts_at + step, closed))
    return tuple(runs)


def _grid(hours: Hours, policy: Policy, day: date) -> tuple[Slot, ...]:
    """Return the starts of the dates around a day with nothing in the way of any."""
    free = Policy(policy.length_minutes, step_minutes=policy.step_minutes, horizon_days=_FAR_DAYS)
    early = datetime.combine(day, time(), UTC) - 2 * _AROUND
    return open_slots(hours, free, (), day - _AROUND, day + _AROUND, early)
