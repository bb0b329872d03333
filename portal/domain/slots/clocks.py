"""A zone's clocks as plain numbers: from when on which offset holds, so that wall times become instants by adding.

Where the clocks change, a wall time that they skip counts by the offset before the change, and one that comes twice
means its first occurrence (RFC 5545, 3.3.5; Python's fold=0).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.domain.slots.instants import DAY, FOREVER, instant_of, seconds_of

# Since which second, and by how many seconds the wall is ahead of UTC from then on.
Clock = tuple[int, int]

# No zone changes its clocks twice within half a day.
_LOOKED_AT_EVERY = DAY // 2


def clocks_between(zone: str, begins: int, ends: int) -> list[Clock]:
    """Return the clocks that hold between two instants in seconds, the first from `begins` or earlier, in order."""
    found: list[Clock] = []
    for year in range(instant_of(begins).year, instant_of(ends).year + 1):
        for clock in _clocks_of_year(zone, year):
            if clock[0] >= ends:
                break
            if found and clock[0] <= begins:
                found[-1] = clock
            elif not found or clock[1] != found[-1][1]:
                found.append(clock)
    return found


def instant_at(wall: int, clocks: Sequence[Clock]) -> int:
    """Return the instant that a wall time means, both in seconds."""
    offset = clocks[0][1]
    for since, following in clocks[1:]:
        if wall < since + max(offset, following):
            break
        offset = following
    return wall - offset


def clocks_on(wall: int, clocks: Sequence[Clock]) -> tuple[Sequence[Clock], int]:
    """Return those of a zone's clocks that show a wall time, or any within the two days after it, and how long the
    same do for every later wall time."""
    at = 0
    while at + 1 < len(clocks) and wall >= clocks[at + 1][0] + max(clocks[at][1], clocks[at + 1][1]):
        at += 1
    stop = at + 1
    while stop < len(clocks) and wall + 2 * DAY > clocks[stop][0] + min(clocks[stop - 1][1], clocks[stop][1]):
        stop += 1
    if stop == len(clocks):
        return clocks[at:stop], FOREVER if stop == at + 1 else wall
    ends = clocks[stop][0] + min(clocks[stop - 1][1], clocks[stop][1]) - 2 * DAY
    return clocks[at:stop], max(wall, ends) if stop == at + 1 else wall


@lru_cache(maxsize=4096)
def _clocks_of_year(zone: str, year: int) -> tuple[Clock, ...]:
    tz = ZoneInfo(zone)
    begins, ends = (seconds_of(datetime(each, 1, 1, tzinfo=UTC)) for each in (year, year + 1))
    clocks = [(begins, _offset(tz, begins))]
    for after in range(begins + _LOOKED_AT_EVERY, ends + 1, _LOOKED_AT_EVERY):
        offset = _offset(tz, after)
        if offset != clocks[-1][1]:
            clocks.append((_change(tz, after - _LOOKED_AT_EVERY, after), offset))
    return tuple(clock for clock in clocks if clock[0] < ends)


def _change(tz: ZoneInfo, before: int, after: int) -> int:
    """Return the first second that has the offset of `after`."""
    wanted = _offset(tz, after)
    while after - before > 1:
        between = (before + after) // 2
        if _offset(tz, between) == wanted:
            after = between
        else:
            before = between
    return after


def _offset(tz: ZoneInfo, seconds: int) -> int:
    offset = instant_of(seconds).astimezone(tz).utcoffset()
    if offset is None:
        raise ValueError(f"a zone without clocks: {tz}")
    return offset.days * DAY + offset.seconds
