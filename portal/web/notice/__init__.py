"""The front door of notice: the state of the letters, the link in each letter, ending reminders."""

from portal.web.notice import follow, state, texts, unsubscribe
from portal.web.notice.blueprint import blueprint

__all__ = ["blueprint", "follow", "state", "texts", "unsubscribe"]
