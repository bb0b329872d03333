"""Whether anything that was left out could still make the answer better; if so, what."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.engine.assign.kept import Found, Kept, each, in_runs
from portal.engine.assign.pairs import STEPS, TIE, Worth
from portal.engine.assign.values import Scores

Test = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]], NDArray[np.bool_]]


@dataclass(frozen=True)
class Prices:
    """A gain for each member and a price for each peer, in whole steps, for pairs that score `least` at least."""

    gain: NDArray[np.int64]
    price: NDArray[np.int64]
    lift: int
    least: float

    def beaten(self, kept: Kept) -> NDArray[np.bool_]:
        """Say which of the pairs kept are worth more than gain and price."""
        pairs = kept.pairs
        spare = pairs.value + self.lift - self.gain[pairs.member] - self.price[pairs.peer]
        found: NDArray[np.bool_] = (spare > 0) & (kept.score >= self.least)
        return found

    def beaten_elsewhere(self, kept: Kept, scores: Scores, worth: Worth) -> Found:
        """Look again at the members for whom a pair that was not kept could be worth more; none is the proof."""
        members = np.arange(len(self.gain))
        open_end = np.isfinite(kept.floor) & (kept.floor >= self.least)
        floor = np.where(open_end, kept.floor, 0.0)
        most = np.where(open_end, worth(members, floor) + self.lift - self.gain, np.iinfo(np.int64).min)
        ceiling = np.minimum(kept.ceiling, 1e9)
        highest = np.where(ceiling > -np.inf, np.rint(np.maximum(ceiling, -1e9) * STEPS) * TIE + TIE, -1e15)
        rest = highest.astype(np.int64) + self.lift - self.price
        rows = np.flatnonzero(_some_price_below(self.price, rest, most, self.gain))

        def test(member: NDArray[np.int64], peer: NDArray[np.int64], score: NDArray[np.float64]) -> NDArray[np.bool_]:
            spare = worth(member, score) + self.lift - self.gain[member] - self.price[peer]
            better: NDArray[np.bool_] = (spare > 0) & (score >= self.least)
            return better

        return again(scores, rows, np.ones(len(self.price), bool), test)


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
            left = score <= np.minimum(kept.floor[member], kept.ceiling[peer] - worth.bonus[member])
            return left & (score > self.above)

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
    highest = np.maximum.accumulate(rest[order])
    cheaper = np.searchsorted(price[order], most, side="left")
    found: NDArray[np.bool_] = (cheaper > 0) & (highest[np.maximum(cheaper, 1) - 1] > gain)
    return found
