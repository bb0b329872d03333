"""A coffee chat's states, what may be done with it until it starts, how two people meet, and closed times in words."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from portal.domain.experience import FROM_AFAR, IN_PERSON, Format
from portal.domain.matching.walk import TOGETHER, Actor, State
from portal.domain.notice.one_line import one_line
from portal.domain.slots import Closed
from portal.domain.words import N_

PLACE_LENGTH = 120

# A chat may be booked from here; the one that is set already stands in FIRST_COFFEE, and two who rest book none.
BOOKABLE: frozenset[State] = TOGETHER - {State.FIRST_COFFEE, State.RESTING}

CHANGED = N_("This chat has changed in the meantime. Nothing is lost; here is how it stands now.")
BEGUN = N_("This chat has begun or is over, so its time stays as it is.")
ONE_AT_A_TIME = N_("You two already have a chat ahead of you. It can be moved to another time.")
NOT_OFFERED = N_("Please choose one of the ways you both like to meet.")


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


class OpenHourState(StrEnum):
    """Where an open hour stands."""

    PLANNED = "planned"
    OPEN = "open"
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


def changeable(state: BookingState, starts_at: datetime, now: datetime) -> bool:
    """Say whether a chat may still be moved or cancelled: booked, and not yet begun."""
    return state is BookingState.BOOKED and now < starts_at


def ways_to_meet(member: Collection[Format], peer: Collection[Format], *, near: bool) -> tuple[Format, ...]:
    """Return the formats both like, in the order of `Format`; who named none is taken to like them all.

    In person only where the two live `near` enough. Where nothing is left, phone and video are: two people who said
    yes to one another can always talk.
    """
    both = [way for way in Format if (not member or way in member) and (not peer or way in peer)]
    return tuple(way for way in both if near or way not in IN_PERSON) or FROM_AFAR


def place_of(way: Format, typed: str) -> str:
    """Return the place to keep: one tidy line where two people meet in person, nothing where they do not."""
    return " ".join(one_line(typed).split())[:PLACE_LENGTH] if way in IN_PERSON else ""


def sentence_for(closed: Closed, reader: Actor) -> str:
    """Return why a time is closed, said to the member or to the peer themselves; marked for translation."""
    return PEER_SENTENCES[closed] if reader is Actor.PEER else closed.sentence


PEER_SENTENCES: Mapping[Closed, str] = {
    Closed.OUTSIDE_HOURS: N_("That time is outside your hours. Other times are open."),
    Closed.OFF_GRID: N_("Your chats start at set times, and that is not one of them. Please pick another time."),
    Closed.TIME_OFF: N_("You are taking time off then. Other times are open."),
    Closed.OTHER_WAY: N_("You offered other ways to meet for that time. Another way or another time may be open."),
    Closed.TAKEN: N_("That time is no longer free. Please pick another time."),
    Closed.CALENDAR: N_("Something stands in your own calendar then. Please pick another time."),
    Closed.OPEN_HOUR: N_("You keep an open hour then. Please pick another time."),
    Closed.MEMBER_TAKEN: N_("The person you meet is not free then. Please pick another time."),
    Closed.REST: N_("That time is very close to another chat. We keep some rest between chats."),
    Closed.TOO_SOON: N_("That is sooner than the notice you asked for. Later times are open."),
    Closed.TOO_FAR: N_("That is further ahead than your chats can be booked. Earlier times are open."),
    Closed.CAP_DAY: N_("You have as many chats that day as you wished for. Another day may be open."),
    Closed.CAP_WEEK: N_("You have as many chats that week as you wished for. Another week may be open."),
    Closed.PAST: N_("That time has gone by. Please pick a later one."),
}
