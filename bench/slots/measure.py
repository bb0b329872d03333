"""Measures the rule alone, the whole view on both databases, growth, and others beside it in the same run."""

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.report import Promise, Report
from bench.slots.case import DAYS, NOW, RANGES, Case, case, fresh_hours
from bench.slots.database import on_postgresql, on_sqlite, statements, view, written
from bench.slots.outside import run_outside
from bench.slots.plain import brute_force
from portal.domain.slots import Hours, Slot, open_slots

STARTS = 362
COMPUTE_MS, SQLITE_MS, POSTGRESQL_MS = 0.15, 0.6, 1.0
GROWTH = (10, 100, 1_000, 10_000)
Row = dict[str, str | float | int]


def measure(quick: bool) -> Report:
    """Measure everything; quick repeats less and tries the largest growth once."""
    asked = case()
    times = 200 if quick else 2_000
    found = _swept(asked, asked.hours)
    right = brute_force(asked)
    if [slot.starts_at for slot in found] != right or len(right) != STARTS:
        raise RuntimeError(f"{len(found)} starts are not the {len(right)} of brute force, or not {STARTS}")
    fresh = [fresh_hours() for _ in range(times)]
    compute = {
        "ours, hours as just read": _ms([lambda hours=hours: _swept(asked, hours) for hours in fresh]),  # type: ignore[misc]
        "ours, hours looked at before": _ms([lambda: _swept(asked, asked.hours)] * times),
    }
    cold = next(iter(compute.values()))
    others = run_outside(asked, 8 if quick else 40)
    brute = _ms([lambda: brute_force(asked)] * (5 if quick else 25))
    rows: list[Row] = [_compute_row(way, ms, cold, STARTS) for way, ms in compute.items()]
    rows.append(_compute_row("brute force", brute, cold, len(right)))
    rows += [_other_row(way, others[way], cold) for way in ("portion", "recurring-ical-events")]
    views, promises = [], []
    for engine, site, limit in (("sqlite", on_sqlite, SQLITE_MS), ("postgresql", on_postgresql, POSTGRESQL_MS)):
        with site():
            work = view(*written(asked))
            if [slot.starts_at for slot in work()] != right:
                raise RuntimeError(f"the view on {engine} is not that of brute force")
            ms = _ms([work] * times)
            count = statements(work)  # last: an engine that was once listened to stays slower
        views.append(_view_row(engine, ms, count, others[f"django-appointment {engine}"]))
        promises.append(Promise(f"whole view on {engine}, ms", limit, round(ms, 3)))
        promises.append(Promise(f"whole view on {engine}, statements", 2, count))
    rows += views
    rows += [_growth_row("busy ranges", size, case(DAYS, size)) for size in GROWTH]
    rows += [_growth_row("days", size, case(size, RANGES)) for size in GROWTH]
    return Report(
        "slots", rows, [Promise("compute only, hours as just read, ms", COMPUTE_MS, round(cold, 3)), *promises]
    )


def _swept(asked: Case, hours: Hours) -> tuple[Slot, ...]:
    return open_slots(hours, asked.policy, asked.busy, asked.first, asked.last, NOW)


def _ms(works: list[Callable[[], Any]]) -> float:
    """Return the median milliseconds of each piece of work, garbage left lying."""
    works[0]()
    gc.collect()
    gc.disable()
    found = []
    for work in works:
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    gc.enable()
    return statistics.median(found) * 1000


def _compute_row(way: str, ms: float, ours: float, starts: int) -> Row:
    return {"30 days, 200 busy ranges": way, "ms": round(ms, 3), "times ours": round(ms / ours, 1), "starts": starts}


def _other_row(way: str, found: Any, ours: float) -> Row:
    if "why" in found:
        return {"30 days, 200 busy ranges": way, "ms": f"not run: {found['why']}", "times ours": "–", "starts": "–"}
    return _compute_row(way, found["ms"], ours, found["starts"])


def _view_row(engine: str, ms: float, count: int, other: Any) -> Row:
    ran = "why" not in other
    return {
        "whole view on": engine,
        "ms": round(ms, 3),
        "statements": count,
        "django-appointment ms": round(other["ms"], 1) if ran else f"not run: {other['why']}",
        "its statements": other["queries"] if ran else "–",
        "times ours": round(other["ms"] / ms) if ran else "–",
    }


def _growth_row(what: str, size: int, grown: Case) -> Row:
    works = [lambda: _swept(grown, grown.hours)] * (20 if size < GROWTH[-1] else 1)
    ms = _ms(works)
    first = _ms([lambda: _swept(grown, fresh_hours())] * (10 if size < GROWTH[-1] else 1))
    starts = len(_swept(grown, grown.hours))
    return {
        "growth with": what,
        "size": size,
        "ms, as just read": round(first, 3),
        "ms": round(ms, 3),
        "starts": starts,
    }
