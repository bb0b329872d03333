"""A letter's way out: its states, how long one try may hold it, and when the next try is due."""

from datetime import datetime, timedelta
from enum import StrEnum


class NoticeState(StrEnum):
    """DUE waits for its time, SENDING is claimed under a lease, VOID lost its reason, FAILED needs a person."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    VOID = "void"
    FAILED = "failed"


LEASE = timedelta(minutes=2)
MOST_TRIES = 10
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` (1 or more) tries came to nothing; None when a person has to look."""
    if attempts < 1:
        raise ValueError("attempts counts the tries already made")
    if attempts >= MOST_TRIES:
        return None
    wait: timedelta = FIRST_WAIT * 2 ** (attempts - 1)
    return now + min(wait, LONGEST_WAIT)
