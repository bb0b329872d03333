"""The front door of booking."""

from portal.web.booking import asking, change, chat, choose, earlier, feeds, open_hours, replies, rhythm, safe
from portal.web.booking.blueprint import blueprint

__all__ = [
    "asking",
    "blueprint",
    "change",
    "chat",
    "choose",
    "earlier",
    "feeds",
    "open_hours",
    "replies",
    "rhythm",
    "safe",
]
