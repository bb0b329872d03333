"""The whole verb: a member asks and has a shortlist, on SQLite on disk with everything that belongs to it.

Beside it the pure loop on the same community: everybody read and looked at, one by one, by the rules alone.
"""

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from bench.community import Community, community
from bench.report import Promise
from bench.rows import write
from portal.app import create_app
from portal.db import db, transaction
from portal.domain.matching.shortlist import shortlist
from portal.queries import matching as matching_queries
from portal.queries.slots import common_openings
from portal.services import matching
from portal.settings import load
from tests.servers.databases import EMPTY, release
from tests.servers.settings import environ_for
from tests.servers.valkey import Valkey

MEMBERS = 60
SIZES = (1_000, 5_000)
PROMISED_MS = 40.0
Row = dict[str, str | float | int]


def measure_verb(quick: bool) -> tuple[list[Row], list[Promise]]:
    """Measure `ask` in communities of two sizes; the promise is about the larger one."""
    rows = [_measured(size, asks=15 if quick else MEMBERS, loops=1 if quick else 5) for size in SIZES]
    found = float(rows[-1]["median ms"])
    return rows, [Promise(f"whole verb at {SIZES[-1]:,} peers, ms", PROMISED_MS, found)]


def _measured(peers: int, asks: int, loops: int) -> Row:
    told = community(MEMBERS, peers)
    warm, *members = [member.id for member in told.members if member.topics][: asks + 1]
    statements: list[int] = []
    times: list[float] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, _site(Path(folder), told) as app:
        loop = [_ms(app, partial(_pure_loop, one, told.now)) for one in members[:loops]]
        ask = partial(matching.ask, key="", now=told.now)
        _ms(app, partial(ask, warm))
        # What was made up stays in memory only here; a site does not have it to look through for garbage.
        gc.freeze()
        for one in members:
            with app.app_context(), _counted(statements):
                times.append(_ms(app, partial(ask, one)))
    return {
        "peers": peers,
        "asks": len(times),
        "median ms": round(statistics.median(times), 1),
        "most ms": round(max(times), 1),
        "statements, at most": max(statements),
        "pure loop ms": round(statistics.median(loop), 1),
    }


@contextmanager
def _site(folder: Path, told: Community) -> Iterator[Flask]:
    """An application on a database of its own with this community, and a broker that hears of the letters."""
    url, broker = f"sqlite:///{folder / 'bench.sqlite'}", Valkey()
    try:
        environ = environ_for(url, folder, redis_url=broker.url)
        release(environ, EMPTY)
        app = create_app(load(environ))
        with app.app_context():
            with transaction() as session:
                write(session, told)
            yield app
            db.engine.dispose()
    finally:
        broker.stop()


def _pure_loop(member_id: int, now: datetime) -> None:
    weights = matching_queries.domain_weights()
    if weights is None:
        raise RuntimeError("a site without weights")
    peers = matching_queries.peer_values()
    openings = common_openings(member_id, [peer.id for peer in peers], now)
    shortlist(matching_queries.member_value(member_id), peers, openings, weights, now)


def _ms(app: Flask, work: Callable[[], object]) -> float:
    """How long it takes in a context of its own, as in a request."""
    begun = time.perf_counter()
    with app.app_context():
        work()
    return (time.perf_counter() - begun) * 1000


@contextmanager
def _counted(counts: list[int]) -> Iterator[None]:
    count = 0

    def listen(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    counts.append(count)
