"""Free/busy lists (RFC 5545, 3.6.4): stretches in UTC without anything else told."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from icalendar.prop import vDuration

from portal.calendars.busy.reader.events import MOST_DATES
from portal.calendars.busy.reader.parts import Part
from portal.domain.slots import Span

INSTANT = "%Y%m%dT%H%M%SZ"
FREE = re.compile(r";FBTYPE=\"?FREE\"?(?:;|$)", re.IGNORECASE)


def spans_of_list(part: Part) -> list[Span]:
    """Return the stretches of one list that are not told to be free; a ValueError for what is none."""
    spans = [span for line in part.lines for span in _spans(line)]
    if len(spans) > MOST_DATES:
        raise ValueError("more stretches than are read")
    return spans


def _spans(line: str | None) -> Iterator[Span]:
    if line is None:
        raise ValueError("a line too long to be read")
    head, _, value = line.partition(":")
    if not head.upper().startswith("FREEBUSY") or FREE.search(head):
        return
    for stretch in value.split(","):
        begins, _, ends = stretch.strip().partition("/")
        start = _instant(begins)
        lasts: timedelta | None = vDuration.from_ical(ends) if ends[:1] in ("P", "+", "-") else None  # type: ignore[no-untyped-call]
        end = _instant(ends) if lasts is None else start + lasts
        if end < start:
            raise ValueError("a stretch that ends before it begins")
        yield start, end


def _instant(text: str) -> datetime:
    return datetime.strptime(text, INSTANT).replace(tzinfo=UTC)
