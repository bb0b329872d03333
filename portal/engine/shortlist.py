"""The closest people for one member, with their reasons."""

from datetime import datetime

import numpy as np

from portal.domain.matching.score import Weights
from portal.domain.matching.shortlist import TIE_DIGITS
from portal.engine.asks import Asks
from portal.engine.pool import Pool
from portal.engine.score import Fits, fits_of

# How much two scores may differ and still round to the same.
_A_TIE = 2 * 10.0**-TIE_DIGITS


def closest(
    asks: Asks, row: int, pool: Pool, weights: Weights, now: datetime, count: int = 5
) -> tuple[tuple[int, float], ...]:
    """Return (peer index, score) of the closest who fit, in the order of domain `shortlist`."""
    fits = fits_of(asks, row, pool, weights, now)
    return tuple((int(fits.peers[at]), float(fits.score[at])) for at in _best(fits, pool, count))


def _best(fits: Fits, pool: Pool, count: int) -> list[int]:
    if len(fits.peers) > count:
        last = np.partition(fits.score, -count)[-count]
        among = np.flatnonzero(fits.score >= last - _A_TIE)
    else:
        among = np.arange(len(fits.peers))
    turn, score = pool.turn[fits.peers[among]].tolist(), fits.score[among].tolist()
    order = sorted(range(len(among)), key=lambda at: (-round(score[at], TIE_DIGITS), turn[at]))
    return [int(among[at]) for at in order[:count]]
