"""Everyone together at size: few pairs first, an exact flow on them, prices that prove it for all that was left out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from portal.domain.matching.score import Weights
from portal.domain.matching.together import Fairness
from portal.engine.asks import Asks
from portal.engine.assign.dense import Dense
from portal.engine.assign.everyone import assign
from portal.engine.assign.values import NOBODY, Allowed, Assignment, Listed, Pair, Progress, Ranked, ignore
from portal.engine.pool import Pool
from portal.engine.score import score_pairs

__all__ = ["NOBODY", "Assignment", "Dense", "assign", "propose"]


@dataclass(frozen=True)
class Community:
    """The scores of those who ask with those who offer, worked out when asked for."""

    asks: Asks
    pool: Pool
    weights: Weights
    now: datetime

    @property
    def shape(self) -> tuple[int, int]:
        """How many members, how many peers."""
        return len(self.asks), len(self.pool)

    def listed(self, rows: NDArray[np.int64]) -> Listed:
        """Return the pairs of these members that pass every filter."""
        return score_pairs(self.asks, rows, self.pool, self.weights, self.now)


def propose(
    asks: Asks,
    pool: Pool,
    weights: Weights,
    now: datetime,
    *,
    bonus: NDArray[np.float64],
    fairness: Fairness,
    pins: Collection[Pair] = (),
    forbids: Collection[Pair] = (),
    allowed: Allowed | None = None,
    ranked: Ranked | None = None,
    progress: Progress = ignore,
) -> Assignment:
    """Return the best assignment of all who ask to the room of those who offer; pairs are (member, peer) by index.

    `bonus` is by member, in points; `allowed` limits a member to these peers, `ranked` too, and says whom they put
    before whom: their order counts as the scores would. `progress` hears shares from 0 to 1.
    """
    return assign(
        Community(asks, pool, weights, now),
        pool.matches_left,
        bonus=bonus,
        fairness=fairness,
        pins=pins,
        forbids=forbids,
        allowed=allowed,
        ranked=ranked,
        progress=progress,
    )
