"""What a place with each peer is worth once the best answer stands: the prices that prove it.

With a price for each peer and a gain for each member, no pair may be worth more than its price and gain together; then
no other answer can be better (LP duality; Ahuja, Magnanti and Orlin, Network Flows, 1993, chapter 9).
"""

import numpy as np
from numpy.typing import NDArray

from portal.engine.assign.pairs import Pairs
from portal.engine.assign.values import NOBODY


def prices(
    pairs: Pairs, chosen: NDArray[np.int64], room: NDArray[np.int64], lift: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (gain by member, price by peer) of a best answer on these pairs, the lowest prices that prove it.

    `lift` is what it is worth that one more member has somebody, whoever it is. Longest paths from peer to peer
    (Bellman-Ford): whoever would take a member from another peer must pay what the member would lose.
    """
    placed = np.flatnonzero(chosen != NOBODY)
    by = np.full(pairs.members, NOBODY)
    by[placed] = pairs.peer[chosen[placed]]
    value = np.zeros(pairs.members, np.int64)
    value[placed] = pairs.value[chosen[placed]] + lift
    price = np.zeros(len(room), np.int64)
    from_peer = by[pairs.member]
    loose = from_peer == NOBODY
    np.maximum.at(price, pairs.peer[loose], pairs.value[loose] + lift)
    moving = np.flatnonzero(~loose & (from_peer != pairs.peer))
    start, end = from_peer[moving], pairs.peer[moving]
    extra = pairs.value[moving] + lift - value[pairs.member[moving]]
    start, end, extra = _steepest(start, end, extra, len(room))
    first = np.flatnonzero(np.r_[True, end[1:] != end[:-1]]) if len(end) else np.zeros(0, np.int64)
    ends = end[first]
    for _ in range(len(room) + 1):
        raised = np.maximum.reduceat(price[start] + extra, first) if len(end) else extra
        if not (raised > price[ends]).any():
            break
        price[ends] = np.maximum(price[ends], raised)
    gain = np.zeros(pairs.members, np.int64)
    gain[placed] = value[placed] - price[by[placed]]
    return gain, price


def owed(
    pairs: Pairs,
    chosen: NDArray[np.int64],
    room: NDArray[np.int64],
    proof: tuple[NDArray[np.int64], NDArray[np.int64]],
    lift: int,
) -> int:
    """Return by how much gains and prices exceed the answer: where they hold for all pairs, all it could lack."""
    gain, price = proof
    placed = np.flatnonzero(chosen != NOBODY)
    at = chosen[placed]
    free = room - np.bincount(pairs.peer[at], minlength=len(room))
    missing = gain[placed] + price[pairs.peer[at]] - pairs.value[at] - lift
    return int(missing.sum() + gain[chosen == NOBODY].sum() + (price * free).sum())


def _steepest(
    start: NDArray[np.int64], end: NDArray[np.int64], extra: NDArray[np.int64], peers: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Of the ways from one peer to another only the one that costs a member least counts."""
    way = end * peers + start
    order = np.lexsort((-extra, way))
    way = way[order]
    lead = order[np.r_[True, way[1:] != way[:-1]]] if len(way) else order
    return start[lead], end[lead], extra[lead]
