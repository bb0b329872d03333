"""One event of a calendar: when it is and how it repeats, checked before anything is worked out."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from icalendar.cal import Component
from icalendar.prop import vDDDTypes

from portal.calendars.busy.reader.parts import Part
from portal.calendars.busy.reader.rules import MOST_RULES, OutOfBounds, check_rule, until_in_utc
from portal.domain.slots import Span, span_of_days

MOST_DATES = 2000
FREE = frozenset({"TRANSPARENT"})
CALLED_OFF = frozenset({"CANCELLED"})
# A time without a zone: 20260304T090000, alone or in a list of such.
WITHOUT_ZONE = re.compile(
    r"(?P<name>DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)(?P<more>(?:;(?!TZID)[^:;]*)*):(?P<value>\d{8}T\d{6}(?![\dZ]).*)",
    re.IGNORECASE,
)

Time = date | datetime


@dataclass(frozen=True, slots=True)
class Told:
    """The stretch that is asked about, the zone of times that name none, and the zone of whole days."""

    begins: datetime
    ends: datetime
    floating: str
    days: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event, or one change to an occurrence of it; a broken one only says which it is."""

    place: int
    uid: str = ""
    day: date | None = None
    sequence: int = 0
    changes: bool = False
    repeats: bool = False
    broken: bool = False
    component: Component | None = None


def read_event(part: Part, told: Told) -> Event:
    """Return an event, broken where it is out of bounds; raises whatever foreign code raises at nonsense."""
    if None in part.lines:
        return Event(part.place, broken=True)
    lines = [_with_zone(str(line), told.floating) for line in part.lines]
    component = icalendar.Event.from_ical("\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", "")))
    if "DTSTART" not in component:
        return Event(part.place, broken=True)
    start = time_of(component, "DTSTART")
    event = Event(
        part.place,
        str(component.get("UID", "")),
        date(start.year, start.month, start.day),
        int(component.get("SEQUENCE", 0)),
        "RECURRENCE-ID" in component,
        any(name in component for name in ("RRULE", "RDATE")),
        component=component,
    )
    try:
        _check(component, event)
    except (OutOfBounds, ValueError, TypeError, AttributeError, OverflowError):
        return Event(event.place, day=event.day, broken=True)
    return event


def blocks(component: Component) -> bool:
    """Say whether an event takes time: not one that is called off, nor one that is shown as free."""
    status, shown = str(component.get("STATUS", "")).upper(), str(component.get("TRANSP", "")).upper()
    return status not in CALLED_OFF and shown not in FREE


def span_between(start: Time, end: Time, told: Told) -> Span:
    """Return the instants of an event; of a whole day's one those of the local days, the last one not included."""
    if not isinstance(start, datetime) and not isinstance(end, datetime):
        return span_of_days(start, max(start, end - timedelta(days=1)), told.days)
    if not isinstance(start, datetime) or not isinstance(end, datetime) or start.tzinfo is None or end.tzinfo is None:
        raise OutOfBounds
    utc = ZoneInfo("UTC")
    return start.astimezone(utc), end.astimezone(utc)


def time_of(component: Component, name: str) -> Time:
    """Return what a property says, a day or a time; OutOfBounds for anything else."""
    found: Any = component[name]
    time = getattr(found, "dt", None)
    if not isinstance(time, date):
        raise OutOfBounds
    return time


def end_of(component: Component) -> Time:
    """Return when an event ends (RFC 5545, 3.6.1): told, by its length, else a day or no time at all."""
    start = time_of(component, "DTSTART")
    if "DTEND" in component:
        return time_of(component, "DTEND")
    if "DURATION" in component:
        told: Any = component["DURATION"]
        lasts: timedelta = told.dt
        if not isinstance(start, datetime) and lasts % timedelta(days=1):
            raise OutOfBounds
        return start + lasts
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _check(component: Component, event: Event) -> None:
    if component.errors:  # what icalendar could not read it has left out, and the rest would be half the truth
        raise OutOfBounds
    start, end = time_of(component, "DTSTART"), end_of(component)
    _check_zone(start, end)
    whole_days = not isinstance(start, datetime)
    if whole_days and end == start:
        component["DTEND"] = vDDDTypes(start + timedelta(days=1))
    elif end < start or whole_days != (not isinstance(end, datetime)):
        raise OutOfBounds
    if event.changes:
        _check_zone(time_of(component, "RECURRENCE-ID"))
        if event.repeats:
            raise OutOfBounds
    rules = _listed(component, "RRULE")
    if len(rules) > MOST_RULES:
        raise OutOfBounds
    for rule in rules:
        check_rule(rule)
        if isinstance(start, datetime) and start.tzinfo is not None and "UNTIL" in rule:
            rule["UNTIL"] = [until_in_utc(until, start.tzinfo) for until in rule["UNTIL"]]
    for name in ("RDATE", "EXDATE"):
        found = [each.dt for dates in _listed(component, name) for each in dates.dts]
        if len(found) > MOST_DATES:
            raise OutOfBounds
        for each in found:
            _check_zone(*(each if isinstance(each, tuple) else (each,)))


def _check_zone(*times: Any) -> None:
    """Refuse a time whose zone is not known: it would be read by another clock."""
    if any(isinstance(each, datetime) and each.tzinfo is None for each in times):
        raise OutOfBounds


def _listed(component: Component, name: str) -> list[Any]:
    found: Any = component.get(name, [])
    return found if isinstance(found, list) else [found]


def _with_zone(line: str, zone: str) -> str:
    return WITHOUT_ZONE.sub(rf"\g<name>;TZID={zone}\g<more>:\g<value>", line, count=1)
