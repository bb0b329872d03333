"""Ways to match everybody at once, each in a process of its own, so that nobody's memory is counted for another's.

`python -m bench.rivals 100x30 FOLDER` makes a community, `python -m bench.rivals run FOLDER TIMES WAY…` prints what the
ways found on it. All score with the engine.
"""

import json
import pickle
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import Pipe, get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from bench.community import community
from portal.domain.matching.score import DEFAULT_WEIGHTS
from portal.domain.matching.together import Fairness
from portal.engine.asks import Asks, encode_members
from portal.engine.assign import NOBODY, propose
from portal.engine.assign.flow import best_total
from portal.engine.assign.pairs import Pairs, Worth
from portal.engine.pool import Pool, encode_peers
from portal.engine.score import score_pairs

ROWS_AT_ONCE = 2_000
OWN_BEST = 20
PEERS_BEST = 4

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Everyone:
    """A community as arrays, and how long it took to become that."""

    asks: Asks
    pool: Pool
    now: datetime
    seconds: float

    def listed(self, rows: Ints) -> tuple[Ints, Ints, Floats]:
        """Return the pairs of these members that pass every filter."""
        return score_pairs(self.asks, rows, self.pool, DEFAULT_WEIGHTS, self.now)

    def pairs(self) -> tuple[Ints, Ints, Floats]:
        """Return all pairs that pass every filter: member, peer, score."""
        return self.listed(np.arange(len(self.asks)))


@dataclass(frozen=True)
class Outcome:
    """Who got whom (-1: nobody) and the scores; what proves it."""

    peer_of: Ints
    score: Floats
    proof: str = ""
    gap: float = -1.0
    rounds: int = 0


def ours(everyone: Everyone, fairness: Fairness) -> Outcome:
    """The engine: few pairs, prices, and all pairs held against them."""
    asks, pool, now = everyone.asks, everyone.pool, everyone.now
    found = propose(asks, pool, DEFAULT_WEIGHTS, now, bonus=np.zeros(len(asks)), fairness=fairness)
    return Outcome(found.peer_of, found.score, "proved" if found.proved else "bounded", found.gap, found.rounds)


def scipy_matrix(everyone: Everyone) -> Outcome:
    """SciPy's linear_sum_assignment, with a column for each free place of a peer."""
    members, peers, scores = everyone.pairs()
    able = everyone.pool.able(everyone.now)
    column_of = np.repeat(np.arange(len(able)), np.where(able, everyone.pool.matches_left, 0))
    matrix = np.zeros((len(everyone.asks), len(able)))
    matrix[members, peers] = scores
    repeated = matrix[:, column_of]
    rows, columns = linear_sum_assignment(repeated, maximize=True)
    score, peer_of = np.full(len(everyone.asks), -np.inf), np.full(len(everyone.asks), NOBODY)
    real = repeated[rows, columns] > 0
    peer_of[rows[real]], score[rows[real]] = column_of[columns[real]], repeated[rows[real], columns[real]]
    return Outcome(peer_of, score, "exact")


def flow_on_all(everyone: Everyone) -> Outcome:
    """OR-Tools' SimpleMinCostFlow on every pair that passes the filters."""
    return _flow(everyone, *everyone.pairs())


def own_best(everyone: Everyone) -> Outcome:
    """An exact flow on each member's best 20 alone: what leaving out costs."""
    members, peers, scores = everyone.pairs()
    best = _rank(members, scores) < OWN_BEST
    return _flow(everyone, members[best], peers[best], scores[best])


def both_best(everyone: Everyone) -> Outcome:
    """An exact flow on each member's best 20 and each peer's own best, four for each free place."""
    members, peers, scores = everyone.pairs()
    theirs = _rank(peers, scores) < PEERS_BEST * everyone.pool.matches_left[peers]
    best = theirs | (_rank(members, scores) < OWN_BEST)
    return _flow(everyone, members[best], peers[best], scores[best])


def greedy(everyone: Everyone) -> Outcome:
    """The best pair of all first, then the best of those still free."""
    members, peers, scores = everyone.pairs()
    order = np.argsort(-scores, kind="stable")
    left = everyone.pool.matches_left.copy()
    peer_of, score = np.full(len(everyone.asks), NOBODY), np.full(len(everyone.asks), -np.inf)
    for at in range(0, len(order), ROWS_AT_ONCE):
        some = order[at : at + ROWS_AT_ONCE]
        free = some[(left[peers[some]] > 0) & (peer_of[members[some]] == NOBODY)]
        for pair in free.tolist():
            member, peer = members[pair], peers[pair]
            if left[peer] > 0 and peer_of[member] == NOBODY:
                peer_of[member], score[member] = peer, scores[pair]
                left[peer] -= 1
    return Outcome(peer_of, score)


def first_come(everyone: Everyone) -> Outcome:
    """One after the other, each their best peer who still has room."""
    left = everyone.pool.matches_left.copy()
    peer_of, score = np.full(len(everyone.asks), NOBODY), np.full(len(everyone.asks), -np.inf)
    for begins in range(0, len(everyone.asks), ROWS_AT_ONCE):
        rows = np.arange(begins, min(begins + ROWS_AT_ONCE, len(everyone.asks)))
        lines, peers, scores = everyone.listed(rows)
        starts = np.searchsorted(lines, np.arange(len(rows) + 1)).tolist()
        for row, start, end in zip(rows.tolist(), starts, starts[1:], strict=False):
            free = np.flatnonzero(left[peers[start:end]] > 0)
            if len(free):
                best = start + free[np.argmax(scores[start:end][free])]
                peer_of[row], score[row] = peers[best], scores[best]
                left[peers[best]] -= 1
    return Outcome(peer_of, score)


WAYS: dict[str, Callable[[Everyone], Outcome]] = {
    "ours, closest fits": lambda everyone: ours(everyone, Fairness.CLOSEST),
    "ours, nobody left out": lambda everyone: ours(everyone, Fairness.NOBODY_OUT),
    "SciPy linear_sum_assignment": scipy_matrix,
    "OR-Tools flow, all pairs": flow_on_all,
    "flow, best 20 alone": own_best,
    "flow, best 20 and peers' own": both_best,
    "greedy, best pair first": greedy,
    "first come, first served": first_come,
}


def main(wanted: str, folder: str, times: str = "1", *ways: str) -> None:
    """Make a community (`MEMBERSxPEERS`) and keep it, or run ways on the one kept (`run`)."""
    kept = Path(folder) / "everyone.pickle"
    if wanted != "run":
        members, peers = map(int, wanted.split("x"))
        kept.write_bytes(pickle.dumps(_made(members, peers)))
        return
    everyone: Everyone = pickle.loads(kept.read_bytes())
    print(json.dumps({way: _alone(way, everyone, int(times)) for way in ways}))


def _alone(way: str, everyone: Everyone, times: int) -> dict[str, float | str]:
    """Run one way in a process of its own, which has nothing yet but the libraries and the community."""
    here, there = Pipe(duplex=False)
    process = get_context("fork").Process(target=lambda: there.send(_run(way, everyone, times)))
    process.start()
    # Were this end kept open, a process that broke would be waited for without end.
    there.close()
    found: dict[str, float | str] = here.recv()
    process.join()
    return {**found, "megabytes": (_most_held() + float(found["added"])) / 1e6}


def _run(way: str, everyone: Everyone, times: int) -> dict[str, float | str]:
    seconds, before = [], _most_held()
    for _ in range(times):
        begun = time.perf_counter()
        outcome = WAYS[way](everyone)
        seconds.append(time.perf_counter() - begun)
    placed = outcome.score[outcome.peer_of != NOBODY]
    return {
        "seconds": statistics.median(seconds),
        "ready": everyone.seconds,
        "total": float(placed.sum()),
        "placed": len(placed),
        "worst": float(placed.min(initial=np.inf)),
        "proof": outcome.proof,
        "gap": outcome.gap,
        "rounds": outcome.rounds,
        "added": _most_held() - before,
    }


def _most_held() -> int:
    """The most memory this process held so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _made(members: int, peers: int) -> Everyone:
    people = community(members, peers)
    times = people.times
    begun = time.perf_counter()
    pool = encode_peers(people.peers, times)
    asks = encode_members(people.members, pool, people.told, people.zones)
    return Everyone(asks, pool, people.now, time.perf_counter() - begun)


def _flow(everyone: Everyone, members: Ints, peers: Ints, scores: Floats) -> Outcome:
    count = len(everyone.asks)
    worth = Worth.of(np.zeros(count))
    pairs = Pairs(count, members, peers, worth(members, scores))
    chosen = best_total(pairs, everyone.pool.matches_left, most=False)
    score, peer_of = np.full(count, -np.inf), np.full(count, NOBODY)
    placed = chosen != NOBODY
    peer_of[placed], score[placed] = peers[chosen[placed]], scores[chosen[placed]]
    return Outcome(peer_of, score, "exact on these")


def _rank(group: Ints, scores: Floats) -> Ints:
    """The place of each pair within its group, the highest score first."""
    order = np.lexsort((-scores, group))
    counts = np.bincount(group)
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rank


if __name__ == "__main__":
    main(*sys.argv[1:])
