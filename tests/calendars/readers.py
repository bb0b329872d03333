"""Two independent readers of iCalendar, libical and ical.js: what each understands of a file, and what they object to.

Whatever letters, pages and feeds of the tests hand out is collected here and read by both after each test.
"""

import atexit
import base64
import ctypes
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path

from portal.launch import machine
from portal.launch.places import ROOT

Reader = Callable[[bytes], dict[str, object]]
SCRIPT = Path(__file__).with_name("read_ics.mjs")
UTC_TIME = "%Y%m%dT%H%M%SZ"
_collected: list[bytes] = []


class Unreadable(Exception):
    """What a reader says of a file that it cannot read."""


def by_icaljs(ics: bytes) -> dict[str, object]:
    """Return what ical.js understands; raises Unreadable."""
    node = _node()
    assert node.stdin is not None
    assert node.stdout is not None
    node.stdin.write(base64.b64encode(ics) + b"\n")
    node.stdin.flush()
    read: dict[str, object] = json.loads(node.stdout.readline())
    if "error" in read:
        raise Unreadable(read["error"])
    return read


def by_libical(ics: bytes) -> dict[str, object]:
    """Return what libical understands, checked by iTIP (RFC 5546) too; raises Unreadable with its objection."""
    library = _libical()
    calendar = library.icalparser_parse_string(ics)
    if not calendar:
        raise Unreadable("no calendar")
    try:
        library.icalrestriction_check(calendar)
        written = library.icalcomponent_as_ical_string(calendar).decode().replace("\r\n ", "")
        troubles = [line.partition(":")[2] for line in written.splitlines() if line.startswith("X-LIC-ERROR")]
        if troubles:
            raise Unreadable("; ".join(troubles))
        return {"method": _value(calendar, "METHOD"), "entries": _entries(calendar)}
    finally:
        library.icalcomponent_free(calendar)


def objections(ics: bytes) -> list[str]:
    """Return what the readers that this machine has say against a file, or where they differ."""
    found, readings = [], []
    for name, reader in installed().items():
        try:
            readings.append(_in_short(reader(ics)))
        except Unreadable as error:
            found.append(f"{name}: {error}")
    return found + [f"read in two ways: {readings}"] * (len(readings) == 2 and readings[0] != readings[1])


def installed() -> dict[str, Reader]:
    """Return the readers that this machine has, by name."""
    readers: dict[str, Reader] = {}
    if machine.libical() is not None:
        readers["libical"] = by_libical
    if shutil.which("node") is not None:
        readers["ical.js"] = by_icaljs
    return readers


def collect(ics: bytes) -> None:
    """Keep a file that was handed out, to be read after the test."""
    _collected.append(ics)


def collect_from_letter(raw: bytes) -> None:
    """Keep the entries that a letter carries."""
    _collected.extend(entries_in(raw))


def entries_in(raw: bytes) -> list[bytes]:
    """Return the calendar files that a letter carries, inline and attached."""
    if b"text/calendar" not in raw and b"application/ics" not in raw:
        return []
    parts = message_from_bytes(raw, policy=policy.default).walk()
    carriers = [part for part in parts if part.get_content_type() in ("text/calendar", "application/ics")]
    return [bytes(part.get_payload(decode=True)) for part in carriers]


def take_collected() -> list[bytes]:
    """Return what was collected, each file once, and forget it."""
    taken = list(dict.fromkeys(_collected))
    _collected.clear()
    return taken


def _in_short(read: dict[str, object]) -> tuple[object, ...]:
    entries = read["entries"]
    assert isinstance(entries, list)
    names = ("uid", "sequence", "summary", "location", "status", "starts", "ends", "organizer", "attendees")
    return read["method"], [tuple(entry[name] for name in names) for entry in entries]


@cache
def _node() -> "subprocess.Popen[bytes]":
    node = subprocess.Popen(["node", SCRIPT], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(node.kill)
    return node


@cache
def _libical() -> ctypes.CDLL:
    library = ctypes.CDLL(machine.libical() or "libical.so.3")
    place, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, arguments in (
        ("icalparser_parse_string", place, [text]),
        ("icalrestriction_check", ctypes.c_int, [place]),
        ("icalcomponent_as_ical_string", text, [place]),
        ("icalcomponent_free", None, [place]),
        ("icalcomponent_string_to_kind", ctypes.c_int, [text]),
        ("icalcomponent_get_first_component", place, [place, ctypes.c_int]),
        ("icalcomponent_get_next_component", place, [place, ctypes.c_int]),
        ("icalproperty_string_to_kind", ctypes.c_int, [text]),
        ("icalcomponent_get_first_property", place, [place, ctypes.c_int]),
        ("icalcomponent_get_next_property", place, [place, ctypes.c_int]),
        ("icalproperty_get_value_as_string", text, [place]),
        ("icalproperty_get_parameter_as_string", text, [place, text]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _entries(calendar: int) -> list[dict[str, object]]:
    library = _libical()
    kind = library.icalcomponent_string_to_kind(b"VEVENT")
    event, found = library.icalcomponent_get_first_component(calendar, kind), []
    while event:
        found.append(_entry(event))
        event = library.icalcomponent_get_next_component(calendar, kind)
    return found


def _entry(event: int) -> dict[str, object]:
    attendees = []
    kind = _libical().icalproperty_string_to_kind(b"ATTENDEE")
    attendee = _libical().icalcomponent_get_first_property(event, kind)
    while attendee:
        partstat = _libical().icalproperty_get_parameter_as_string(attendee, b"PARTSTAT")
        address = _libical().icalproperty_get_value_as_string(attendee).decode()
        attendees.append([address, partstat.decode() if partstat else None])
        attendee = _libical().icalcomponent_get_next_property(event, kind)
    return {
        "uid": _value(event, "UID"),
        "sequence": int(_value(event, "SEQUENCE") or 0),
        "summary": _text(event, "SUMMARY"),
        "location": _text(event, "LOCATION"),
        "status": _value(event, "STATUS"),
        "starts": _instant(event, "DTSTART"),
        "ends": _instant(event, "DTEND"),
        "organizer": _value(event, "ORGANIZER"),
        "attendees": attendees,
    }


def _value(component: int, name: str) -> str | None:
    kind = _libical().icalproperty_string_to_kind(name.encode())
    found = _libical().icalcomponent_get_first_property(component, kind)
    return _libical().icalproperty_get_value_as_string(found).decode() if found else None


def _text(component: int, name: str) -> str | None:
    # The value comes as it is written: without its backslashes it is what ical.js says too.
    value = _value(component, name)
    for written, meant in (("\\,", ","), ("\\;", ";"), ("\\n", "\n"), ("\\\\", "\\")):
        value = value.replace(written, meant) if value is not None else None
    return value


def _instant(component: int, name: str) -> str:
    at = datetime.strptime(_value(component, name) or "", UTC_TIME).replace(tzinfo=UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"
