"""What a thread between two people holds, and where its check-in stands."""

from enum import StrEnum


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
