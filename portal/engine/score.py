"""The score of many pairs at once: what fails a filter is left out first, the six parts are worked out for the rest."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from portal.domain.experience import IN_PERSON
from portal.domain.matching.score import SOON_SHARE, Part, Weights
from portal.domain.matching.values import NOT_LOCAL_KM, USUAL_KM
from portal.engine.asks import WALKS, Asks
from portal.engine.pool import ALL_FORMATS, FORMAT_BIT, Bools, Floats, Ints, Pool

# One member, or one member for each of the peers given.
Rows = int | Ints
Cell = TypeVar("Cell", np.float64, np.bool_)

IN_PERSON_BITS = sum(FORMAT_BIT[way] for way in IN_PERSON)
FROM_AFAR_BITS = ALL_FORMATS - 1 - IN_PERSON_BITS
# Pairs looked at together: enough to spare Python's time, few enough to stay near the processor.
PAIRS_AT_ONCE = 1 << 19
# Stands for a whole of nothing, so that nothing divided by it is nothing.
NOTHING = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """The pairs that pass every filter, and the shares of their parts from 0 to 1; `rows` is one member or many."""

    rows: Rows
    peers: Ints
    score: Floats
    hill: Floats
    asked: Floats | float
    style: Floats | float
    identity: Floats | float
    together: Floats
    their_asked: Floats | float
    their_style: Floats | float


def score_block(asks: Asks, rows: Ints | slice, pool: Pool, weights: Weights, now: datetime) -> Floats:
    """Return the scores (rows, peers), 0 to 100; -inf where a filter holds."""
    members = np.arange(len(asks), dtype=np.int64)[rows]
    scores = np.full((len(members), len(pool)), -np.inf)
    lines, peers, found = score_pairs(asks, members, pool, weights, now)
    scores[lines, peers] = found
    return scores


def score_pairs(
    asks: Asks, rows: Ints | slice, pool: Pool, weights: Weights, now: datetime
) -> tuple[Ints, Ints, Floats]:
    """Return the pairs that pass every filter: place in `rows`, peer, score; in the order of both.

    The same as `score_block` without its empty cells, which are nine of ten.
    """
    members = np.arange(len(asks), dtype=np.int64)[rows]
    able = pool.able(now)
    step = max(1, PAIRS_AT_ONCE // max(1, len(pool)))
    found = []
    for begins in range(0, len(members), step):
        some = members[begins : begins + step]
        lines, peers = np.nonzero(_candidates(asks, some, pool, able))
        fits, kept = _weigh(asks, some[lines], peers, pool, weights)
        found.append((begins + (lines if kept is None else lines[kept]), fits.peers, fits.score))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    lines, peers, scores = (np.concatenate(column) for column in zip(*found, strict=True))
    return lines, peers, scores


def fits_of(asks: Asks, row: int, pool: Pool, weights: Weights, now: datetime) -> Fits:
    """Return everybody who fits one member, with the shares of all parts."""
    one = slice(row, row + 1)
    peers = np.flatnonzero(_candidates(asks, np.arange(len(asks))[one], pool, pool.able(now))[0])
    return _weigh(asks, row, peers, pool, weights)[0]


def _candidates(asks: Asks, rows: Ints, pool: Pool, able: Bools) -> Bools:
    """Every filter that needs no distance."""
    flags = asks.topic_flags[asks.topic_at[rows, 0]]
    for rank in range(1, asks.topic_at.shape[1]):
        flags |= asks.topic_flags[asks.topic_at[rows, rank]]
    passed: Bools = flags == WALKS
    passed &= able
    passed &= asks.speaks[asks.language_at[rows]]
    passed &= asks.enough[asks.window_at[rows]]
    passed &= pool.shares_format[asks.formats[rows]]
    for at in range(asks.must_at.shape[1]):
        passed &= asks.met[asks.must_at[rows, at]]
    for line, row in enumerate(rows.tolist()):
        if row in asks.apart:
            passed[line, asks.apart[row]] = False
    return passed


def _weigh(asks: Asks, rows: Rows, peers: Ints, pool: Pool, weights: Weights) -> tuple[Fits, Ints | None]:
    """Apply the filters of distance, then work out the parts; beside them which pairs were kept, if not all."""
    km = _pick(asks.km, asks.place_at[rows], pool.place[peers])
    reach = np.fmin(asks.radius[rows], pool.radius[peers])
    reach = np.where(np.isnan(reach), USUAL_KM, reach)
    formats = asks.formats[rows]
    meet = (km <= reach) & _pick(pool.shares_format, formats & IN_PERSON_BITS, peers)
    far = km > NOT_LOCAL_KM
    keep = (meet | _pick(pool.shares_format, formats & FROM_AFAR_BITS, peers)) & (far | ~asks.far_must[rows])
    kept = None
    if not keep.all():
        kept = np.flatnonzero(keep)
        peers, km, reach, meet, far = peers[kept], km[kept], reach[kept], meet[kept], far[kept]
        rows = rows[kept] if isinstance(rows, np.ndarray) else rows

    of = {part: float(weights.parts.get(part, 0.0)) for part in Part}
    hill = _sum(asks.topic_shares, asks.topic_at, rows, peers, asks.points)
    soon = _pick(asks.soon, asks.window_at[rows], peers)
    near = np.maximum(0.0, 1 - km / np.where(reach > 0, reach, 1.0))
    together = np.where(meet & (reach > 0), SOON_SHARE * soon + (1 - SOON_SHARE) * near, soon)
    likeness_count = asks.likeness_count[rows]
    identity = _sum(asks.met, asks.likeness_at, rows, peers) / np.maximum(1, likeness_count)
    common = of[Part.HILL] * hill + of[Part.IDENTITY] * identity + of[Part.TOGETHER] * together
    common += of[Part.ROOM] * pool.room[peers]
    whole = of[Part.HILL] + of[Part.IDENTITY] * (likeness_count > 0) + of[Part.TOGETHER] + of[Part.ROOM]
    whole = whole + of[Part.STYLE] * ((asks.styles[rows] > 0) & (pool.styles[peers] > 0))

    wish_count = asks.wish_count[rows]
    asked = (_sum(asks.met, asks.wish_at, rows, peers) + asks.far_wishes[rows] * far) / np.maximum(1, wish_count)
    style = _pick(asks.own_style, asks.style_at[rows], peers)
    score = _total(common + of[Part.ASKED] * asked + of[Part.STYLE] * style, whole + of[Part.ASKED] * (wish_count > 0))

    wishes = pool.wish_count[peers]
    their_met = pool.far_wishes[peers] * far
    for slot in pool.wish_at:
        their_met = their_met + asks.meets[rows, slot[peers]]
    their_asked = their_met / np.maximum(1, wishes)
    their_style = _pick(asks.their_style, asks.style_at[rows], peers)
    theirs = _total(
        common + of[Part.ASKED] * their_asked + of[Part.STYLE] * their_style, whole + of[Part.ASKED] * (wishes > 0)
    )
    score = np.where(pool.stated[peers], np.minimum(100.0, np.sqrt(score * theirs)), score)
    return Fits(rows, peers, score, hill, asked, style, identity, together, their_asked, their_style), kept


def _total(points: Floats, whole: Floats) -> Floats:
    total: Floats = np.minimum(100.0, 100 * points / np.maximum(whole, NOTHING))
    return total


def _pick(table: NDArray[Cell], lines: NDArray[np.integer] | np.integer, peers: Ints) -> NDArray[Cell]:
    picked: NDArray[Cell] = table[lines, peers]
    return picked


def _sum(table: NDArray[Cell], slots: Ints, rows: Rows, peers: Ints, points: Floats | None = None) -> Floats:
    whole = np.zeros(len(peers))
    for at in range(slots.shape[1]):
        found = _pick(table, slots[rows, at], peers)
        whole += found if points is None else points[rows, at] * found
    return whole
