"""What can be wrong with a peer's own calendar, in a sentence that says what to do, and the limits of one reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.domain.slots.spans import Span
from portal.domain.words import N_

LARGEST_BYTES = 1024 * 1024
MOST_CALENDARS = 8
MOST_TOLD = 5
# What is kept begins a day back and reaches further than anybody may book, so that a calendar that cannot be read for
# a while does not turn free at its far end. A file is read once only, and for long.
BEHIND = timedelta(days=1)
AHEAD = timedelta(days=120)
AHEAD_OF_FILE = timedelta(days=366)
READ_EVERY = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=12)
TOLD_AGAIN_AFTER = timedelta(days=7)


class Trouble(StrEnum):
    """Why a calendar could not be read, or not wholly."""

    NOT_ADDRESS = "not_address"
    NOT_SECURE = "not_secure"
    OTHER_KIND = "other_kind"
    PASSWORD = "password"
    PORT = "port"
    NO_NAME = "no_name"
    PRIVATE = "private"
    UNKNOWN = "unknown"
    AWAY = "away"
    SLOW = "slow"
    NOT_TRUSTED = "not_trusted"
    SIGN_IN = "sign_in"
    GONE = "gone"
    WANDERS = "wanders"
    ODD = "odd"
    CUT_SHORT = "cut_short"
    TOO_LARGE = "too_large"
    NOT_CALENDAR = "not_calendar"
    TOO_MANY = "too_many"
    TOO_HARD = "too_hard"
    SOME = "some"

    @property
    def sentence(self) -> str:
        """The sentence for the peer whose calendar it is, marked for translation."""
        return SENTENCES[self]


class Unreadable(Exception):
    """A calendar could not be read; only a code, never the text of a foreign error or of the calendar."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that could not be read: the day it begins, where that much could be read, else its place in the file."""

    place: int
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a calendar told: when somebody is busy, in order and joined, and which entries could not be read."""

    busy: tuple[Span, ...]
    unread: tuple[Entry, ...] = ()


SENTENCES: Mapping[Trouble, str] = {
    Trouble.NOT_ADDRESS: N_(
        "This is not an address we know how to read. Copy the whole of it, from https:// or webcal:// on."
    ),
    Trouble.NOT_SECURE: N_(
        "This address begins with http://, where anybody on the way could read along. Use https://."
    ),
    Trouble.OTHER_KIND: N_("Only addresses that begin with https:// or webcal:// can be read."),
    Trouble.PASSWORD: N_(
        "This address has a name or a password before an @. Use the secret address that your calendar gives out."
    ),
    Trouble.PORT: N_("This address has a number after its name, such as :8443. Only those without one can be read."),
    Trouble.NO_NAME: N_("This address has no full name in it, such as calendar.example.org. Copy the whole address."),
    Trouble.PRIVATE: N_(
        "This address leads into a private network, which we never look into. Use an address that is open to the web."
    ),
    Trouble.UNKNOWN: N_("The name in this address could not be found. Is the address still right?"),
    Trouble.AWAY: N_("Your calendar’s home could not be reached. We try again by ourselves."),
    Trouble.SLOW: N_("Your calendar’s home took very long to answer. We try again by ourselves."),
    Trouble.NOT_TRUSTED: N_(
        "Your calendar’s home could not prove its name, so we did not go on. We try again by ourselves."
    ),
    Trouble.SIGN_IN: N_("Your calendar asked us to sign in. Use its secret address, which works without a password."),
    Trouble.GONE: N_("There is no calendar at this address any more. Copy the address again from your calendar."),
    Trouble.WANDERS: N_("This address sends us on to a place that we do not go to. Copy the address once more."),
    Trouble.ODD: N_("Your calendar’s home answered with something we do not understand. We try again by ourselves."),
    Trouble.CUT_SHORT: N_("The calendar came only in part. Nothing of it was taken."),
    Trouble.TOO_LARGE: N_("This calendar is larger than 1 MB. Try one with fewer years in it."),
    Trouble.NOT_CALENDAR: N_("This is not a calendar. A calendar’s file begins with BEGIN:VCALENDAR."),
    Trouble.TOO_MANY: N_("This calendar has more entries than we can read. Try one with fewer years in it."),
    Trouble.TOO_HARD: N_("This calendar took too long to read. An entry in it may repeat in an unusual way."),
    Trouble.SOME: N_("Some of this calendar could not be read."),
}


# What often heals by itself is told to the peer only when it lasts.
HEALS = frozenset(
    {Trouble.UNKNOWN, Trouble.AWAY, Trouble.SLOW, Trouble.NOT_TRUSTED, Trouble.ODD, Trouble.CUT_SHORT, Trouble.TOO_HARD}
)


def tell_at(trouble: Trouble, now: datetime) -> datetime:
    """Return when a letter about a trouble that begins now is due."""
    return now + (timedelta(days=1) if trouble in HEALS else timedelta(hours=1))


def next_reading(now: datetime, well_at: datetime) -> datetime:
    """Return when to try again what was last well at that moment: soon, then after as long again."""
    return now + min(max(now - well_at, READ_EVERY), LONGEST_WAIT)


def told_of(entries: Sequence[Entry]) -> str:
    """Return which entries could not be read, as it is kept: how many, and the first few by day or place."""
    shown = [entry.day.isoformat() if entry.day is not None else f"#{entry.place}" for entry in entries[:MOST_TOLD]]
    return " ".join((str(len(entries)), *shown))


def heard_from(told: str) -> tuple[int, tuple[Entry, ...]]:
    """Return how many entries could not be read, and the first few of them."""
    count, *shown = told.split()
    return int(count), tuple(
        Entry(int(each[1:])) if each.startswith("#") else Entry(0, date.fromisoformat(each)) for each in shown
    )
