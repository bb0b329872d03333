"""When peers are free, as arrays: half-hour openings of the next 14 days, by zone, peer and part of the week."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from portal.domain.experience import DayPart, day_part_of
from portal.domain.matching.score import LATE
from portal.domain.matching.values import Openings

DAY_PARTS: tuple[DayPart, ...] = tuple(DayPart)
PART_OF: dict[DayPart, int] = {part: at for at, part in enumerate(DAY_PARTS)}


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """Arrays of the shape (zones, peers, day parts); the peers stand in the order they are encoded in."""

    zones: tuple[str, ...]
    counts: NDArray[np.int64]
    # Seconds after now, inf where there is none.
    soonest: NDArray[np.float64]

    def openings(self, zone: str, parts: Collection[DayPart], peer_index: int, now: datetime) -> Openings:
        """Return the openings of one peer for a member in `zone` who told these day parts; none told is any time."""
        at, told = self.zones.index(zone), told_parts(parts)
        soonest = float(self.soonest[at, peer_index, told].min())
        return Openings(
            common_count=int(self.counts[at, peer_index, told].sum()),
            soonest=now + timedelta(seconds=soonest) if isfinite(soonest) else None,
        )


def told_parts(parts: Collection[DayPart]) -> list[int]:
    """Return the places of the day parts in the arrays; all of them where none was told."""
    return sorted(PART_OF[part] for part in parts) or list(range(len(DAY_PARTS)))


def times_of(zones: Sequence[str], starts: Sequence[Sequence[datetime]], now: datetime) -> Times:
    """Return the arrays of peers whose 30-minute openings start then, peer by peer, seen from each zone."""
    peers = np.repeat(np.arange(len(starts)), [len(of_peer) for of_peer in starts])
    seconds = np.array([(start - now).total_seconds() for of_peer in starts for start in of_peer], dtype=np.float64)
    within = (seconds >= 0) & (seconds < LATE.total_seconds())
    peers, seconds = peers[within], seconds[within]
    moments, which = np.unique(seconds, return_inverse=True)
    shape = (len(zones), len(starts), len(DAY_PARTS))
    counts, soonest = np.zeros(shape, dtype=np.int64), np.full(shape, np.inf)
    for at, zone in enumerate(zones):
        parts = _day_parts(moments, now, ZoneInfo(zone))[which]
        np.add.at(counts[at], (peers, parts), 1)
        np.minimum.at(soonest[at], (peers, parts), seconds)
    return Times(tuple(zones), counts, soonest)


def _day_parts(seconds: NDArray[np.float64], now: datetime, zone: ZoneInfo) -> NDArray[np.int64]:
    # From UTC to the zone, so that a change of the clocks within the two weeks is kept.
    instants = (now.astimezone(UTC) + timedelta(seconds=after) for after in seconds.tolist())
    return np.array([PART_OF[day_part_of(instant.astimezone(zone))] for instant in instants], dtype=np.int64)
