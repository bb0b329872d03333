"""An answer from somebody's calendar (METHOD:REPLY, RFC 5546, 3.2.3): read line by line, no value is ever worked out.

What comes by mail was written by anybody: nothing here expands a recurrence, resolves a zone or keeps a text.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from icalendar.parser import Contentline, Contentlines

from portal.domain.invitation import ANSWERS, Partstat, Reply

LONGEST = 64 * 1024
MOST_LINES = 2000
DEEPEST = 4
MOST_SEQUENCE_DIGITS = 6
STAMP = re.compile(r"\d{8}T\d{6}Z")
MAILTO = re.compile(r"mailto:([^\s<>]{3,254})", re.IGNORECASE)
# An answer to one of several, or one that would itself repeat, is no answer to an entry of ours.
NEVER_OURS = frozenset({"RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID"})
READ = frozenset({"BEGIN", "END", "METHOD", "UID", "SEQUENCE", "DTSTAMP", "ATTENDEE"}) | NEVER_OURS
NAME = re.compile(r"[A-Za-z0-9-]+")


class NoReply(Exception):
    """Says that the bytes are not one answer to one of our entries; the bytes are never part of it."""


@dataclass
class _Found:
    """What was read of the file: the lines of the calendar itself and of its one event, by name."""

    calendar: dict[str, list[Contentline]] = field(default_factory=dict)
    event: dict[str, list[Contentline]] = field(default_factory=dict)
    events: int = 0


def read_reply(ics: bytes) -> Reply:
    """Return the one answer in a file; raises NoReply for anything else, whatever it is."""
    if len(ics) > LONGEST:
        raise NoReply
    try:
        return _reply(_found(ics.decode("utf-8-sig")))
    except NoReply:
        raise
    except Exception:  # a foreign parser on foreign bytes: whatever it trips over, there is no answer in them
        raise NoReply from None


def _found(text: str) -> _Found:
    if "\0" in text or text.count("\n") > MOST_LINES:
        raise NoReply
    found, inside = _Found(), list[str]()
    lines: list[Contentline] = Contentlines.from_ical(text)  # type: ignore[no-untyped-call]
    for line in lines:
        name = _name(line)
        if name == "BEGIN":
            _begin(found, inside, _value(line).upper())
        elif name == "END":
            if not inside or inside.pop() != _value(line).upper():
                raise NoReply
        elif name in READ and inside == ["VCALENDAR"]:
            found.calendar.setdefault(name, []).append(line)
        elif name in READ and inside == ["VCALENDAR", "VEVENT"]:
            found.event.setdefault(name, []).append(line)
    if inside:
        raise NoReply
    return found


def _name(line: str) -> str:
    start = NAME.match(line)
    return start[0].upper() if start else ""


def _value(line: Contentline) -> str:
    value: str = line.parts()[2]
    return value.strip()


def _begin(found: _Found, inside: list[str], kind: str) -> None:
    top = not inside and not found.calendar and kind == "VCALENDAR"
    known = inside[:1] == ["VCALENDAR"] and (len(inside) > 1 or kind in ("VEVENT", "VTIMEZONE"))
    if not (top or known) or len(inside) >= DEEPEST:
        raise NoReply
    inside.append(kind)
    found.events += kind == "VEVENT"
    if found.events > 1:
        raise NoReply


def _reply(found: _Found) -> Reply:
    if found.events != 1 or NEVER_OURS & set(found.event) or _one(found.calendar, "METHOD").upper() != "REPLY":
        raise NoReply
    stamp, sequence = _one(found.event, "DTSTAMP"), _one(found.event, "SEQUENCE", "0")
    address = MAILTO.fullmatch(_one(found.event, "ATTENDEE"))
    partstat = Partstat(_parameter(found.event["ATTENDEE"][0], "PARTSTAT").upper())
    whole = sequence.isascii() and sequence.isdecimal() and len(sequence) <= MOST_SEQUENCE_DIGITS
    if partstat not in ANSWERS or address is None or not whole or not STAMP.fullmatch(stamp):
        raise NoReply
    at = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return Reply(str(UUID(_one(found.event, "UID"))), int(sequence), at, address[1], partstat)


def _one(lines: dict[str, list[Contentline]], name: str, otherwise: str | None = None) -> str:
    given = lines.get(name, [])
    if not given and otherwise is not None:
        return otherwise
    if len(given) != 1:
        raise NoReply
    return _value(given[0])


def _parameter(line: Contentline, name: str) -> str:
    value = line.parts()[1][name]
    # Said twice, the last would count here and the first somewhere else.
    if not isinstance(value, str) or line.upper().count(f"{name}=") != 1:
        raise NoReply
    return value
