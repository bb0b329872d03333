"""Everybody matched at once: the engine beside SciPy, OR-Tools on all pairs, greedy and first come, on one community.

Seconds include scoring every pair, not the turning of a database's values into arrays, which stands beside them. All
aim at the plain total, so that they can be compared; "nobody left out" aims at most people and the worst pair first.
Memory is the most that a process held that did nothing else, Python and its libraries included.
"""

import json
import math
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from bench.report import Promise, Report
from portal.launch.places import ROOT

CLOSEST, NOBODY_OUT = "ours, closest fits", "ours, nobody left out"
SCIPY, FLOW = "SciPy linear_sum_assignment", "OR-Tools flow, all pairs"
SMALL = ("flow, best 20 alone", "flow, best 20 and peers' own", "greedy, best pair first", "first come, first served")
# SciPy's matrix at the largest size would take 8 GB and OR-Tools' net 24 million pairs.
TOO_LARGE = 100_000


@dataclass(frozen=True)
class Size:
    """A community's size, what is promised of it, and how often each way runs (the median counts)."""

    members: int
    peers: int
    times: int
    seconds: float = math.inf
    megabytes: float = math.inf
    gap: float = math.inf

    @property
    def name(self) -> str:
        """Members x peers."""
        return f"{self.members:,}x{self.peers:,}"


SIZES = (
    Size(100, 30, 3),
    Size(1_000, 200, 3),
    Size(10_000, 1_000, 3, seconds=1.0, megabytes=300, gap=0.0),
    Size(100_000, 5_000, 1, seconds=30.0, megabytes=1_000, gap=0.0001),
)

Found = dict[str, float | str]


def measure(quick: bool) -> Report:
    """Match each community in every way; quick leaves the largest out and runs only ours on the one before."""
    rows: list[dict[str, str | float | int]] = []
    promises: list[Promise] = []
    for size in SIZES[:3] if quick else SIZES:
        every = (CLOSEST, NOBODY_OUT, SCIPY, FLOW, *SMALL)
        ways = (CLOSEST, NOBODY_OUT) if quick and size.members >= 10_000 else every
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            _rivals(f"{size.members}x{size.peers}", folder)
            fits = [way for way in ways if size.members < TOO_LARGE or way not in (SCIPY, FLOW)]
            found: dict[str, Found] = json.loads(_rivals("run", folder, str(size.times), *fits))
        best = max(float(outcome["total"]) for outcome in found.values())
        rows += [_row(size, way, found.get(way), best) for way in ways]
        promises += _promises(size, found)
    return Report("assign", rows, promises)


def _rivals(*words: str) -> str:
    command = [sys.executable, "-m", "bench.rivals", *words]
    return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def _row(size: Size, way: str, found: Found | None, best: float) -> dict[str, str | float | int]:
    if found is None:
        nothing = dict.fromkeys(("total", "of the best %", "placed", "worst", "proof", "rounds", "MB", "arrays s"), "–")
        return {"members x peers": size.name, "way": way, "seconds": "skipped, too large", **nothing}
    return {
        "members x peers": size.name,
        "way": way,
        "seconds": round(float(found["seconds"]), 3),
        "total": round(float(found["total"]), 1),
        "of the best %": round(100 * float(found["total"]) / best, 4) if best else 100.0,
        "placed": int(found["placed"]),
        "worst": round(float(found["worst"]), 1),
        "proof": found["proof"] or "–",
        "rounds": int(found["rounds"]) or "–",
        "MB": round(float(found["megabytes"])),
        "arrays s": round(float(found["ready"]), 2),
    }


def _promises(size: Size, found: dict[str, Found]) -> list[Promise]:
    if math.isinf(size.seconds):
        return []
    promises = []
    for way in (CLOSEST, NOBODY_OUT):
        seconds, megabytes = float(found[way]["seconds"]), float(found[way]["megabytes"])
        promises += [
            Promise(f"{size.name}, {way}, seconds", size.seconds, round(seconds, 3)),
            Promise(f"{size.name}, {way}, MB", size.megabytes, round(megabytes)),
            Promise(f"{size.name}, {way}, what it may still lack, as a share", size.gap, float(found[way]["gap"])),
        ]
    if SCIPY in found:
        lacks = 1 - float(found[CLOSEST]["total"]) / float(found[SCIPY]["total"])
        promises.append(Promise(f"{size.name}, behind SciPy's optimum, as a share", 1e-9, round(lacks, 12)))
    return promises
