"""A coffee chat's states, and what may be done with it until it starts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.words import N_

NOT_THE_TIME = N_("This can be said from the start of a chat, and for seven days after it.")
CHANGED = N_("This chat has changed in the meantime. Nothing is lost; here is how it stands now.")
BEGUN = N_("This chat has begun or is over, so its time stays as it is.")
CANCELLED_ALREADY = N_("This chat is cancelled already.")


NOT_MADE_FOR = timedelta(days=7)


class BookingState(StrEnum):
    """What became of a coffee chat: ASKED waits for the peer's yes, OFFERED for the member's, RELEASED got neither."""

    ASKED = "asked"
    OFFERED = "offered"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    HAPPENED = "happened"
    NOT_MADE = "not_made"
    LAPSED = "lapsed"
    RELEASED = "released"


# Only these hold the time of both people.
LIVE: frozenset[BookingState] = frozenset({BookingState.ASKED, BookingState.OFFERED, BookingState.BOOKED})


# What is or was a chat, whatever became of it.
IS_CHAT: frozenset[BookingState] = frozenset(
    {BookingState.BOOKED, BookingState.CANCELLED, BookingState.HAPPENED, BookingState.NOT_MADE}
)


class OpenHourState(StrEnum):
    """Where an open hour stands; whether it is on, its times say."""

    PLANNED = "planned"
    OVER = "over"
    CANCELLED = "cancelled"


# Once its end has passed; the clock may not have looked yet.
HAS_BEEN: frozenset[BookingState] = frozenset({BookingState.BOOKED, BookingState.HAPPENED})


class Felt(StrEnum):
    """How a chat was for a peer, by their own word."""

    LIGHT = "light"
    BETWEEN = "between"
    HEAVY = "heavy"


FELT_WORDS: Mapping[Felt, str] = {
    Felt.LIGHT: N_("Light"),
    Felt.BETWEEN: N_("In between"),
    Felt.HEAVY: N_("Heavy"),
}


def may_say_not_made(state: BookingState, starts_at: datetime, now: datetime) -> bool:
    """Say whether a chat may be said not to have come about: from its start on, for seven days."""
    return state in HAS_BEEN and starts_at <= now < starts_at + NOT_MADE_FOR


def why_unchangeable(state: BookingState) -> str:
    """Return why a chat that is no longer changeable stays as it is."""
    return CANCELLED_ALREADY if state is BookingState.CANCELLED else BEGUN


def changeable(state: BookingState, starts_at: datetime, now: datetime) -> bool:
    """Say whether a chat may still be moved or cancelled: booked, and not yet begun."""
    return state is BookingState.BOOKED and now < starts_at
