"""Scores under what a coordinator and the members decided: pinned, forbidden, and who a member may get at all."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from portal.engine.assign.values import Allowed, Listed, Pair, Scores


@dataclass(frozen=True)
class Limited:
    """The scores of another, without the pairs that a decision stands against."""

    scores: Scores
    forbids: Collection[Pair]
    allowed: Allowed
    forbidden: dict[int, list[int]] = field(init=False, default_factory=lambda: defaultdict(list))
    limited: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        for member, peer in self.forbids:
            self.forbidden[member].append(peer)
        limited = np.zeros(self.scores.shape[0], bool)
        limited[[*self.forbidden, *self.allowed]] = True
        object.__setattr__(self, "limited", limited)

    @property
    def shape(self) -> tuple[int, int]:
        """How many members, how many peers."""
        return self.scores.shape

    def listed(self, rows: NDArray[np.int64]) -> Listed:
        """Return the pairs of these members that nothing stands against."""
        lines, peers, score = self.scores.listed(rows)
        places = np.flatnonzero(self.limited[rows])
        if not len(places):
            return lines, peers, score
        stands = np.ones(len(lines), bool)
        starts = np.searchsorted(lines, np.append(places, places + 1)).reshape(2, -1)
        for place, begin, end in zip(places.tolist(), *starts.tolist(), strict=True):
            member, theirs = int(rows[place]), peers[begin:end]
            if member in self.allowed:
                stands[begin:end] &= np.isin(theirs, list(self.allowed[member]))
            stands[begin:end] &= ~np.isin(theirs, self.forbidden.get(member, []))
        return lines[stands], peers[stands], score[stands]
