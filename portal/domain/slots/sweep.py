"""The one function for all doors: the page, the submit, the approval and the move ask it what is open."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from portal.domain.experience import Format
from portal.domain.slots.grid import Span, fits_way, grid_between, merge
from portal.domain.slots.hours import Hours
from portal.domain.slots.rules import closed_spans, limits_at
from portal.domain.slots.values import Busy, Policy, Slot


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
    starts = grid_between(hours, policy, first, last).starts if first <= last else []
    days = {start.day for start in starts}
    open_days = {day for day in days if not (limits.day_is_full(day) or limits.week_is_full(day))}
    allowed = [s.slot for s in starts if s.day in open_days and s.slot.starts_at >= limits.earliest]
    free = _free(allowed, merge(closed_spans(busy, policy)))
    return tuple(slot for slot in free if fits_way(hours, slot, way))


def _free(slots: Sequence[Slot], closed: Sequence[Span]) -> Iterator[Slot]:
    """Give the slots that touch no closed span; both come in order, so one walk over both is enough."""
    at, count = 0, len(closed)
    for slot in slots:
        while at < count and closed[at][1] <= slot.starts_at:
            at += 1
        if at == count or slot.ends_at <= closed[at][0]:
            yield slot
