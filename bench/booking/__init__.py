"""Bookings through the whole house: POST /book/… over HTTP to two gunicorn workers, on SQLite and on PostgreSQL.

Each member books an open time with their peer by the form that the page carries; each POST checks who asks, the form's
token and key, the open times, and writes the chat, both holds, the walk's step, the record, invitations, reminders and
the key, in one transaction with the durability of a real site (SQLite synchronous=FULL, PostgreSQL fsync=on), then
rings the workers' bell. The clients are one lean process beside it on the same cores, and neighbours book with
different peers: *a core* is a second of the web workers' processor time by /proc, so that what clients, database and
disk take is told apart from it.
"""

import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.booking.bare import bare_statement, through_objects
from bench.booking.host import BROKER, DATABASE, WEB, Host, hosts
from bench.booking.people import Tap, contest, settle, taps, walks
from bench.report import Promise, Report
from portal.db import read

ENGINES = ("sqlite", "postgresql")
CLIENTS = (1, 8, 32)
PER_SECOND_AND_CORE = 400
P99_MS = 25.0
WARM = 64
SEE_OTHER, CONFLICT = 303, 409
Row = dict[str, str | float | int]


@dataclass(frozen=True)
class Size:
    """Bookings by the number of clients, those written alone, and how many rivals want how many times."""

    each: dict[int, int]
    alone: int
    rivals: int
    rooms: int


QUICK = Size({1: 60, 8: 160, 32: 160}, 100, 16, 4)
WHOLE = Size({1: 600, 8: 1600, 32: 2400}, 1000, 32, 8)
_OVERLAPS = text(
    "SELECT count(*) FROM hold a JOIN hold b ON b.person_id = a.person_id AND b.id > a.id"
    " WHERE a.active AND b.active AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
)


def measure(quick: bool) -> Report:
    """Book on both engines with 1, 8 and 32 clients, then let many want the same times."""
    size = QUICK if quick else WHOLE
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, hosts(ENGINES, Path(folder)) as each:
        found: list[tuple[Row, Row, Row, list[Row]]] = [_measured(there, size) for there in each]
    rows = [row for *_, of_engine in found for row in of_engine]
    contests, besides = [contest for contest, *_ in found], [beside for _, beside, *_ in found]
    works = [work for _, _, work, _ in found]
    return Report("booking", [*rows, *besides, *contests, *works], _promises(rows, contests, size.rooms))


def _measured(there: Host, size: Size) -> tuple[Row, Row, Row, list[Row]]:
    now = datetime.now(UTC)
    members, rivals = WARM + sum(size.each.values()), size.rivals
    settle(there.app, members, rivals, now)
    of_members = taps(there.app, members, rivals, now)
    there.post(_shared(list(islice(of_members, WARM)), 8))
    rows: list[Row] = []
    work: Row = {}
    for clients, count in size.each.items():
        done = there.post(_shared(list(islice(of_members, count)), clients))
        rows.append(_row(there.engine, clients, count, done))
        if clients == 8:
            work = _work(there.engine, count, done)
    contest_row = _contested(there, members, size, now)
    return contest_row, _beside(there, walks(members, rivals), now, size.alone, rows), work, rows


def _shared(of_members: list[Tap], clients: int) -> list[list[Tap]]:
    return [of_members[number::clients] for number in range(clients)]


def _row(engine: str, clients: int, count: int, done: dict[str, Any]) -> Row:
    every = sorted(time for of_client in done["milliseconds"] for time in of_client)
    statuses = [status for of_client in done["statuses"] for status in of_client]
    return {
        "database": engine,
        "clients": clients,
        "bookings": count,
        "a second": round(count / done["seconds"]),
        "a second and core": round(count / done["work"][WEB]),
        "median ms": round(statistics.median(every), 1),
        "p99 ms": round(_p99(every), 1),
        "slowest client's p99 ms": round(max(_p99(of_client) for of_client in done["milliseconds"]), 1),
        "longest ms": round(every[-1], 1),
        "not booked": sum(status != SEE_OTHER for status in statuses) + count - len(statuses),
    }


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[max(0, -(-len(times) * 99 // 100) - 1)]


def _work(engine: str, count: int, done: dict[str, Any]) -> Row:
    """Where the processor's time of a booking goes, with 8 clients."""
    spent = {part: round(1000 * seconds / count, 2) for part, seconds in done["work"].items()}
    return {
        "database": engine,
        "web ms a booking": spent[WEB],
        "database ms": spent.get(DATABASE, 0.0),
        "broker ms": spent[BROKER],
        "clients ms": round(1000 * done["worked"] / count, 2),
    }


def _beside(there: Host, ours: Sequence[tuple[int, int, int]], now: datetime, alone: int, rows: list[Row]) -> Row:
    bare, objects = (way(there.app, ours, now, alone) for way in (bare_statement, through_objects))
    best = max(float(row["a second"]) for row in rows)
    return {
        "database": there.engine,
        "bare statement a second": round(bare),
        "ORM objects a second": round(objects),
        "through HTTP at best": round(best),
        "bare / HTTP": round(bare / best, 1),
        "ORM / HTTP": round(objects / best, 1),
    }


def _contested(there: Host, members: int, size: Size, now: datetime) -> Row:
    """Everybody wants the same few times of one peer: as many chats as times, a calm page for all others."""
    lines = contest(there.app, members, size.rivals, size.rooms, now)
    done = there.post(lines, until=SEE_OTHER)
    statuses = [status for of_client in done["statuses"] for status in of_client]
    with there.app.app_context():
        overlaps = read().execute(_OVERLAPS).scalar_one()
        read().rollback()
    return {
        "database": there.engine,
        "rivals": size.rivals,
        "times": size.rooms,
        "booked": statuses.count(SEE_OTHER),
        "told kindly": statuses.count(CONFLICT),
        "other answers": sum(status not in (SEE_OTHER, CONFLICT) for status in statuses),
        "overlaps": overlaps,
        "longest ms": round(max(time for of_client in done["milliseconds"] for time in of_client), 1),
    }


def _promises(rows: list[Row], contests: list[Row], rooms: int) -> list[Promise]:
    promises = []
    for row in rows:
        name = f"{row['database']}, {row['clients']} client{'s' if row['clients'] != 1 else ''}"
        per_core = float(row["a second and core"])
        promises.append(Promise(f"{name}: ms of a core for one booking", 1000 / PER_SECOND_AND_CORE, 1000 / per_core))
        promises.append(Promise(f"{name}: not booked", 0, float(row["not booked"])))
        if row["clients"] == 8:
            promises.append(Promise(f"{name}: p99 ms", P99_MS, float(row["p99 ms"])))
    for contest_row in contests:
        wrong = abs(float(contest_row["booked"]) - rooms) + float(contest_row["other answers"])
        promises.append(Promise(f"{contest_row['database']}: more or fewer chats than times, or no page", 0, wrong))
        promises.append(Promise(f"{contest_row['database']}: overlaps", 0, float(contest_row["overlaps"])))
    return promises
