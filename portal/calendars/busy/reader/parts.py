"""The parts of a calendar file (RFC 5545, 3.1): only lines about time are kept, so that titles go no further."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.domain.slots.calendars import LARGEST_BYTES, Trouble, Unreadable

MOST_PARTS = 5000
DEEPEST = 5
LONGEST_LINE = 64 * 1024
ENDS_OF_LINES = re.compile("\r\n|\n|\r")
NAME = re.compile(r"[A-Za-z0-9-]+")
KEPT = {
    "VEVENT": frozenset(
        (
            *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
            *("SEQUENCE", "STATUS", "TRANSP"),
        )
    ),
    "VFREEBUSY": frozenset({"DTSTART", "FREEBUSY"}),
    "VTIMEZONE": frozenset({"TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"}),
}
OF_ZONES = ("STANDARD", "DAYLIGHT")


@dataclass(slots=True)
class Part:
    """An event, a free/busy list or a zone: its place among its kind, and its lines, None for one too long."""

    kind: str
    place: int
    lines: list[str | None] = field(default_factory=list)


@dataclass(slots=True)
class Parts:
    """What a file holds, and the zone it says it is in."""

    zone: str | None = None
    events: list[Part] = field(default_factory=list)
    lists: list[Part] = field(default_factory=list)
    zones: list[Part] = field(default_factory=list)

    def add(self, kind: str) -> Part | None:
        """Begin a part, or nothing for what tells no time."""
        rows = {"VEVENT": self.events, "VFREEBUSY": self.lists, "VTIMEZONE": self.zones}.get(kind)
        if rows is None:
            return None
        rows.append(Part(kind, len(rows) + 1))
        return rows[-1]


def parts_of(raw: bytes) -> Parts:
    """Return the parts of a file; raises Unreadable for what is no whole calendar, or too large a one."""
    if len(raw) > LARGEST_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    found, part, count, calendars = Parts(), None, 0, 0
    stack: list[str] = []
    for line in _unfolded(raw.decode("utf-8-sig", errors="replace")):
        name, value = _name_of(line), line[line.rfind(":") + 1 :].strip().upper()
        if name == "BEGIN":
            if not stack and value != "VCALENDAR":
                raise Unreadable(Trouble.NOT_CALENDAR)
            stack.append(value)
            count, calendars = count + (value != "VALARM"), calendars + (len(stack) == 1)
            if count > MOST_PARTS or len(stack) > DEEPEST:
                raise Unreadable(Trouble.TOO_MANY)
            if len(stack) == 2:
                part = found.add(value)
            elif part is not None and part.kind == "VTIMEZONE" and value in OF_ZONES:
                part.lines.append(line)
        elif name == "END":
            if not stack or stack.pop() != value:
                raise Unreadable(Trouble.CUT_SHORT if calendars else Trouble.NOT_CALENDAR)
            if part is not None and part.kind == "VTIMEZONE" and value in OF_ZONES:
                part.lines.append(line)
            part = part if len(stack) > 1 else None
        elif len(stack) == 1 and name == "X-WR-TIMEZONE":
            found.zone = line[line.find(":") + 1 :].strip()
        elif part is not None and name in KEPT[part.kind] and (len(stack) == 2 or part.kind == "VTIMEZONE"):
            part.lines.append(line if len(line) <= LONGEST_LINE else None)
    if not calendars:
        raise Unreadable(Trouble.NOT_CALENDAR)
    if stack:
        raise Unreadable(Trouble.CUT_SHORT)
    return found


def _name_of(line: str) -> str:
    found = NAME.match(line)
    return found[0].upper() if found is not None else ""


def _unfolded(text: str) -> Iterator[str]:
    pieces: list[str] = []
    for line in ENDS_OF_LINES.split(text):
        if line[:1] in (" ", "\t"):
            pieces.append(line[1:])
            continue
        if pieces:
            yield "".join(pieces)
        pieces = [line] if line else []
    if pieces:
        yield "".join(pieces)
