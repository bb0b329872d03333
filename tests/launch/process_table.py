"""Reads the machine's process table: who descends from whom, who is still there."""

import subprocess
import time
from pathlib import Path

PROC = Path("/proc")


def descendants(pid: int) -> set[int]:
    """Return the ids of all processes below this one."""
    parents = _parents()
    found: set[int] = set()
    layer = {pid}
    while layer:
        layer = {child for child, parent in parents.items() if parent in layer} - found
        found |= layer
    return found


def wait_until_gone(pids: set[int], seconds: float = 15.0) -> set[int]:
    """Wait until none of these runs; returns those that still do after that time."""
    deadline = time.monotonic() + seconds
    while (left := pids & _parents().keys()) and time.monotonic() < deadline:
        time.sleep(0.05)  # between two looks, until the deadline
    return left


def _parents() -> dict[int, int]:
    """Return each process's parent; the dead that nobody has buried do not count."""
    if not PROC.is_dir():
        lines = subprocess.run(["ps", "-axo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in lines.splitlines()]
        return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}
    parents: dict[int, int] = {}
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state not in "ZX":
            parents[int(stat.parent.name)] = int(parent)
    return parents
