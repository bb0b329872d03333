"""Which free times to offer when the wished one is closed."""

from collections.abc import Sequence
from datetime import datetime
from heapq import nsmallest

from portal.domain.slots.values import Slot


def nearest(slots: Sequence[Slot], starts_at: datetime, count: int = 3) -> tuple[Slot, ...]:
    """Return the `count` slots that start nearest to an instant, in the order of time; of two as near, the earlier."""
    chosen = nsmallest(count, slots, key=lambda slot: (abs(slot.starts_at - starts_at), slot.starts_at))
    return tuple(sorted(chosen, key=lambda slot: slot.starts_at))
