"""What a server works: the seconds of processor time of its process and of all that it started."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def seconds_worked(root: int) -> float:
    """Return the seconds of processor time of this process and its children so far, in steps of a hundredth."""
    parents, spent = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(fields[1])
            spent[int(entry.name)] = (int(fields[11]) + int(fields[12])) / TICKS
    return sum(spent[pid] for pid in _family(root, parents))


def _family(root: int, parents: dict[int, int]) -> set[int]:
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return family
