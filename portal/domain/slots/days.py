"""Whole local days as instants: what time off is made of; and the day on which the clocks change."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from portal.domain.slots.instants import as_utc, local_date
from portal.domain.slots.spans import Span

CHANGE_TOLD_DAYS = 14


def span_of_days(first: date, last: date, zone: str) -> Span:
    """Return the instants from the start of one local date to the end of another, both dates included."""
    return _begin(first, zone), _begin(last + timedelta(days=1), zone)


def days_of_span(span: Span, zone: str) -> tuple[date, date]:
    """Return the first and the last local date that a stretch touches."""
    begins, ends = span
    return local_date(begins, zone), local_date(ends - timedelta(microseconds=1), zone)


def next_clock_change(today: date, zone: str) -> date | None:
    """Return the local date within the next two weeks whose noon has another offset than the noon before."""
    tz = ZoneInfo(zone)
    noons = [datetime.combine(today + timedelta(days=days), time(12), tz) for days in range(-1, CHANGE_TOLD_DAYS + 1)]
    changes = (after.date() for before, after in pairwise(noons) if before.utcoffset() != after.utcoffset())
    return next(changes, None)


def _begin(day: date, zone: str) -> datetime:
    # Where the clocks skip midnight, the offset before the change gives the very instant of the change (fold=0).
    return as_utc(datetime.combine(day, time(), ZoneInfo(zone)))
