"""The front door of booking."""

from portal.web.booking import (
    asking,
    cancelling,
    change,
    chat,
    choose,
    earlier,
    feeds,
    not_made,
    open_hours,
    replies,
    rhythm,
    safe,
)
from portal.web.booking.blueprint import blueprint

__all__ = [
    "asking",
    "blueprint",
    "cancelling",
    "change",
    "chat",
    "choose",
    "earlier",
    "feeds",
    "not_made",
    "open_hours",
    "replies",
    "rhythm",
    "safe",
]
