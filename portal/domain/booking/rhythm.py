"""A rhythm: the same wall-clock time every so many weeks, each time a chat of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.domain.matching.walk import TOGETHER, State
from portal.domain.notice.wall_clock import at_wall
from portal.domain.words import N_

EVERY_WEEKS = (1, 2, 4)
FEWEST, MOST = 2, 12
# Before the first coffee nobody knows yet whether they would like to meet again.
RHYTHM_STATES: frozenset[State] = frozenset({State.REFLECTION, State.WALKING, State.ENDING}) & TOGETHER

NOT_YET = N_("A rhythm can be set once you two have met for the first time.")
TOO_FEW = N_("A rhythm has at least two chats. Choose one more, or book this one alone.")
NO_SUCH_TIME = N_("The clocks are set forward that night, and this time does not exist.")
ONE_WENT = N_("One of these times went in the meantime, so nothing is booked yet. The others are still chosen.")


@dataclass(frozen=True)
class Turn:
    """One time of a rhythm; `exists` is false where the clocks jump over it, and `starts_at` is then beside it."""

    starts_at: datetime
    exists: bool = True


def turns(first: datetime, zone: str, every_weeks: int, times: int) -> tuple[Turn, ...]:
    """Return the times of a rhythm, `first` being one of them, by the wall clock of this zone.

    A time that the clocks show twice means its first occurrence, as with hours (slots.md, P3).
    """
    if every_weeks not in EVERY_WEEKS or not FEWEST <= times <= MOST:
        raise ValueError("no such rhythm")
    local = first.astimezone(ZoneInfo(zone))
    found = [Turn(first)]
    for index in range(1, times):
        day = local.date() + timedelta(weeks=every_weeks * index)
        starts_at = at_wall(day, local.time(), zone)
        found.append(Turn(starts_at, starts_at.astimezone(ZoneInfo(zone)).time() == local.time().replace(fold=0)))
    return tuple(found)


def other_clocks(starts: Sequence[datetime], zone: str) -> list[bool]:
    """Say of each time whether this zone's clock shows something else than at the first one."""
    clocks = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None).time() for at in starts]
    return [clock != clocks[0] for clock in clocks]
