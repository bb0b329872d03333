"""Scores under what a coordinator and the members decided: pinned, forbidden, whom a member may get, in which order.

A member's own order says more than our score: the scores of those they put in an order are handed out among them again,
the highest to the first. So an order neither adds nor takes weight beside the others who wait.
"""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from portal.engine.assign.values import Allowed, Listed, Pair, Ranked, Scores

# What being put first is worth where scores are the same, and as much again for each point of waiting.
HAIR = 1e-5


class Limited:
    """The scores of another as they count, without the pairs that a decision stands against."""

    def __init__(
        self, scores: Scores, forbids: Collection[Pair], allowed: Allowed, ranked: Ranked, bonus: NDArray[np.float64]
    ) -> None:
        members, self._peers = scores.shape
        self._scores, self._bonus = scores, bonus
        self._forbidden = self._keys(forbids)
        may = {**allowed, **ranked}
        self._may = self._keys((member, peer) for member, peers in may.items() for peer in peers)
        given = [(member * self._peers + peer, at) for member, all_ in ranked.items() for at, peer in enumerate(all_)]
        self._order = np.array(sorted(given), np.int64).reshape(-1, 2)
        self._limits, self._touched, self._orders = np.zeros((3, members), bool)
        self._limits[list(may)] = True
        self._orders[list(ranked)] = True
        self.hair = HAIR * (1 + float(bonus[self._orders].max(initial=0.0))) if ranked else 0.0
        self._touched[[member for member, _ in forbids]] = True
        self._touched |= self._limits

    @property
    def shape(self) -> tuple[int, int]:
        """How many members, how many peers."""
        return self._scores.shape

    def listed(self, rows: NDArray[np.int64]) -> Listed:
        """Return the pairs of these members that nothing stands against, with what they count."""
        lines, peers, score = self._scores.listed(rows)
        if not self._touched[rows].any():
            return lines, peers, score
        member = rows[lines]
        some = np.flatnonzero(self._touched[member])
        key = member[some] * self._peers + peers[some]
        stands = np.ones(len(lines), bool)
        stands[some] = (~self._limits[member[some]] | _among(self._may, key)) & ~_among(self._forbidden, key)
        lines, peers, score = lines[stands], peers[stands], score[stands]
        return lines, peers, self._in_order(rows, lines, peers, score)

    def _in_order(
        self, rows: NDArray[np.int64], lines: NDArray[np.int64], peers: NDArray[np.int64], score: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        member = rows[lines]
        own = np.flatnonzero(self._orders[member])
        if not len(own):
            return score
        key = member[own] * self._peers + peers[own]
        place = self._order[np.searchsorted(self._order[:, 0], key), 1]
        to = own[np.lexsort((place, lines[own]))]
        counts = score.copy()
        counts[to] = score[own[np.lexsort((-score[own], lines[own]))]]
        counts[own] += HAIR * (1 + self._bonus[member[own]]) / (1 + place)
        return counts

    def _keys(self, pairs: Iterable[Pair]) -> NDArray[np.int64]:
        return np.unique(np.array([member * self._peers + peer for member, peer in pairs], np.int64))


def _among(known: NDArray[np.int64], keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    at = np.searchsorted(known, keys)
    found = np.zeros(len(keys), bool)
    inside = at < len(known)
    found[inside] = known[at[inside]] == keys[inside]
    return found
