"""When a calendar is busy: each series worked out on its own, so that one that cannot be read is one that is told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.calendars.busy.reader.doubt import matters
from portal.calendars.busy.reader.events import Event, Told, read_event
from portal.calendars.busy.reader.limits import TooLong, so_long
from portal.calendars.busy.reader.lists import spans_of_list
from portal.calendars.busy.reader.parts import Part, Parts
from portal.calendars.busy.reader.series import spans_of_series
from portal.calendars.busy.reader.zones import known_zone, learn_zones
from portal.domain.slots import Span, merge
from portal.domain.slots.calendars import Entry, Reading, Trouble, Unreadable

MOST_SPANS = 20_000


@dataclass(frozen=True, slots=True)
class Frame:
    """From when until when busy times are wanted, and by which clock days and times without a zone are meant."""

    begins: datetime
    ends: datetime
    zone: str


def told_by(parts: Parts, frame: Frame) -> Reading:
    """Return what the parts of a calendar tell; raises Unreadable where there is more than can be kept."""
    learn_zones(parts.zones)
    told = Told(frame.begins, frame.ends, floating=frame.zone, days=known_zone(parts.zone) or frame.zone)
    spans: list[Span] = []
    unread: list[Entry] = []
    for series in _series(parts.events, told, unread):
        try:
            with so_long():
                spans += spans_of_series(series, told)
        except (Exception, TooLong):  # foreign code on a stranger's text: whatever it is, it fails closed
            first = min(series, key=lambda event: event.place)
            unread.append(Entry(first.place, first.day))
    for part in parts.lists:
        try:
            spans += spans_of_list(part)
        except (ValueError, OverflowError):
            unread.append(Entry(part.place))
    inside = [(max(begins, frame.begins), min(ends, frame.ends)) for begins, ends in spans]
    busy = merge([(begins, ends) for begins, ends in inside if begins < ends])
    if len(busy) > MOST_SPANS:
        raise Unreadable(Trouble.TOO_MANY)
    return Reading(tuple(busy), tuple(sorted(unread, key=lambda entry: entry.place)))


def _series(parts: Iterable[Part], told: Told, unread: list[Entry]) -> Iterator[list[Event]]:
    """Give the events that belong together: those of one UID; one that cannot be read leaves its fellows readable."""
    by_uid: dict[str, list[Event]] = defaultdict(list)
    for part in parts:
        try:
            with so_long():
                event = read_event(part, told)
        except (Exception, TooLong):  # as above
            event = Event(part.place, broken=True)
        if not event.broken:
            by_uid[event.uid or f"without {part.place}"].append(event)
        elif matters(part, told):
            unread.append(Entry(event.place, event.day))
    yield from by_uid.values()
