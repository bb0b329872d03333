"""Scores that stand ready in one matrix: small cases, and tests."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.engine.assign.values import Listed


@dataclass(frozen=True)
class Dense:
    """A matrix of scores, members down, peers across, -inf where the two cannot walk together."""

    matrix: NDArray[np.float64]

    @property
    def shape(self) -> tuple[int, int]:
        """How many members, how many peers."""
        return self.matrix.shape[0], self.matrix.shape[1]

    def listed(self, rows: NDArray[np.int64]) -> Listed:
        """Return these members' pairs."""
        block = self.matrix[rows]
        lines, peers = np.nonzero(block > -np.inf)
        return lines, peers, block[lines, peers]
