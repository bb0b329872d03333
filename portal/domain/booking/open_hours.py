"""A willing ear: an hour in which those who walk with a peer may come without booking, one after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.booking.states import OpenHourState
from portal.domain.errors import BadInput
from portal.domain.experience import FROM_AFAR, Format
from portal.domain.words import N_

LEAST = timedelta(minutes=15)
MOST = timedelta(hours=3)
AHEAD = timedelta(days=60)
# How long before it begins the hour stands on the page of those who may come.
SHOWN_BEFORE = timedelta(days=7)
# Nobody should go somewhere and find a queue: an open hour is one to call in to.
WAYS: tuple[Format, ...] = tuple(way for way in Format if way in FROM_AFAR)

GONE_BY = N_("That time has gone by. Please choose a later one.")
TOO_FAR = N_("Please choose a day within the next two months.")
TOO_SHORT = N_("Please give it at least a quarter of an hour.")
TOO_LONG = N_("Three hours are the most. You may offer another one after it.")
NOT_FREE = N_("You have a chat or another open hour then. Please choose another time.")
NOT_OFFERED = N_("Please choose one from the list.")
NOT_ON = N_("This hour is not open now.")
MOVED_ON = N_("This has changed in the meantime. Here is how it stands now.")


class Turn(StrEnum):
    """Where somebody who came stands."""

    NOT_HERE = "not_here"
    WAITING = "waiting"
    NOW = "now"
    OVER = "over"


TURN_WORDS: Mapping[Turn, str] = {
    Turn.NOT_HERE: N_("You can come whenever you like while it lasts. No need to say why."),
    Turn.WAITING: N_("You are in. This page says when it is your turn; tap “Look again” if it stands still."),
    Turn.NOW: N_("It is your turn."),
    Turn.OVER: N_("You have been here. Come again another time, if you like."),
}


@dataclass(frozen=True)
class Visit:
    """One member who came, in the order of coming."""

    member_id: int
    called_at: datetime | None
    done_at: datetime | None

    @property
    def turn(self) -> Turn:
        """Return where they stand."""
        if self.done_at is not None:
            return Turn.OVER
        return Turn.WAITING if self.called_at is None else Turn.NOW


def check(starts_at: datetime, ends_at: datetime, way: Format, now: datetime) -> None:
    """Raise BadInput unless a peer can offer this hour; the ends are aware instants."""
    if starts_at < now:
        raise BadInput("starts", GONE_BY)
    if starts_at > now + AHEAD:
        raise BadInput("day", TOO_FAR)
    if ends_at - starts_at < LEAST:
        raise BadInput("ends", TOO_SHORT)
    if ends_at - starts_at > MOST:
        raise BadInput("ends", TOO_LONG)
    if way not in WAYS:
        raise BadInput("way", NOT_OFFERED)


def is_on(state: OpenHourState, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Say whether one can come now."""
    return state is OpenHourState.PLANNED and starts_at <= now < ends_at


def turn_of(member_id: int, visits: Sequence[Visit]) -> Turn:
    """Return where somebody stands among those who came."""
    return next((visit.turn for visit in visits if visit.member_id == member_id), Turn.NOT_HERE)


def before(member_id: int, visits: Sequence[Visit]) -> int:
    """Return how many come before somebody who waits: who is talking now, and who came earlier."""
    ahead = 0
    for visit in visits:
        if visit.member_id == member_id:
            return ahead
        ahead += visit.turn in (Turn.WAITING, Turn.NOW)
    return 0


def whose_turn(visits: Sequence[Visit]) -> int | None:
    """Return who is talking now, if anybody."""
    return next((visit.member_id for visit in visits if visit.turn is Turn.NOW), None)


def next_turn(visits: Sequence[Visit]) -> int | None:
    """Return who has waited longest: first come, in turn."""
    return next((visit.member_id for visit in visits if visit.turn is Turn.WAITING), None)
