"""A peer's room, counted in half units: a new match weighs more than a steady one, so heads would mislead."""

from datetime import datetime, timedelta
from enum import StrEnum


class Phase(StrEnum):
    """Where a match stands in its course, as far as its weight goes."""

    NEW = "new"
    STEADY = "steady"
    TAPERING = "tapering"


class Engagement(StrEnum):
    """How much of their week a peer gives."""

    VOLUNTEER = "volunteer"
    PART_TIME = "part_time"
    FULL_TIME = "full_time"


UNITS: dict[Phase, int] = {Phase.NEW: 3, Phase.STEADY: 2, Phase.TAPERING: 1}
# North Carolina's standard allows at most 15 people a peer; whole units are 3, 8 and 15.
CAPACITY: dict[Engagement, int] = {Engagement.VOLUNTEER: 6, Engagement.PART_TIME: 16, Engagement.FULL_TIME: 30}
NEW_FOR = timedelta(weeks=4)


def phase(started_at: datetime, now: datetime, *, tapering: bool = False) -> Phase:
    """The phase of a match that both said yes to (or that is being asked) at `started_at`."""
    if tapering:
        return Phase.TAPERING
    return Phase.NEW if now - started_at < NEW_FOR else Phase.STEADY


def has_room(capacity_units: int, units_used: int, weight: int = UNITS[Phase.NEW]) -> bool:
    """Whether a match of this weight still fits; everything in half units."""
    return units_used + weight <= capacity_units
