"""The front door of the thread between two people and of its check-in."""

from portal.web.checkin import check_in, closing, heavy, peers_side, texts, thread
from portal.web.checkin.blueprint import blueprint

__all__ = ["blueprint", "check_in", "closing", "heavy", "peers_side", "texts", "thread"]
