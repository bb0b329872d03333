"""The closest few of many members at once, in the order of domain `shortlist`."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import numpy as np

from portal.domain.matching.score import Weights
from portal.domain.matching.shortlist import CARDS, TIE_DIGITS
from portal.engine.asks import Asks
from portal.engine.numbers import ints
from portal.engine.pool import Pool
from portal.engine.score import score_pairs


def tops(
    asks: Asks, rows: Sequence[int], pool: Pool, weights: Weights, now: datetime, count: int = CARDS
) -> tuple[tuple[int, ...], ...]:
    """Return the ids of the closest `count` peers of each member in `rows`, the closest first."""
    lines, peers, scores = score_pairs(asks, ints(rows), pool, weights, now)
    order = np.lexsort((pool.turn[peers], -np.round(scores, TIE_DIGITS), lines))
    ids = pool.ids[peers[order]]
    bounds = np.searchsorted(lines[order], np.arange(len(rows) + 1)).tolist()
    return tuple(tuple(ids[begins : min(ends, begins + count)].tolist()) for begins, ends in pairwise(bounds))
