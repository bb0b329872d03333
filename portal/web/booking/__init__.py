"""The front door of booking."""

from portal.web.booking import change, chat, choose, feeds, replies, safe
from portal.web.booking.blueprint import blueprint

__all__ = ["blueprint", "change", "chat", "choose", "feeds", "replies", "safe"]
