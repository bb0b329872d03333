"""The occurrences of one series: recurring-ical-events works them out, after what it is given has been checked."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, islice
from typing import Any

import icalendar
from icalendar.cal import Component
from icalendar.prop import vDDDTypes
from recurring_ical_events import CalendarQuery

from portal.calendars.busy.reader.events import Event, Told, blocks, end_of, span_between, time_of
from portal.calendars.busy.reader.rules import OutOfBounds
from portal.domain.slots import Span

MOST_OCCURRENCES = 2000
# Whole days and far zones lie up to a day beside the UTC one that is asked for.
AROUND = timedelta(days=2)
LONG_AGO = timedelta(days=400)
DAYS_OF = {"DAILY": 1, "WEEKLY": 7}


def spans_of_series(series: Sequence[Event], told: Told) -> list[Span]:
    """Return when the events of one UID are; raises OutOfBounds where there are more occurrences than one lives by."""
    if not any(blocks(_component(event)) for event in series):
        return []
    changes = [event for event in series if event.changes]
    held = [event for event in series if not event.changes]
    newest = max((event.sequence for event in held), default=0)
    current = [event for event in held if event.sequence == newest]
    if not changes and not any(event.repeats for event in current):
        return [span for event in current for span in _once(_component(event), told)]
    spans: list[Span] = []
    # Two events of one UID and the same version are two: a library that keeps one of them would free the other's time.
    for together in [[event, *changes] for event in current] or [changes]:
        spans += _worked_out(together, told)
    return spans


def _component(event: Event) -> Component:
    if event.component is None:
        raise OutOfBounds
    return event.component


def _once(component: Component, told: Told) -> Iterator[Span]:
    if blocks(component):
        yield span_between(time_of(component, "DTSTART"), end_of(component), told)


def _worked_out(events: Sequence[Event], told: Told) -> Iterator[Span]:
    calendar = icalendar.Calendar()
    moves_all = any(_moves_all(_component(event)) for event in events if event.changes)
    for event in events:
        if event.repeats and not moves_all:
            _bring_near(_component(event), told)
        calendar.add_component(_component(event))
    query = CalendarQuery(calendar)
    begins, ends = told.begins - AROUND, told.ends + AROUND
    found = chain.from_iterable(series.between(begins, ends) for series in query.series)
    all_block = all(blocks(_component(event)) for event in events)
    for count, occurrence in enumerate(islice(found, MOST_OCCURRENCES + 1)):
        if count == MOST_OCCURRENCES:
            raise OutOfBounds
        if all_block:
            yield span_between(occurrence.start, occurrence.end, told)
        else:
            yield from _once(occurrence.as_component(False), told)


def _bring_near(component: Component, told: Told) -> None:
    """Let a plain series of days or weeks from long ago begin nearer, on a day of its own, to be counted fast."""
    rule: Any = component.get("RRULE")
    if rule is None or isinstance(rule, list) or "COUNT" in rule:
        return
    step = DAYS_OF.get(str(rule["FREQ"][0]).upper(), 0) * int(rule.get("INTERVAL", [1])[0])
    start, end = time_of(component, "DTSTART"), end_of(component)
    lasts = date(end.year, end.month, end.day) - date(start.year, start.month, start.day)
    ahead = (told.begins.date() - date(end.year, end.month, end.day) - lasts - LONG_AGO).days if step else 0
    if ahead <= 0:
        return
    by = timedelta(days=ahead // step * step)
    component["DTSTART"], component["DTEND"] = vDDDTypes(start + by), vDDDTypes(end + by)
    component.pop("DURATION", None)


def _moves_all(component: Component) -> bool:
    changed: Any = component["RECURRENCE-ID"]
    return "RANGE" in changed.params
