"""The zones a file speaks of: those known by name, and those it describes itself, within bounds."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.prop import vRecur
from icalendar.timezone import tzp

from portal.calendars.busy.reader.limits import TooLong, so_long
from portal.calendars.busy.reader.parts import Part
from portal.calendars.busy.reader.rules import check_rule

MOST_ZONES = 50
MOST_LINES = 400
YEARLY = frozenset({"YEARLY"})


def known_zone(name: str | None) -> str | None:
    """Return the zone's name if it is one, as calendars write it."""
    try:
        return name if name and ZoneInfo(name) else None
    except (KeyError, ValueError, OSError):
        return None


def learn_zones(parts: Iterable[Part]) -> None:
    """Make the zones known that a file describes; what cannot be read stays unknown, and what is in it unreadable."""
    for part in list(parts)[:MOST_ZONES]:
        try:
            with so_long():
                _learn(part)
        except (Exception, TooLong):  # foreign code on a stranger's text
            continue


def _learn(part: Part) -> None:
    lines = [line for line in part.lines if line is not None]
    names = [_value(line) for line in lines if _is(line, "TZID")]
    if len(lines) < len(part.lines) or len(lines) > MOST_LINES or len(names) != 1 or tzp.timezone(names[0]) is not None:
        return
    # Reading a zone already works it out, so its rules are looked at before.
    for line in lines:
        if _is(line, "RRULE"):
            check_rule(vRecur.from_ical(_value(line)), YEARLY)
    tzp.cache_timezone_component(Timezone.from_ical("\r\n".join(("BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE", ""))))


def _is(line: str, name: str) -> bool:
    return line.upper().startswith((f"{name}:", f"{name};"))


def _value(line: str) -> str:
    return line.partition(":")[2].strip()
