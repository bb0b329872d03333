"""Letters the whole way: due rows, the sweep, the broker, the site's own workers, a real SMTP server on loopback.

Half are invitations with their calendar entry, half are reminders; each is claimed, its reason read again, written,
kept, sent and marked, with the durability of a real site (SQLite synchronous=FULL, PostgreSQL fsync=on). Beside it in
the same run, on the same rows and server: one RQ job for each letter with EmailMessage (SimpleWorker), one for each
hundred, and smtplib on one line with bytes that stand ready.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench.letters import rivals
from bench.letters.host import Host, host
from bench.letters.rows import fill, refill
from bench.report import Promise, Report
from portal import clock

ENGINES = ("postgresql", "sqlite")
LATE_MS = 20
TIMES_ONE_BY_ONE = 6.0
OF_READY_MADE = 0.4
TWO_WORKERS = 1.6
OF_THE_RATE_WHEN_LATE = 0.5
GROWTH_MB = 8.0
Row = dict[str, str | float | int]


def measure(quick: bool) -> Report:
    """Send by one worker and by two, to a server that is late, and by the rivals, on both engines."""
    letters = 1_000 if quick else 20_000
    rows: list[Row] = []
    others: list[Row] = []
    promises: list[Promise] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for engine in ENGINES:
            with host(engine, Path(folder)) as there:
                ours, theirs, kept = _measured(there, letters, quick)
            rows, others, promises = [*rows, *ours], [*others, *theirs], [*promises, *kept]
    return Report("letters", [*rows, *others], promises)


def _measured(there: Host, letters: int, quick: bool) -> tuple[list[Row], list[Row], list[Promise]]:
    now = clock.now() - timedelta(minutes=1)
    fill(there.app, letters, now)
    one = _ours(there, letters, 1)
    refill(there.app, now)
    two = _ours(there, letters, 2)
    refill(there.app, now)
    late = _ours(there, letters, 1, late_ms=LATE_MS)
    rows = [one, two, late]
    if not quick:
        refill(there.app, now)
        fill(there.app, 5 * letters, now, first=letters // 4 + 1)
        rows.append(_ours(there, 6 * letters, 1))
    theirs = _theirs(there, letters, quick)
    rates = {str(row["way"]): float(row["a second"]) for row in theirs}
    rate, name = float(one["a second"]), there.engine
    promises = [
        Promise(
            f"{name}: times one job for each letter", TIMES_ONE_BY_ONE, round(rate / rates["a job a letter"], 2), True
        ),
        Promise(f"{name}: of ready-made bytes", OF_READY_MADE, round(rate / rates["ready-made bytes"], 2), True),
        Promise(f"{name}: two workers to one", TWO_WORKERS, round(float(two["a second"]) / rate, 2), True),
        Promise(
            f"{name}: {LATE_MS} ms late, of the rate",
            OF_THE_RATE_WHEN_LATE,
            round(float(late["a second"]) / rate, 2),
            True,
        ),
        Promise(f"{name}: letters not sent", 0, sum(float(row["not sent"]) for row in rows)),
    ]
    if not quick:
        growth = float(rows[-1]["worker MB"]) - float(one["worker MB"])
        promises.append(Promise(f"{name}: MB more for six times as many", GROWTH_MB, round(growth, 1)))
    return rows, theirs, promises


def _ours(there: Host, letters: int, workers: int, late_ms: int = 0) -> Row:
    there.sink(late_ms)
    with there.workers(workers) as running:
        began = time.time()
        last = there.sweep_until(letters)
        memory = max(worker.peak_mb() for worker in running)
        worked = sum(worker.seconds() for worker in running)
    return {
        "database": there.engine,
        "workers": workers,
        "server late ms": late_ms,
        "letters": letters,
        "a second": round(letters / (last - began)),
        "last one late s": round(last - began, 2),
        "worker ms a letter": round(1000 * worked / letters, 2),
        "lines": there.lines() - there.asked,
        "worker MB": round(memory, 1),
        "not sent": there.not_sent(),
    }


def _theirs(there: Host, letters: int, quick: bool) -> list[Row]:
    there.sink(0)
    ids = there.ids()
    some = ids[: letters // (5 if quick else 20)]
    raw = there.written(min(letters, 2_000))
    return [
        _row(there, "a job a letter", len(some), there.by_queue(some, 1)),
        _row(there, "a job a hundred", len(some), there.by_queue(some, 100)),
        _row(there, "ready-made bytes", len(raw), _timed(lambda: rivals.ready_made(there.port, raw))),
        _row(there, "the server alone", len(raw), there.stream(raw)),
    ]


def _timed(do: object) -> float:
    began = time.perf_counter()
    do()  # type: ignore[operator]
    return time.perf_counter() - began


def _row(there: Host, way: str, letters: int, seconds: float) -> Row:
    return {"database": there.engine, "way": way, "letters": letters, "a second": round(letters / seconds)}
