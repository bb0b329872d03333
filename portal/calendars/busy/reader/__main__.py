"""`python -m portal.calendars.busy.reader <begins> <ends> <zone>`: reads a calendar, tells when it is busy."""

import json
import sys
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime

from portal.calendars.busy.reader.limits import lower
from portal.calendars.busy.reader.parts import parts_of
from portal.calendars.busy.reader.spans import Frame, told_by
from portal.domain.slots.calendars import LARGEST_BYTES, Reading, Trouble, Unreadable


def lines_of(reading: Reading) -> Iterator[dict[str, object]]:
    """Return what is told, line by line: what could not be read, then the busy times, then that it is all."""
    for entry in reading.unread:
        yield {"place": entry.place, "day": entry.day.isoformat() if entry.day is not None else None}
    for begins, ends in reading.busy:
        yield {"busy": [int(begins.timestamp()), int(ends.timestamp())]}
    yield {"end": True}


def main(begins: str, ends: str, zone: str) -> Iterator[dict[str, object]]:
    """Read standard input and return the lines to tell."""
    frame = Frame(datetime.fromtimestamp(int(begins), UTC), datetime.fromtimestamp(int(ends), UTC), zone)
    try:
        return lines_of(told_by(parts_of(sys.stdin.buffer.read(LARGEST_BYTES + 1)), frame))
    except Unreadable as error:
        return iter([{"trouble": error.trouble.value}])
    except (MemoryError, RecursionError):
        return iter([{"trouble": Trouble.TOO_HARD.value}])


if __name__ == "__main__":
    lower()
    warnings.simplefilter("ignore")  # they would quote the calendar
    for line in main(*sys.argv[1:]):
        sys.stdout.write(f"{json.dumps(line)}\n")
