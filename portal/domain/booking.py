"""A coffee chat's states, and what may be done with it until it starts."""

from datetime import datetime
from enum import StrEnum


class BookingState(StrEnum):
    """What became of a coffee chat."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    HAPPENED = "happened"
    NOT_MADE = "not_made"


def changeable(state: BookingState, starts_at: datetime, now: datetime) -> bool:
    """Say whether a chat may still be moved or cancelled: booked, and not yet begun."""
    return state is BookingState.BOOKED and now < starts_at
