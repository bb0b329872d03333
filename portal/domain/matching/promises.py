"""What the portal promises about time, and whether a promise is late. Waiting never rejects anybody."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from portal.domain.matching.walk import State

SHORTLIST_HOURS = 24
ANSWER_HOURS = 48
CHAT_OFFER_DAYS = 3
HUMAN_NOTE_DAYS = 3
LONGEST_DAYS = 14

# How long a state may last before somebody looks; the others wait for the person the walk belongs to, without a limit.
PROMISES: Mapping[State, timedelta] = MappingProxyType(
    {
        State.ASKED: timedelta(hours=SHORTLIST_HOURS),
        State.INVITED: timedelta(hours=ANSWER_HOURS),
        State.BOTH_YES: timedelta(days=CHAT_OFFER_DAYS),
    }
)
WAITING: frozenset[State] = frozenset(
    {State.ASKED, State.SHORTLISTED, State.OFFERING, State.CHOSEN, State.HELD, State.INVITED, State.BOTH_YES}
)


def due(state: State, since: datetime) -> datetime | None:
    """When the promise for a state that began at `since` runs out; None where nothing was promised."""
    promise = PROMISES.get(state)
    return None if promise is None else since + promise


def overdue(state: State, since: datetime, now: datetime) -> bool:
    """Whether the promise for this state has run out; exactly at its end it has."""
    end = due(state, since)
    return end is not None and now >= end


def too_long(state: State, asked_at: datetime, now: datetime) -> bool:
    """Whether somebody has waited longer than anybody should."""
    return state in WAITING and now - asked_at > timedelta(days=LONGEST_DAYS)
