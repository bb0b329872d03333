"""The front door of slots: a peer's week, other hours on a date, time off, how chats are cut, and what members see."""

from portal.web.slots import away, calendars, chats, copy, dates, seen, week
from portal.web.slots.blueprint import blueprint

__all__ = ["away", "blueprint", "calendars", "chats", "copy", "dates", "seen", "week"]
