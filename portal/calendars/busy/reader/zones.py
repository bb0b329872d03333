"""The zones a file speaks of: those known by name, and those it describes itself, within bounds."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone import tzp

from portal.calendars.busy.reader.limits import so_long
from portal.calendars.busy.reader.parts import Part
from portal.calendars.busy.reader.rules import check_rule

MOST_ZONES = 50
MOST_CHANGES = 200
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
        if len(part.lines) > MOST_CHANGES or None in part.lines:
            continue
        try:
            with so_long():
                _learn("\r\n".join(("BEGIN:VTIMEZONE", *map(str, part.lines), "END:VTIMEZONE", "")))
        except Exception:  # foreign code on a stranger's text
            continue


def _learn(text: str) -> None:
    zone = Timezone.from_ical(text)
    if tzp.timezone(str(zone["TZID"])) is not None:
        return
    for change in zone.subcomponents:
        rules = change.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            check_rule(rule, YEARLY)
    tzp.cache_timezone_component(zone)
