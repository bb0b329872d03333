"""Back door of booking: what lies behind, and what is of no more use."""

from portal import clock
from portal.services import booking


def settle() -> None:
    """Mark the chats whose end has passed, and close the open hours that are over."""
    now = clock.now()
    booking.settle_past(now=now)
    booking.close_past_hours(now=now)


def clear_out() -> None:
    """Forget who was trusted for chats that are long over."""
    booking.let_go_of_trusted(now=clock.now())
