"""Booking: a coffee chat is set, moved, called off, and lies behind."""

from portal.services.booking.calendar import calendar_entry
from portal.services.booking.cancelling import cancel
from portal.services.booking.ending import end_chats
from portal.services.booking.feeds import end_feed, make_feed, read_feed
from portal.services.booking.moving import move
from portal.services.booking.open_hours import (
    call_next,
    call_off_hour,
    close_past_hours,
    come,
    end_hour,
    go_again,
    offer_hour,
)
from portal.services.booking.past import settle_past
from portal.services.booking.replies import Heard, keep_time, note_listening, take_reply
from portal.services.booking.safe_coffee import arrived, home, let_go_of_trusted, trust, trust_nobody
from portal.services.booking.setting import book

__all__ = [
    "Heard",
    "arrived",
    "book",
    "calendar_entry",
    "call_next",
    "call_off_hour",
    "cancel",
    "close_past_hours",
    "come",
    "end_chats",
    "end_feed",
    "end_hour",
    "go_again",
    "home",
    "keep_time",
    "let_go_of_trusted",
    "make_feed",
    "move",
    "note_listening",
    "offer_hour",
    "read_feed",
    "settle_past",
    "take_reply",
    "trust",
    "trust_nobody",
]
