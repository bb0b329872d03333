"""Booking: a coffee chat is set, moved, called off, and lies behind."""

from portal.services.booking.calendar import calendar_entry
from portal.services.booking.cancelling import cancel
from portal.services.booking.ending import end_chats
from portal.services.booking.moving import move
from portal.services.booking.past import settle_past
from portal.services.booking.setting import book

__all__ = ["book", "calendar_entry", "cancel", "end_chats", "move", "settle_past"]
