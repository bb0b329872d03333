"""The score of many pairs at once: what fails a filter is left out first, the six parts are worked out for the rest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from portal.domain.experience import IN_PERSON
from portal.domain.matching.score import SOON_SHARE, Part, Weights
from portal.domain.matching.values import NOT_LOCAL_KM, USUAL_KM
from portal.engine.asks import Asks
from portal.engine.distance import kilometres
from portal.engine.numbers import ALL_FORMATS, FORMAT_BIT, Bools, Floats, Ints
from portal.engine.pool import Pool
from portal.engine.rows import WALKS

# One member, or for each pair its member; what is looked up for them is one value or one for each pair.
Rows = int | Ints
Cell = TypeVar("Cell", np.float64, np.bool_)

IN_PERSON_BITS = sum(FORMAT_BIT[way] for way in IN_PERSON)
FROM_AFAR_BITS = ALL_FORMATS - 1 - IN_PERSON_BITS
# Pairs looked at together: enough to spare Python's time, few enough to stay near the processor.
PAIRS_AT_ONCE = 1 << 17
# Stands for a whole of nothing, so that nothing divided by it is nothing.
NOTHING = 1e-300


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """The pairs that pass every filter, and the shares of their parts from 0 to 1; 0.0 where nobody stated any."""

    rows: Rows
    peers: Ints
    score: Floats
    hill: Floats
    asked: Floats | float
    style: Floats | float
    identity: Floats | float
    together: Floats
    room: Floats
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

    The same as `score_block` without its empty cells, which are nineteen of twenty.
    """
    members = np.arange(len(asks), dtype=np.int64)[rows]
    able = pool.able(now)
    step = max(1, PAIRS_AT_ONCE // max(1, len(pool)))
    found = []
    for begins in range(0, len(members), step):
        some = members[begins : begins + step]
        lines, peers = np.divmod(np.flatnonzero(_candidates(asks, some, pool, able)), len(pool))
        near = _near(asks, some[lines], peers, pool)
        fits = _weigh(asks, near, pool, weights)
        found.append((begins + (lines if near.kept is None else lines[near.kept]), fits.peers, fits.score))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    lines, peers, scores = (np.concatenate(column) for column in zip(*found, strict=True))
    return lines, peers, scores


def fits_of(asks: Asks, row: int, pool: Pool, weights: Weights, now: datetime) -> Fits:
    """Return everybody who fits one member, with the shares of all parts."""
    peers = np.flatnonzero(_candidates(asks, row, pool, pool.able(now)))
    return _weigh(asks, _near(asks, row, peers, pool), pool, weights)


def _candidates(asks: Asks, rows: Rows, pool: Pool, able: Bools) -> Bools:
    """Apply every filter that needs no distance."""
    flags = asks.topic_flags[asks.topic_at[0][rows]]
    for topic_at in asks.topic_at[1:]:
        flags = flags | asks.topic_flags[topic_at[rows]]
    passed: Bools = flags == WALKS
    passed &= able
    passed &= asks.speaks[asks.language_at[rows]]
    passed &= asks.enough[asks.window_at[rows]]
    passed &= pool.shares_format[asks.formats[rows]]
    for must_at in asks.must_at:
        passed &= asks.met[must_at[rows]]
    if isinstance(rows, int):
        if rows in asks.apart:
            passed[asks.apart[rows]] = False
    elif asks.apart:
        for line, row in enumerate(rows.tolist()):
            if row in asks.apart:
                passed[line, asks.apart[row]] = False
    return passed


@dataclass(frozen=True, slots=True, eq=False)
class _Near:
    """The pairs that pass the filters of distance; `kept` are their places among those before, None if all did."""

    rows: Rows
    peers: Ints
    kept: Ints | None
    # The pairs that may meet in person and live some way apart, and how near: 1 is next door.
    meeting: Ints | None
    nearness: Floats | float


def _near(asks: Asks, rows: Rows, peers: Ints, pool: Pool) -> _Near:
    """Apply the filters of distance; for whoever meets from afar only, it decides nothing."""
    formats, must_be_far = asks.formats[rows], asks.far_must[rows]
    in_person = formats & IN_PERSON_BITS
    if not in_person.any() and not must_be_far.any():
        return _Near(rows, peers, None, None, 0.0)
    km = _km(asks, rows, peers, pool)
    reach = np.fmin(asks.radius[rows], pool.radius[peers])
    reach[np.isnan(reach)] = USUAL_KM
    meet = km <= reach
    meet &= _pick(pool.shares_format, in_person, peers)
    keep = meet | _pick(pool.shares_format, formats & FROM_AFAR_BITS, peers)
    if must_be_far.any():
        keep &= (km > NOT_LOCAL_KM) | ~must_be_far
    kept = None
    if not keep.all():
        kept = np.flatnonzero(keep)
        peers, km, reach, meet = peers[kept], km[kept], reach[kept], meet[kept]
        rows = rows if isinstance(rows, int) else rows[kept]
    meeting = np.flatnonzero(meet & (reach > 0))
    return _Near(rows, peers, kept, meeting, 1 - km[meeting] / reach[meeting])


def _km(asks: Asks, rows: Rows, peers: Ints, pool: Pool) -> Floats:
    here, there = asks.place_at[rows], pool.place_at[peers]
    if asks.km is None:
        return kilometres(asks.lat[here], asks.lon[here], pool.lat[there], pool.lon[there])
    return _pick(asks.km, here, there)


def _weigh(asks: Asks, near: _Near, pool: Pool, weights: Weights) -> Fits:
    """Work out the parts of both sides and the score."""
    rows, peers = near.rows, near.peers
    hill_of, asked_of, style_of, identity_of, together_of, room_of = (float(weights.parts.get(p, 0.0)) for p in Part)
    hill = np.zeros(len(peers))
    for points, topic_at in zip(asks.points, asks.topic_at, strict=True):
        of = points[rows]
        if of.any():
            hill += of * _pick(asks.topic_shares, topic_at[rows], peers)
    together = _pick(asks.soon, asks.window_at[rows], peers)
    if near.meeting is not None:
        together[near.meeting] = SOON_SHARE * together[near.meeting] + (1 - SOON_SHARE) * near.nearness
    room = pool.room[peers]
    common = hill_of * hill + together_of * together + room_of * room
    whole = np.full(len(peers), hill_of + together_of + room_of or NOTHING)

    identity, told = _shares(asks.likeness_count[rows], lambda at: _met(asks, asks.likeness_at, near, at))
    if told is not None:
        common += identity_of * identity
        whole[told] += identity_of
    style: Floats | float = 0.0
    their_style: Floats | float = 0.0
    own, theirs = common, common.copy()
    if asks.styles[rows].any():
        style = _pick(asks.own_style, asks.style_at[rows], peers)
        their_style = _pick(asks.their_style, asks.style_at[rows], peers)
        own += style_of * style
        theirs += style_of * their_style
        whole += style_of * ((asks.styles[rows] > 0) & pool.talks[peers])
    own_whole, their_whole = whole, whole.copy()
    asked, told = _shares(asks.wish_count[rows], lambda at: _wishes_met(asks, near, at, pool))
    if told is not None:
        own += asked_of * asked
        own_whole[told] += asked_of
    their_asked, told = _shares(pool.wish_count[peers], lambda at: _their_wishes_met(asks, near, at, pool))
    if told is not None:
        theirs += asked_of * their_asked
        their_whole[told] += asked_of

    own /= own_whole
    theirs /= their_whole
    theirs *= own
    score = 100.0 * np.where(pool.stated[peers], np.sqrt(theirs, out=theirs), own)
    np.minimum(100.0, score, out=score)
    return Fits(rows, peers, score, hill, asked, style, identity, together, room, their_asked, their_style)


# All pairs, or the places of some.
Some = Ints | slice


def _shares(counts: Ints | np.int64, met: Callable[[Some], Floats]) -> tuple[Floats | float, Some | None]:
    """The shares met of what was stated, 0.0 where nothing was; beside them where something was, None for nowhere."""
    if not isinstance(counts, np.ndarray):
        return (met(slice(None)) / counts, slice(None)) if counts else (0.0, None)
    at = np.flatnonzero(counts)
    if not len(at):
        return 0.0, None
    shares = np.zeros(len(counts))
    shares[at] = met(at) / counts[at]
    return shares, at


def _met(asks: Asks, slots: Ints, near: _Near, at: Some) -> Floats:
    rows, peers = _of(near.rows, at), near.peers[at]
    met = np.zeros(len(peers))
    for slot in slots:
        met += _pick(asks.met, slot[rows], peers)
    return met


def _wishes_met(asks: Asks, near: _Near, at: Some, pool: Pool) -> Floats:
    met = _met(asks, asks.wish_at, near, at)
    rows = _of(near.rows, at)
    if asks.far_wishes[rows].any():
        met += asks.far_wishes[rows] * (_km(asks, rows, near.peers[at], pool) > NOT_LOCAL_KM)
    return met


def _their_wishes_met(asks: Asks, near: _Near, at: Some, pool: Pool) -> Floats:
    rows, peers = _of(near.rows, at), near.peers[at]
    met = np.zeros(len(peers))
    far_wishes = pool.far_wishes[peers]
    if far_wishes.any():
        met += far_wishes * (_km(asks, rows, peers, pool) > NOT_LOCAL_KM)
    for slot in pool.wish_at:
        met += _pick(asks.meets, rows, slot[peers])
    return met


def _of(rows: Rows, at: Some) -> Rows:
    """The members of some pairs."""
    return rows if isinstance(rows, int) else rows[at]


def _pick(table: NDArray[Cell], lines: Rows | np.integer, peers: Ints) -> NDArray[Cell]:
    if isinstance(lines, np.ndarray):
        # As one long line it is quicker than by two numbers.
        return cast("NDArray[Cell]", table.reshape(-1).take(lines * table.shape[1] + peers))
    line: NDArray[Cell] = table[lines]
    return line[peers]
