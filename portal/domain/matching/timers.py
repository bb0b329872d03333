"""What the portal does when a time runs out on a walk, as a table: which state, how long, and what happens then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from portal.domain.matching.capacity import NEW_FOR
from portal.domain.matching.offers import OPEN_FOR
from portal.domain.matching.promises import (
    ANSWER_HOURS,
    CHAT_OFFER_DAYS,
    HUMAN_NOTE_DAYS,
    LONGEST_DAYS,
    SHORTLIST_HOURS,
    WAITING,
)
from portal.domain.matching.walk import State
from portal.domain.words import N_

WEEK_DAYS = 7
# On these days of a wait a person writes to whoever still waits.
NOTE_DAYS: tuple[int, ...] = (HUMAN_NOTE_DAYS, WEEK_DAYS, LONGEST_DAYS)
FIND_A_TIME_AFTER = timedelta(days=CHAT_OFFER_DAYS)


class Counted(StrEnum):
    """From when a time is counted."""

    ASKED = "asked"
    SINCE = "since"
    BOTH_YES = "both_yes"
    LAST_DAY = "last_day"


@dataclass(frozen=True)
class Timer:
    """One time that may run out: in which states, after how long from when, and what happens then."""

    states: frozenset[State]
    counted: Counted
    after: timedelta
    what: str
    then: str


class Clock(StrEnum):
    """The times that run out by themselves; everything else waits for people, without a limit."""

    SHORTLIST = "shortlist"
    OFFERS = "offers"
    ANSWER = "answer"
    FIRST_CHAT = "first_chat"
    NOTE = "note"
    WEEK = "week"
    LONGEST = "longest"
    STEADY = "steady"
    LAST_DAY = "last_day"


TIMERS: Mapping[Clock, Timer] = MappingProxyType(
    {
        Clock.SHORTLIST: Timer(
            frozenset({State.ASKED}),
            Counted.SINCE,
            timedelta(hours=SHORTLIST_HOURS),
            N_("A day without people to choose from"),
            N_(
                "The portal keeps looking each minute. The member reads that it takes longer and that their place is "
                "kept; a coordinator sees it at the top of the board."
            ),
        ),
        Clock.OFFERS: Timer(
            frozenset({State.OFFERING}),
            Counted.SINCE,
            OPEN_FOR,
            N_("Three days of asking who offers"),
            N_(
                "The asking is closed. The member sees whoever offered first among the cards; where nobody is left to "
                "choose, the portal looks again."
            ),
        ),
        Clock.ANSWER: Timer(
            frozenset({State.INVITED}),
            Counted.SINCE,
            timedelta(hours=ANSWER_HOURS),
            N_("Two days without a peer’s answer"),
            N_(
                "It is taken as “not now”, never as a yes. The next person the member chose is asked, and the member "
                "reads one calm line; where nobody is left, the portal looks again."
            ),
        ),
        Clock.FIRST_CHAT: Timer(
            frozenset({State.BOTH_YES}),
            Counted.SINCE,
            FIND_A_TIME_AFTER,
            N_("Three days after both yeses without a time"),
            N_("Both get one letter, once; their page shows the soonest three times. A coordinator sees it."),
        ),
        Clock.NOTE: Timer(
            WAITING,
            Counted.ASKED,
            timedelta(days=HUMAN_NOTE_DAYS),
            N_("Three days of waiting"),
            N_("A coordinator is asked to write a few lines to whoever waits."),
        ),
        Clock.WEEK: Timer(
            WAITING,
            Counted.ASKED,
            timedelta(days=WEEK_DAYS),
            N_("A week of waiting"),
            N_("A coordinator is asked to write again, and to look at what holds it back."),
        ),
        Clock.LONGEST: Timer(
            WAITING,
            Counted.ASKED,
            timedelta(days=LONGEST_DAYS),
            N_("Two weeks of waiting"),
            N_(
                "Longer than anybody should wait: a coordinator is asked to talk with the member. Nobody is taken off "
                "the list."
            ),
        ),
        Clock.STEADY: Timer(
            frozenset({State.FIRST_COFFEE, State.REFLECTION, State.WALKING, State.RESTING}),
            Counted.BOTH_YES,
            NEW_FOR,
            N_("Four weeks after both yeses"),
            N_("The match weighs less in the peer’s room than a new one."),
        ),
        Clock.LAST_DAY: Timer(
            frozenset({State.ENDING}),
            Counted.LAST_DAY,
            timedelta(0),
            N_("The last day of an ending"),
            N_("Once no chat is ahead, the walk has ended. Both get a letter to the page they may keep."),
        ),
    }
)


def note_day(state: State, asked_at: datetime, now: datetime) -> int | None:
    """Return the last of the days 3, 7 and 14 that a wait has reached, or None before them and where nobody waits."""
    if state not in WAITING:
        return None
    reached = [days for days in NOTE_DAYS if now - asked_at >= timedelta(days=days)]
    return reached[-1] if reached else None
