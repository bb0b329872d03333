"""The closest people for one member, bare or with their reasons."""

from datetime import datetime

import numpy as np

from portal.domain.matching.explain import Suggestion
from portal.domain.matching.score import Weights
from portal.domain.matching.shortlist import TIE_DIGITS
from portal.engine.asks import Asks
from portal.engine.numbers import Ints, ints
from portal.engine.pool import Pool
from portal.engine.reasons import suggestions
from portal.engine.score import Fits, fits_of

# Less than this apart, two scores may round to the same.
_A_TIE = 2 * 10.0**-TIE_DIGITS


def closest(
    asks: Asks, row: int, pool: Pool, weights: Weights, now: datetime, count: int = 5
) -> tuple[tuple[int, float], ...]:
    """Return (peer index, score) of the closest who fit, in the order of domain `shortlist`."""
    fits = fits_of(asks, row, pool, weights, now)
    best = _best(fits, pool, count)
    return tuple(zip(fits.peers[best].tolist(), fits.score[best].tolist(), strict=True))


def shortlist(
    asks: Asks, row: int, pool: Pool, weights: Weights, now: datetime, count: int = 5
) -> tuple[Suggestion, ...]:
    """Return the closest who fit with all there is to say about them, as domain `suggest` says it."""
    fits = fits_of(asks, row, pool, weights, now)
    return suggestions(asks, row, pool, weights, now, fits, _best(fits, pool, count))


def _best(fits: Fits, pool: Pool, count: int) -> Ints:
    score = fits.score
    if len(score) > count:
        among = np.flatnonzero(score >= np.partition(score, -count)[-count] - _A_TIE)
    else:
        among = np.arange(len(score))
    points, turns = score[among].tolist(), pool.turn[fits.peers[among]].tolist()
    rounded = (-round(point, TIE_DIGITS) for point in points)
    best = sorted(zip(rounded, turns, among.tolist(), strict=True))[:count]
    return ints(at for _, _, at in best)
