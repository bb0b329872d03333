"""What an assignment is asked of and what it answers, as plain arrays: members by index, peers by index."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

NOBODY = -1
Pair = tuple[int, int]
Allowed = Mapping[int, Collection[int]]
# By member, the peers they chose, whom they put first first.
Ranked = Mapping[int, Sequence[int]]
Progress = Callable[[float], None]
# Pairs by their place in the rows asked for, the peer and the score; rows in order.
Listed = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


class Scores(Protocol):
    """Whatever can score any members against all peers, some rows at a time; two threads may ask at once."""

    @property
    def shape(self) -> tuple[int, int]:
        """How many members, how many peers."""

    def listed(self, rows: NDArray[np.int64]) -> Listed:
        """Return the pairs of these members that may walk together, (place in `rows`, peer, score), rows in order."""


@dataclass(frozen=True)
class Assignment:
    """Who walks with whom, pins included. `total` is the sum of score and bonus as it counts, see `Limited`.

    `proved` says that no other answer is better by the aims in their order (to a millionth of a point a person);
    where it is not, `gap` is the most that the total could still rise, as a share of it.
    """

    peer_of: NDArray[np.int64]
    score: NDArray[np.float64]
    total: float
    proved: bool
    gap: float
    lost_pins: tuple[Pair, ...]
    rounds: int

    @property
    def placed(self) -> int:
        """How many members have somebody."""
        return int((self.peer_of != NOBODY).sum())

    @property
    def worst(self) -> float | None:
        """The lowest score of those who have somebody, pins included."""
        return float(self.score[self.peer_of != NOBODY].min()) if self.placed else None


def ignore(share: float) -> None:
    """Nobody watches how far it has come."""
