"""The one function for all doors: the page, the submit, the approval and the move ask it what is open."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter

from portal.domain.experience import Format
from portal.domain.slots.grid import Run, grid_between, open_time
from portal.domain.slots.hours import Hours
from portal.domain.slots.instants import FOREVER, MINUTE, instant_of
from portal.domain.slots.rules import closed_spans, limits_at
from portal.domain.slots.spans import Seconds
from portal.domain.slots.values import Busy, Policy, Slot

# The first and the latest start, in seconds.
Stretch = tuple[int, int]

# Two months of starts every five minutes.
_KEPT_SLOTS = 20_000


def open_slots(
    hours: Hours,
    policy: Policy,
    busy: Sequence[Busy],
    first: date,
    last: date,
    now: datetime,
    way: Format | None = None,
) -> tuple[Slot, ...]:
    """Return the open slots that start on the peer's local dates first to last, both included, in order.

    A slot lies within the hours that allow the `way` to meet; for None, any one way will do. `busy` needs the chats of
    whole local days and weeks where a cap is set, also outside first to last.
    """
    limits = limits_at(hours, policy, busy, now)
    first, last = max(first, limits.today), min(last, limits.last_day)
    if first > last:
        return ()
    step, length = policy.step * MINUTE, policy.length_minutes * MINUTE
    grid = grid_between(hours, step, first, last)
    if limits.capped:
        full = {day for day in {run[3] for run in grid.runs} if limits.day_is_full(day) or limits.week_is_full(day)}
        grid = grid._replace(runs=[run for run in grid.runs if run[3] not in full])
    closed = sorted([(-FOREVER, limits.earliest), *closed_spans(busy, policy)], key=itemgetter(0))
    if grid.apart and not grid.narrowed:
        found = _free(_whole(grid.runs, length), step, length, closed)
    else:
        ways = Format if way is None else (way,)
        times = [open_time(hours, each, first, last) for each in ways] if grid.narrowed else [grid.open_time]
        parts = (_free(_parts(grid.runs, time, step, length), step, length, closed) for time in times)
        found = sorted({start for part in parts for start in part})
    return tuple(map(_slots(length).__getitem__, found))


def _whole(runs: Sequence[Run], length: int) -> list[Stretch]:
    """Return the first and the latest start of each run for a chat that lies within its own window."""
    return [(starts, closes - length if closes - length < ends else ends - 1) for starts, ends, closes, _day in runs]


def _parts(runs: Sequence[Run], allowed: Sequence[Seconds], step: int, length: int) -> list[Stretch]:
    """Return the first and the latest start of each run for a chat that lies in one of the allowed spans."""
    ends_of_allowed = [closes for _opens, closes in allowed]
    return [
        (max(starts, opens + (starts - opens) % step), min(ends - 1, closes - length))
        for starts, ends, _closes, _day in runs
        for opens, closes in allowed[bisect_right(ends_of_allowed, starts) : bisect_left(allowed, (ends,))]
    ]


def _free(stretches: Sequence[Stretch], step: int, length: int, closed: Sequence[Seconds]) -> list[int]:
    """Return the starts in these stretches whose chats touch no closed span.

    Both come in order of their starts, so that one walk over them side by side is enough.
    """
    found: list[int] = []
    closed = [*closed, (FOREVER, FOREVER + 1)]
    at = 0
    for first, latest in stretches:
        while closed[at][1] <= first:
            at += 1
        start, look = first, at
        while start <= latest:
            shuts, reopens = closed[look]
            look += 1
            if shuts == reopens:
                continue
            if shuts - length >= latest:
                found += range(start, latest + 1, step)
                break
            if shuts - length >= start:
                found += range(start, shuts - length + 1, step)
            if reopens > start:
                start = reopens + (first - reopens) % step
    return found


class _Slots(dict[int, Slot]):
    """Slots of one length by their start in seconds, kept because all peers share them."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self._length = length

    def __missing__(self, start: int) -> Slot:
        if len(self) >= _KEPT_SLOTS:
            self.clear()
        slot = self[start] = Slot(instant_of(start), instant_of(start + self._length))
        return slot


_slots = lru_cache(maxsize=32)(_Slots)
