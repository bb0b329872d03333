"""One look at all pairs, which keeps the few that can matter and a ceiling for all it leaves.

Each member keeps their best pairs, each peer their own best; whatever is not kept scores at most the member's `floor`,
and with the member's bonus at most the peer's `ceiling`. So a later proof needs to look again only at the members for
whom something that was left could still win.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from portal.engine.assign.pairs import Pairs, Worth
from portal.engine.assign.values import Progress, Scores

# How many pairs each member keeps, and tries first; how many for each free place a peer does, and at the least keeps.
OWN_BEST = 48
OWN_FIRST = 8
PEERS_BEST = 10
PEERS_FIRST = 4
PEERS_LEAST = 100
# How many members are looked at before all: one in ten, at most so many.
ONE_IN = 10
LOOKED_AT_FIRST = 4_000
ROWS_AT_ONCE = 400
# Further apart than two scores with their bonus ever are.
FAR = 4096.0
THREADS = 2

T = TypeVar("T")
# Members, peers, scores, and whether the pair is among the first to be tried.
Found = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]


@dataclass
class Seen:
    """What a later look found at some prices: whatever is not kept is worth at most `base` and its peer's price."""

    base: NDArray[np.int64]
    price: NDArray[np.int64]


@dataclass
class Kept:
    """The pairs kept so far, `floor` by member and `ceiling` by peer in points; `first` are those to try first."""

    pairs: Pairs
    score: NDArray[np.float64]
    first: NDArray[np.bool_]
    floor: NDArray[np.float64]
    ceiling: NDArray[np.float64]
    later: int = 0

    def add(self, more: Found, worth: Worth) -> None:
        """Keep those of these pairs that are not kept yet; `later` counts the pairs that came so."""
        old = self.pairs
        peers = len(self.ceiling)
        known = slice(len(old.member) - self.later, None)
        member, peer, score, first = more
        left = score <= np.minimum(self.floor[member], self.ceiling[peer] - worth.bonus[member])
        fresh = left & ~np.isin(member * peers + peer, old.member[known] * peers + old.peer[known])
        member, peer, score, first = member[fresh], peer[fresh], score[fresh], first[fresh]
        self.later += len(member)
        self.pairs = Pairs(
            old.members,
            np.concatenate([old.member, member]),
            np.concatenate([old.peer, peer]),
            np.concatenate([old.value, worth(member, score)]),
        )
        self.score = np.concatenate([self.score, score])
        self.first = np.concatenate([self.first, first])


def look(scores: Scores, room: NDArray[np.int64], worth: Worth, progress: Progress) -> Kept:
    """Score every pair once and keep what can matter."""
    members, _ = scores.shape
    wanted = np.maximum(PEERS_LEAST, PEERS_BEST * room)
    ceiling, highest = _ceilings(scores, worth, (wanted, PEERS_FIRST * room))
    floor = np.empty(members)

    def best_of(rows: NDArray[np.int64]) -> Found:
        line, peer, score = scores.listed(rows)
        least, near = _own_best(len(rows), line, score)
        floor[rows] = least
        stays = (score > least[line]) | (score > ceiling[peer] - worth.bonus[rows[line]])
        line, peer, score = line[stays], peer[stays], score[stays]
        return rows[line], peer, score, (score > near[line]) | (score > highest[peer] - worth.bonus[rows[line]])

    found = list(_walked(best_of, in_runs(np.arange(members)), members, progress))
    member, peer, score, first = (np.concatenate(part) for part in zip(*found, strict=True))
    return Kept(Pairs(members, member, peer, worth(member, score)), score, first, floor, ceiling)


def in_runs(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the rows in runs, at least one."""
    return [rows[at : at + ROWS_AT_ONCE] for at in range(0, len(rows), ROWS_AT_ONCE)] or [rows]


def each(work: Callable[[NDArray[np.int64]], T], runs: Iterable[NDArray[np.int64]]) -> Iterator[T]:
    """Do the work for each run of rows on two threads, answers in order."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield from pool.map(work, runs)


def _own_best(
    rows: int, line: NDArray[np.int64], score: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by row the scores up to which pairs are left, and up to which they are not among the first."""
    counts = np.bincount(line, minlength=rows)
    width = int(counts.max(initial=0))
    if width <= OWN_FIRST:
        nothing = np.full(rows, -np.inf)
        return nothing, nothing
    table = np.full((rows, max(width, OWN_BEST + 1)), -np.inf)
    table[line, np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)] = score
    last, near = table.shape[1] - OWN_BEST - 1, table.shape[1] - OWN_FIRST - 1
    table.partition((last, near), axis=1)
    return table[:, last].copy(), table[:, near].copy()


def _walked(
    work: Callable[[NDArray[np.int64]], Found], runs: list[NDArray[np.int64]], members: int, progress: Progress
) -> Iterator[Found]:
    done = 0
    for run, found in zip(runs, each(work, runs), strict=True):
        done += len(run)
        progress(done / max(1, members))
        yield found


def _ceilings(scores: Scores, worth: Worth, wanted: tuple[NDArray[np.int64], ...]) -> tuple[NDArray[np.float64], ...]:
    """Guess from some members above what a peer finds this many; a poor guess costs time, never the answer."""
    members, peers = scores.shape
    rows = np.arange(0, members, max(ONE_IN, members // LOOKED_AT_FIRST))

    def with_bonus(run: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        line, peer, score = scores.listed(run)
        return peer, score + worth.bonus[run[line]]

    peer, value = (np.concatenate(part) for part in zip(*each(with_bonus, in_runs(rows)), strict=True))
    # Sorted by peer, the highest first, as one number.
    counts = np.bincount(peer, minlength=peers)
    ordered = np.repeat(np.arange(peers), counts) * FAR - np.sort(peer * FAR - value)
    found = []
    for many in wanted:
        rank = np.maximum(1, np.rint(many * len(rows) / max(1, members))).astype(np.int64)
        enough = counts >= rank
        ceiling = np.full(peers, -np.inf)
        ceiling[enough] = ordered[(np.cumsum(counts) - counts + rank - 1)[enough]]
        found.append(ceiling)
    return tuple(found)
