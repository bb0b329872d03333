"""Booking: a coffee chat is set or asked for, moved, called off, and lies behind."""

from portal.services.booking.answering import lapse_asked, not_this_time, say_yes, take_back
from portal.services.booking.asking import ask
from portal.services.booking.calendar import calendar_entry
from portal.services.booking.cancelling import cancel
from portal.services.booking.earlier import stop_wishing, wish_earlier
from portal.services.booking.ending import end_chats
from portal.services.booking.feeds import end_feed, make_feed, read_feed
from portal.services.booking.moving import move
from portal.services.booking.not_made import say_not_made
from portal.services.booking.offering import offer_earlier
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
from portal.services.booking.series import end_rhythm, set_rhythm
from portal.services.booking.setting import book
from portal.services.booking.taking import no_thanks, take
from portal.services.booking.undoing import undo

__all__ = [
    "Heard",
    "arrived",
    "ask",
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
    "end_rhythm",
    "go_again",
    "home",
    "keep_time",
    "lapse_asked",
    "let_go_of_trusted",
    "make_feed",
    "move",
    "no_thanks",
    "not_this_time",
    "note_listening",
    "offer_earlier",
    "offer_hour",
    "read_feed",
    "say_not_made",
    "say_yes",
    "set_rhythm",
    "settle_past",
    "stop_wishing",
    "take",
    "take_back",
    "take_reply",
    "trust",
    "trust_nobody",
    "undo",
    "wish_earlier",
]
