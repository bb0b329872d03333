"""Whether anything that was left out could still make the answer better; if so, what."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.engine.assign.kept import Found, Kept, Seen, each, in_runs
from portal.engine.assign.pairs import STEPS, TIE, UNIT, Worth
from portal.engine.assign.values import Scores

# Three points: pairs this close to being worth more are kept when they come by.
CLOSE = 3 * UNIT
NOTHING = -(1 << 60)

Test = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]], NDArray[np.bool_]]


@dataclass(frozen=True)
class Prices:
    """A gain for each member and a price for each peer, in whole steps, for pairs that score `least` at least."""

    gain: NDArray[np.int64]
    price: NDArray[np.int64]
    lift: int
    least: float
    seen: Seen

    def spare(self, kept: Kept) -> NDArray[np.int64]:
        """Return by how much each pair kept is worth more than its gain and price."""
        pairs = kept.pairs
        return pairs.value + self.lift - self.gain[pairs.member] - self.price[pairs.peer]

    def beaten(self, kept: Kept) -> NDArray[np.bool_]:
        """Say which of the pairs kept are worth more than gain and price."""
        found: NDArray[np.bool_] = (self.spare(kept) > 0) & (kept.score >= self.least)
        return found

    def beaten_elsewhere(self, kept: Kept, scores: Scores, worth: Worth) -> Found:
        """Look again at the members for whom a pair that was not kept could be worth more; none is the proof.

        What comes close is returned too, so that the next prices need no look at the same members.
        """
        rows = np.flatnonzero(self._unsure(kept, worth))

        def test(member: NDArray[np.int64], peer: NDArray[np.int64], score: NDArray[np.float64]) -> NDArray[np.bool_]:
            spare = worth(member, score) + self.lift - self.gain[member] - self.price[peer]
            close: NDArray[np.bool_] = (spare > -CLOSE) & (score >= self.least)
            return close

        found = again(scores, rows, np.ones(len(self.price), bool), test)
        # What was learned at earlier prices is put in terms of these.
        self.seen.base += np.max(self.seen.price - self.price, initial=0)
        self.seen.price[:] = self.price
        self.seen.base[rows] = self.gain[rows] - self.lift - CLOSE
        return found

    def _unsure(self, kept: Kept, worth: Worth) -> NDArray[np.bool_]:
        """Say for which members a pair that was not kept could be worth more than gain and price."""
        could = np.isfinite(kept.floor) & (kept.floor >= self.least)
        floor = np.where(could, kept.floor, 0.0)
        most = np.where(could, worth(np.arange(len(floor)), floor) + self.lift - self.gain, NOTHING)
        known = np.isfinite(kept.ceiling)
        highest = (np.where(known, kept.ceiling, 0.0) * STEPS).astype(np.int64) * TIE + 2 * TIE
        rest = np.where(known, highest + self.lift - self.price, NOTHING)
        below = self.seen.base + self.lift - self.gain + np.max(self.seen.price - self.price, initial=0)
        unsure: NDArray[np.bool_] = (below > 0) & _some_price_below(self.price, rest, most, self.gain)
        return unsure


@dataclass(frozen=True)
class Cover:
    """Members and peers of whom each pair that scores more than `above` has one: no more people can be placed."""

    members: NDArray[np.bool_]
    peers: NDArray[np.bool_]
    above: float

    def beaten(self, kept: Kept) -> NDArray[np.bool_]:
        """Say which of the pairs kept touch neither."""
        pairs = kept.pairs
        found: NDArray[np.bool_] = ~self.members[pairs.member] & ~self.peers[pairs.peer] & (kept.score > self.above)
        return found

    def beaten_elsewhere(self, kept: Kept, scores: Scores, worth: Worth) -> Found:
        """Look again at the members for whom a pair that was not kept could touch neither; none is the proof."""
        highest = float(kept.ceiling[~self.peers].max(initial=-np.inf))
        could = np.minimum(kept.floor, highest - worth.bonus)
        rows = np.flatnonzero(~self.members & (could > self.above))

        def test(member: NDArray[np.int64], peer: NDArray[np.int64], score: NDArray[np.float64]) -> NDArray[np.bool_]:
            found: NDArray[np.bool_] = score > self.above
            return found

        return again(scores, rows, ~self.peers, test)


def again(scores: Scores, rows: NDArray[np.int64], peers: NDArray[np.bool_], test: Test) -> Found:
    """Score these members once more and return the pairs with these peers that pass the test."""

    def passing(run: NDArray[np.int64]) -> Found:
        line, peer, score = scores.listed(run)
        good = peers[peer]
        good[good] = test(run[line[good]], peer[good], score[good])
        return run[line[good]], peer[good], score[good], np.ones(int(good.sum()), bool)

    found = list(each(passing, in_runs(rows)))
    member, peer, score, first = (np.concatenate(part) for part in zip(*found, strict=True))
    return member, peer, score, first


def _some_price_below(
    price: NDArray[np.int64], rest: NDArray[np.int64], most: NDArray[np.int64], gain: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """For each member: is there a peer with price < most and rest > gain?"""
    order = np.argsort(price)
    highest = np.append(NOTHING, np.maximum.accumulate(rest[order]))
    found: NDArray[np.bool_] = highest[np.searchsorted(price[order], most, side="left")] > gain
    return found
