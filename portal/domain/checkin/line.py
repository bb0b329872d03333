"""What a thread between two people holds, and where its check-in stands."""

import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from portal.domain.errors import BadInput
from portal.domain.matching.walk import TOGETHER, State
from portal.domain.words import N_

LONGEST_LINE = 2000
# Two who rest have said that they leave one another in peace for a while: nothing goes out by itself.
ON_THE_WAY: frozenset[State] = TOGETHER - {State.RESTING}

CLOSED = N_("This thread is closed. What stands in it can still be read.")
NOT_THE_LAST = N_("There is nothing to answer here any more. You can write a line instead, or leave it.")
EMPTY = N_("Write a few words first. Or leave it; that is fine too.")
TOO_LONG = N_("Please use at most %(most)d characters. What you wrote is still here.")


class LineKind(StrEnum):
    """Words of either of the two, words of the peer that went out by themselves, or a height on the hill."""

    WORDS = "words"
    CHECK_IN = "check_in"
    HEIGHT = "height"


class CheckInState(StrEnum):
    """Going out by its rhythm, held by the peer for a while, or over."""

    GOING = "going"
    HELD = "held"
    OVER = "over"


# From the top of the hill to its foot. None is better than another: they are places, not marks.
HEIGHT_WORDS: Mapping[int, str] = MappingProxyType(
    {
        5: N_("On top, with a view"),
        4: N_("Well on the way up"),
        3: N_("Somewhere in the middle"),
        2: N_("It is steep today"),
        1: N_("Down at the foot"),
    }
)
HEIGHTS: tuple[int, ...] = tuple(HEIGHT_WORDS)


def checked_words(typed: str, most: int = LONGEST_LINE, *, needed: bool = True) -> str:
    """Return words for a thread as they are kept: plain text, its breaks kept. BadInput where they are too many or,
    if needed, none."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    said = "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if needed and not said:
        raise BadInput("words", EMPTY)
    if len(said) > most:
        raise BadInput("words", TOO_LONG, most=most)
    return said
