"""The steady check-in and the thread between two people: what stands in it and when the next one goes out."""

from portal.domain.checkin.close_words import suggests_lines
from portal.domain.checkin.line import (
    CLOSED,
    HEIGHT_WORDS,
    HEIGHTS,
    LONGEST_LINE,
    NOT_THE_LAST,
    ON_THE_WAY,
    CheckInState,
    LineKind,
    checked_words,
)
from portal.domain.checkin.rhythm import WEEKS, Rhythm, Wish, checked_hold, goes_out, next_at
from portal.domain.checkin.silence import SILENCE_DAYS, is_silent, on_the_board
from portal.domain.checkin.telling import MOST_IN_A_WHILE, TOO_MANY, WHILE, notice_due
from portal.domain.checkin.words import LONGEST_WORDS, usual_words

__all__ = [
    "CLOSED",
    "HEIGHTS",
    "HEIGHT_WORDS",
    "LONGEST_LINE",
    "LONGEST_WORDS",
    "MOST_IN_A_WHILE",
    "NOT_THE_LAST",
    "ON_THE_WAY",
    "SILENCE_DAYS",
    "TOO_MANY",
    "WEEKS",
    "WHILE",
    "CheckInState",
    "LineKind",
    "Rhythm",
    "Wish",
    "checked_hold",
    "checked_words",
    "goes_out",
    "is_silent",
    "next_at",
    "notice_due",
    "on_the_board",
    "suggests_lines",
    "usual_words",
]
