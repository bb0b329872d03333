"""What other weights would change for all who wait now, and how much hangs on each part; nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.db import read
from portal.domain.matching.score import Part, Weights
from portal.domain.matching.shortlist import CARDS
from portal.domain.matching.weighing import Difference, Order, Stays, Turn, checked, difference, moved, stays
from portal.engine.tops import tops
from portal.services.matching.everyone import Everyone, everyone

# Enough people to see what hangs on a part, few enough for the page to come at once; those who wait longest, as
# `everyone` has them first.
MOST_LOOKED_AT = 500


@dataclass(frozen=True)
class Weighed:
    """What other points would change for `waiting` people, and how much hangs on each part for `looked_at` of them.

    `version` is that of the points in force; `difference` is None where no other points were given.
    """

    version: int
    walk_of: Mapping[int, int]
    waiting: int
    difference: Difference | None
    looked_at: int
    stays: tuple[Stays, ...]


def weigh(points: Mapping[Part, float] | None, *, now: datetime) -> Weighed:
    """Work out who would be suggested today under these points beside the ones in force, for each who waits.

    What hangs on each part is told for the points given, or for those in force where none are.
    """
    other = None if points is None else Weights("", checked(points))
    found = everyone(now)
    read().rollback()  # what was read is let go: nothing is held while it is worked out
    everybody = range(len(found.walks))
    before = _tops(found, everybody, found.weights, now)
    after = before if other is None else _tops(found, everybody, other, now)
    some = everybody[:MOST_LOOKED_AT]
    return Weighed(
        version=int(found.weights.version),
        walk_of={walk.member_id: walk.walk_id for walk in found.walks},
        waiting=len(everybody),
        difference=None if other is None else difference([walk.member_id for walk in found.walks], before, after),
        looked_at=len(some),
        stays=_stays(found, some, after[:MOST_LOOKED_AT], other or found.weights, now),
    )


def _stays(
    found: Everyone, rows: Sequence[int], before: Sequence[Order], weights: Weights, now: datetime
) -> tuple[Stays, ...]:
    return tuple(
        stays(part, turn, before, _tops(found, rows, moved(weights, part, turn), now)) for part in Part for turn in Turn
    )


def _tops(found: Everyone, rows: Sequence[int], weights: Weights, now: datetime) -> tuple[Order, ...]:
    # Whoever lately could not is left out of a walk's suggestions: so many more are looked at.
    without = [found.walks[row].without for row in rows]
    most = CARDS + max(map(len, without), default=0)
    return tuple(
        tuple(peer_id for peer_id in order if peer_id not in left_out)[:CARDS]
        for order, left_out in zip(tops(found.asks, rows, found.pool, weights, now, most), without, strict=True)
    )
