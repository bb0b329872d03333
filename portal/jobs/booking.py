"""Back door of booking: what lies behind, what nobody answered, what has come free, what is of no more use."""

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


def answer_for_silence() -> None:
    """Let go of questions that have waited as long as they could, and offer what has come free."""
    now = clock.now()
    booking.lapse_asked(now=now)
    booking.offer_earlier(now=now)
