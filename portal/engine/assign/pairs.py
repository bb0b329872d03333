"""Pairs of a member and a peer, listed, with what each is worth in whole numbers, so that sums and proofs are exact."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A millionth of a point is one step; below it, TIE finer steps say who has waited longer among exact ties.
STEPS = 1_000_000
TIE = 1024
UNIT = STEPS * TIE


@dataclass(frozen=True)
class Pairs:
    """`member`, `peer` and `value` by pair; `members` is how many members there are at all."""

    members: int
    member: NDArray[np.int64]
    peer: NDArray[np.int64]
    value: NDArray[np.int64]

    def only(self, which: NDArray[np.int64]) -> "Pairs":
        """Return some of the pairs."""
        return Pairs(self.members, self.member[which], self.peer[which], self.value[which])


@dataclass(frozen=True)
class Worth:
    """What a score is worth for each member: the score and their bonus, in whole steps, then the tie."""

    bonus: NDArray[np.float64]
    tie: NDArray[np.float64]

    @classmethod
    def of(cls, bonus: NDArray[np.float64]) -> "Worth":
        """Return the worth for these bonuses, in points."""
        highest = float(bonus.max(initial=0.0))
        return cls(bonus, np.rint(bonus / highest * (TIE - 1)) if highest else np.zeros_like(bonus))

    def __call__(self, member: NDArray[np.int64], score: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the worth of pairs, by their members and (finite) scores."""
        steps = np.rint((score + self.bonus[member]) * STEPS) * TIE + self.tie[member]
        return steps.astype(np.int64)
