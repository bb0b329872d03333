"""The shortlist of one member, the closest five with their reasons: the engine beside the domain's plain loop.

Both start from what is in memory: the engine from its arrays, the loop from domain values and openings by peer; what
it takes to make the arrays stands in columns of its own. The engine's time is the median over many members, warm; both
must name the same five. Each size runs in a process of its own, so that its peak (resident memory, the made-up
community included) is its own; `arrays MB` is what the engine keeps. The way from the database and back belongs to
bench/matching_verb.py.
"""

import resource
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields, is_dataclass
from multiprocessing import get_context

import numpy as np

from bench.community import Community, community
from bench.matching_verb import measure_verb
from bench.report import Promise, Report
from portal.domain.matching.score import DEFAULT_WEIGHTS
from portal.domain.matching.shortlist import shortlist as plain_shortlist
from portal.engine.asks import Asks, encode_members
from portal.engine.pool import Pool, encode_peers
from portal.engine.shortlist import shortlist

COUNT = 5
SIZES = ((100, 30), (1_000, 200), (10_000, 1_000), (100_000, 5_000))
# Peers -> milliseconds that a shortlist with its reasons may take.
PROMISED = {1_000: 0.2, 5_000: 0.6}
Row = dict[str, str | float | int]


@dataclass(frozen=True)
class Effort:
    """How much is measured: how many members at most, how many of them by the engine, how many by the loop."""

    most_members: int
    engine: int
    plain: int


QUICK, FULL = Effort(10_000, 300, 5), Effort(100_000, 1_000, 15)


def measure(quick: bool) -> Report:
    """Measure each size; one member's shortlist looks at all peers, so `quick` makes fewer members up, not peers."""
    effort = QUICK if quick else FULL
    rows: list[Row] = []
    for members, peers in SIZES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            rows.append(alone.submit(_measured, min(members, effort.most_members), peers, effort).result())
    promises = [
        Promise(f"shortlist of one at {peers:,} peers, ms", limit, float(row["engine ms"]))
        for peers, limit in PROMISED.items()
        for row in rows
        if row["peers"] == peers
    ]
    verb_rows, verb_promises = measure_verb(quick)
    return Report("matching", rows + verb_rows, promises + verb_promises)


def _measured(members: int, peers: int, effort: Effort) -> Row:
    made = community(members, peers)
    times = made.times
    begun = time.perf_counter()
    pool = encode_peers(made.peers, times)
    with_peers = time.perf_counter()
    asks = encode_members(made.members, pool, made.told, made.zones)
    with_members = time.perf_counter()
    engine = _engine(asks, pool, made, effort.engine)
    plain = _plain(asks, pool, made, effort.plain)
    return {
        "members": members,
        "peers": peers,
        "engine ms": round(engine, 3),
        "plain loop ms": round(plain, 2),
        "ratio": round(plain / engine, 1),
        "arrays of peers ms": round((with_peers - begun) * 1000, 1),
        "arrays of members ms": round((with_members - with_peers) * 1000, 1),
        "arrays MB": round((_bytes(pool) + _bytes(asks)) / 1e6, 1),
        "peak MB": round(_peak() / 1e6),
    }


def _engine(asks: Asks, pool: Pool, made: Community, most: int) -> float:
    rows = range(min(most, len(asks)))
    found = []
    for row in (*rows, *rows):
        begun = time.perf_counter()
        shortlist(asks, row, pool, DEFAULT_WEIGHTS, made.now, COUNT)
        found.append(time.perf_counter() - begun)
    return statistics.median(found[len(rows) :]) * 1000


def _plain(asks: Asks, pool: Pool, made: Community, most: int) -> float:
    found = []
    for row in range(min(most, len(asks))):
        openings = {
            peer.id: made.times.openings(made.zones[row], made.told[row], at, made.now)
            for at, peer in enumerate(made.peers)
        }
        begun = time.perf_counter()
        plain = plain_shortlist(made.members[row], made.peers, openings, DEFAULT_WEIGHTS, made.now, COUNT)
        found.append(time.perf_counter() - begun)
        engine = shortlist(asks, row, pool, DEFAULT_WEIGHTS, made.now, COUNT)
        if [suggestion.peer_id for suggestion in engine] != [suggestion.peer_id for suggestion in plain.suggestions]:
            raise RuntimeError("the engine and the plain loop name different people")
    return statistics.median(found) * 1000


def _bytes(arrays: object) -> int:
    if isinstance(arrays, np.ndarray):
        return arrays.nbytes
    return sum(_bytes(getattr(arrays, field.name)) for field in fields(arrays)) if is_dataclass(arrays) else 0


def _peak() -> int:
    # Kilobytes on Linux, bytes on macOS.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
