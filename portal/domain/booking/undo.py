"""Taking a cancellation back: for ten minutes, by who cancelled, where the time has not gone to somebody else."""

from collections.abc import Sequence
from datetime import datetime

from portal.domain.booking.states import BookingState
from portal.domain.notice import UNDO_FOR
from portal.domain.slots import Busy, BusyKind, Policy, Slot
from portal.domain.slots.rules import closed_spans
from portal.domain.words import N_

UNDO_OVER = N_("The ten minutes for undoing it are over. Any open time can be booked anew.")
TIME_GONE = N_("That time has gone to something else in the meantime. These are free and near it.")


def undone_until(state: BookingState, cancelled_at: datetime | None, starts_at: datetime) -> datetime | None:
    """Return until when a chat that is cancelled can be had back: ten minutes, and before its start; else None."""
    if state is not BookingState.CANCELLED or cancelled_at is None:
        return None
    return min(cancelled_at + UNDO_FOR, starts_at)


def stands_free(slot: Slot, busy: Sequence[Busy], policy: Policy) -> bool:
    """Say whether nothing has come into a time that was agreed before; hours, notice and caps do not count again.

    A peer's own calendar may still hold the very chat that is to come back, so it does not count either.
    """
    others = [each for each in busy if each.kind is not BusyKind.CALENDAR]
    starts, ends = slot.starts_at.timestamp(), slot.ends_at.timestamp()
    return all(over <= starts or ends <= begins for begins, over in closed_spans(others, policy))
