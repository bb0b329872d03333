""" "I have arrived", "I am home": when either can be said, whom it reaches, and until when somebody waits for it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.experience import IN_PERSON, Format
from portal.domain.words import N_

HOUR = timedelta(hours=1)
ARRIVES_BEFORE = HOUR
HOME_WITHIN = timedelta(hours=24)
# What was written about a person of trust is of no use after this, and is let go.
KEPT = timedelta(days=2)
HOURS_AFTER = (1, 2, 3)
NAME_LENGTH = 60

NO_ADDRESS = N_("Please write an e-mail address, such as sam@example.org.")
OWN_ADDRESS = N_("That is your own address. Please write the one of somebody you trust.")
NOTHING_TOLD = N_("Please tick what they may be told.")
NOT_OFFERED = N_("Please choose one from the list.")
TOO_EARLY = N_("It is a little early for that. The button is there from an hour before you meet.")
NOBODY_GOES = N_("Nobody goes anywhere for this chat, so there is nothing to say here.")
TOO_LATE = N_("This chat lies behind you. There is nothing more to say here.")


class Tell(StrEnum):
    """What a person of trust may be told."""

    ARRIVED = "arrived"
    HOME = "home"
    WAITS = "waits"


TELL_WORDS: Mapping[Tell, str] = {
    Tell.ARRIVED: N_("When I say that I have arrived"),
    Tell.HOME: N_("When I say that I am home"),
    Tell.WAITS: N_("When I have not said in time that I am home"),
}


def is_for(way: Format) -> bool:
    """Say whether a chat is one to which somebody goes."""
    return way in IN_PERSON


def may_arrive(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Say whether it is time to say "I have arrived": from an hour before the start to the end."""
    return starts_at - ARRIVES_BEFORE <= now < ends_at


def may_be_home(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Say whether it is time to say "I am home": from the start until a day after the end."""
    return starts_at <= now < ends_at + HOME_WITHIN


def home_by(ends_at: datetime, hours: int) -> datetime:
    """Return until when somebody waits to hear that a person is home."""
    return ends_at + hours * HOUR


def hours_after(ends_at: datetime, by: datetime | None) -> int:
    """Return how many hours after the chat somebody wished to be home by; the usual ones where they said none."""
    hours = None if by is None else (by - ends_at) // HOUR
    return hours if hours in HOURS_AFTER else HOURS_AFTER[1]


def as_stored(tells: Collection[Tell]) -> str:
    """Return what may be told as one short text for its row."""
    return ",".join(tell for tell in Tell if tell in tells)


def as_told(stored: str) -> frozenset[Tell]:
    """Return what a row says may be told."""
    return frozenset(Tell(each) for each in stored.split(",") if each)
