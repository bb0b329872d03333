"""Back door of booking: what lies behind."""

from portal import clock
from portal.services import booking


def settle() -> None:
    """Mark the chats whose end has passed."""
    booking.settle_past(now=clock.now())
