"""Few pairs first, an exact answer on them, its prices held against all; what beats them joins, until none does."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.engine.assign.flow import best_total, most_people
from portal.engine.assign.kept import Kept, Seen
from portal.engine.assign.pairs import Worth
from portal.engine.assign.prices import owed, prices
from portal.engine.assign.proof import CLOSE, Cover, Prices
from portal.engine.assign.values import NOBODY, Scores


@dataclass
class Net:
    """The pairs under consideration (`tried`, among those kept), and how often an answer was made."""

    scores: Scores
    room: NDArray[np.int64]
    worth: Worth
    kept: Kept
    tried: NDArray[np.bool_]
    rounds: int = 0

    def widen(self, proof: Prices | Cover) -> bool:
        """Let in what beats the proof; False where nothing does, anywhere."""
        beaten = proof.beaten(self.kept) & ~self.tried
        if beaten.any():
            self.tried |= beaten
            return True
        self.kept.add(proof.beaten_elsewhere(self.kept, self.scores, self.worth), self.worth)
        self.tried = np.concatenate([self.tried, np.zeros(len(self.kept.score) - len(self.tried), bool)])
        beaten = proof.beaten(self.kept) & ~self.tried
        self.tried |= beaten
        return bool(beaten.any())


def closest(net: Net, *, most: bool, least: float) -> tuple[NDArray[np.int64], int]:
    """Return by member the number of their kept pair, or -1: the largest sum, of pairs that score `least` at least.

    With `most`, among the answers that place the most members. Beside it how much the sum could still lack, in steps.
    """
    lift = (int(np.abs(net.kept.pairs.value).max(initial=0)) + 1) * (len(net.room) + 1) if most else 0
    seen = Seen(np.full(net.scores.shape[0], 1 << 60), np.zeros(len(net.room), np.int64))
    first = True
    while True:
        net.rounds += 1
        at = np.flatnonzero(net.tried & (net.kept.score >= least))
        pairs = net.kept.pairs.only(at)
        chosen = best_total(pairs, net.room, most=most)
        gain, price = prices(pairs, chosen, net.room, lift)
        proof = Prices(gain, price, lift, least, seen)
        if first:
            net.tried &= proof.spare(net.kept) > -CLOSE
            first = False
        if not net.widen(proof):
            lacks = owed(pairs, chosen, net.room, (gain, price), lift)
            return (np.where(chosen == NOBODY, NOBODY, at[chosen]) if len(at) else chosen), lacks


def highest_worst(net: Net) -> float:
    """Return the highest score that everybody's pair can reach while the most members have somebody."""
    placed = _placed(net, -np.inf)
    while net.widen(_cover(net, -np.inf)):
        placed = _placed(net, -np.inf)
    if not placed:
        return -np.inf
    least = -np.inf
    while True:
        least = _highest(net, placed, least)
        if not net.widen(_cover(net, least)):
            return least


def _highest(net: Net, placed: int, known: float) -> float:
    """Search among the scores of the pairs that are tried: ever longer steps up from the last, then by halves."""
    steps = np.unique(net.kept.score[net.tried])
    low, high = max(0, int(np.searchsorted(steps, known))), len(steps)
    further = 1 if np.isfinite(known) else high
    while high - low > 1:
        middle = min(low + further, (low + high) // 2)
        if _placed(net, steps[middle]) >= placed:
            low, further = middle, further * 8
        else:
            high = middle
    return float(steps[low])


def _placed(net: Net, least: float) -> int:
    return int((_most(net, net.kept.score >= least)[0] != NOBODY).sum())


def _cover(net: Net, above: float) -> Cover:
    _, members, peers = _most(net, net.kept.score > above)
    return Cover(members, peers, above)


def _most(net: Net, good: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    net.rounds += 1
    return most_people(net.kept.pairs.only(np.flatnonzero(net.tried & good)), net.room)
