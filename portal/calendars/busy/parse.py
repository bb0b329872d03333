"""Reading a calendar file in a process of its own, so that whatever stands in it, this one goes on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from portal.domain.slots import Span
from portal.domain.slots.calendars import LARGEST_BYTES, Entry, Reading, Trouble, Unreadable

ROOT = Path(__file__).resolve().parents[3]
READER = "portal.calendars.busy.reader"
# The reader has 5 seconds of the processor; on a machine with much to do they take longer on the clock.
LONGEST_SECONDS = 20.0


def read(raw: bytes, span: Span, zone: str) -> Reading:
    """Return when a calendar is busy within a span, whole days and times without a zone by the clock of this one.

    Raises Unreadable where nothing of it can be told.
    """
    if len(raw) > LARGEST_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    begins, ends = (str(int(moment.timestamp())) for moment in span)
    try:
        done = subprocess.run(
            [sys.executable, "-m", READER, begins, ends, zone],
            input=raw,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_SECONDS,
            cwd=ROOT,
            env={"LC_ALL": "C.UTF-8"},  # none of this process's settings and keys
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        raise Unreadable(Trouble.TOO_HARD) from None
    return _reading(done.stdout)


def _reading(told: bytes) -> Reading:
    busy: list[Span] = []
    unread: list[Entry] = []
    whole = False
    for line in _lines(told):
        if "trouble" in line:
            raise Unreadable(Trouble(line["trouble"]))
        if "busy" in line:
            begins, ends = line["busy"]
            busy.append((datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(ends, UTC)))
        elif "place" in line:
            unread.append(Entry(line["place"], date.fromisoformat(line["day"]) if line["day"] else None))
        whole = "end" in line
    if not whole:
        raise Unreadable(Trouble.TOO_HARD)
    return Reading(tuple(busy), tuple(unread))


def _lines(told: bytes) -> Iterator[dict[str, Any]]:
    try:
        for line in told.splitlines():
            yield json.loads(line)
    except ValueError:
        raise Unreadable(Trouble.TOO_HARD) from None
