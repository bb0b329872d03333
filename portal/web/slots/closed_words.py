"""Why a run of times is closed, in a few words for the peer whose day it is."""

from collections.abc import Mapping

from flask_babel import gettext as _

from portal.domain.slots import Closed
from portal.domain.words import N_

WORDS: Mapping[Closed, str] = {
    Closed.OUTSIDE_HOURS: N_("outside your hours"),
    Closed.OFF_GRID: N_("between two starts"),
    Closed.OTHER_WAY: N_("open for other ways to meet"),
    Closed.TIME_OFF: N_("your time off"),
    Closed.TAKEN: N_("taken by a chat"),
    Closed.CALENDAR: N_("something in your own calendar"),
    Closed.OPEN_HOUR: N_("your open hour"),
    Closed.MEMBER_TAKEN: N_("the other person is not free"),
    Closed.REST: N_("rest around a chat"),
    Closed.TOO_SOON: N_("sooner than the notice you asked for"),
    Closed.TOO_FAR: N_("further ahead than can be booked for now"),
    Closed.CAP_DAY: N_("as many chats that day as you wished for"),
    Closed.CAP_WEEK: N_("as many chats that week as you wished for"),
    Closed.PAST: N_("gone by"),
}


def run_words(closed: Closed | None) -> str:
    """Return "taken by a chat", or "open"."""
    return str(_("open") if closed is None else _(WORDS[closed]))
