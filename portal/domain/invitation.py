"""What a person's calendar answers to an invitation (RFC 5545, 3.2.12; RFC 5546, 3.2.3), and which answers count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A clock may be wrong by some hours; a stamp from far ahead would outweigh every answer that follows.
CLOCKS_DIFFER = timedelta(days=1)


class Partstat(StrEnum):
    """Where somebody stands: who set or moved the time has accepted, the other still may."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    TENTATIVE = "TENTATIVE"
    DECLINED = "DECLINED"


ANSWERS: frozenset[Partstat] = frozenset(Partstat) - {Partstat.NEEDS_ACTION}


@dataclass(frozen=True)
class Reply:
    """An answer from a calendar: to which entry and which state of it, when it was made (aware), and by whom."""

    uid: str
    sequence: int
    stamp: datetime
    attendee: str
    partstat: Partstat


@dataclass(frozen=True)
class Asked:
    """The entry an answer is for, as it stands: whose it is, and what was answered last."""

    address: str
    sequence: int
    live: bool
    reply_sequence: int | None = None
    reply_stamp: datetime | None = None


class Passed(StrEnum):
    """Why an answer does not count; for the log, so that it tells nothing."""

    OTHER_PERSON = "other-person"
    OTHER_TIME = "other-time"
    OVER = "over"
    NO_NEWER = "no-newer"
    AHEAD_OF_TIME = "ahead-of-time"


def passed_over(reply: Reply, sender: str, asked: Asked, now: datetime) -> Passed | None:
    """Return why an answer that came from `sender` does not count, or None where it does.

    Only the person's own address, as sender and as attendee, answers for them; only the entry as it stands is
    answered; of several answers the latest made counts, whatever the order they come in (RFC 5546, 2.1.5).
    """
    if not _same(sender, asked.address) or not _same(reply.attendee, asked.address):
        return Passed.OTHER_PERSON
    if not asked.live:
        return Passed.OVER
    if reply.sequence != asked.sequence:
        return Passed.OTHER_TIME
    if reply.stamp > now + CLOCKS_DIFFER:
        return Passed.AHEAD_OF_TIME
    last = asked.reply_stamp if asked.reply_sequence == asked.sequence else None
    return Passed.NO_NEWER if last is not None and reply.stamp <= last else None


def _same(one: str, other: str) -> bool:
    return one.strip().lower() == other.strip().lower()
