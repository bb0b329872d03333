"""A time that is asked for: how long it waits for the peer's yes, how many may wait, and what became of it in words."""

from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.booking.states import BookingState
from portal.domain.words import N_

ANSWER_WITHIN = timedelta(hours=48)
# Whoever asked knows this long before the start whether they will meet; of a nearer time they know half-way to it.
KNOWN_BEFORE = timedelta(hours=3)
MOST_WAITING = 3

TOO_MANY = N_("Three of your questions are waiting for an answer. Take one back, or wait until one is answered.")
TAKEN_BACK = N_("This question was taken back in the meantime. There is nothing you need to do.")
LAPSED = N_("This question waited as long as it could, and its time is free again. Nobody did anything wrong.")
ANSWERED = N_("This question has been answered already. Here is how it stands now.")

MOVED_BY_THEM = N_(
    "The person you meet says yes to each time first. They can move this chat, or you can cancel it and ask for "
    "another time."
)


class Became(StrEnum):
    """What became of a time that was asked for or offered."""

    WAITS = "waits"
    YES = "yes"
    NOT_THIS_TIME = "not_this_time"
    TAKEN_BACK = "taken_back"
    LET_GO = "let_go"
    LAPSED = "lapsed"


def answer_by(starts_at: datetime, now: datetime) -> datetime:
    """Return until when a time asked for now waits: two days, but some hours before its start at the latest."""
    latest = max(starts_at - KNOWN_BEFORE, now + (starts_at - now) / 2)
    return min(now + ANSWER_WITHIN, latest)


def waits(state: BookingState, until: datetime | None, now: datetime) -> bool:
    """Say whether a time still waits for an answer, whether or not the clock has looked since it lapsed."""
    return state in (BookingState.ASKED, BookingState.OFFERED) and until is not None and now < until


def became(state: BookingState, until: datetime | None, by: int | None, asked_by: int, now: datetime) -> Became:
    """Return what became of an asked time; `by` is who let it go: who asked, the other, or nobody."""
    if state in (BookingState.ASKED, BookingState.OFFERED):
        return Became.WAITS if waits(state, until, now) else Became.LAPSED
    if state is BookingState.LAPSED:
        return Became.LAPSED
    if state is not BookingState.RELEASED:
        return Became.YES
    if by is None:
        return Became.LET_GO
    return Became.TAKEN_BACK if by == asked_by else Became.NOT_THIS_TIME
