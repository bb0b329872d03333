"""The demo community's own calendars: made up, added as a file a few days ago, telling weekly hours of shifts."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.data import cast
from portal.domain.slots import Span
from portal.domain.slots.calendars import AHEAD_OF_FILE
from portal.models import BusyCalendar, BusyTime

READ_BEFORE = timedelta(days=3)
NAME = "Shifts"


def add_calendars(session: Session, people: Mapping[str, cast.Person], ids: Mapping[str, int], now: datetime) -> None:
    """Add the calendar of everybody who has one."""
    for told in people.values():
        if told.peer is None or not told.peer.busy:
            continue
        peer_id, read_at = ids[told.key], now - READ_BEFORE
        calendar = BusyCalendar(peer_id=peer_id, name=NAME, created_at=read_at, read_at=read_at, tried_at=read_at)
        session.add(calendar)
        session.flush()
        session.add_all(
            BusyTime(calendar_id=calendar.id, peer_id=peer_id, starts_at=starts_at, ends_at=ends_at)
            for starts_at, ends_at in _weeks(told.peer.busy, told.zone, now)
        )


def _weeks(busy: tuple[cast.WeeklyHours, ...], zone: str, now: datetime) -> Iterator[Span]:
    here = ZoneInfo(zone)
    today = now.astimezone(here).date()
    for days in range(AHEAD_OF_FILE.days):
        day = today + timedelta(days=days)
        midnight = datetime.combine(day, wall(), here)
        for hours in busy:
            if hours.weekday == day.weekday():
                starts_at, ends_at = (midnight + timedelta(minutes=each) for each in (hours.start, hours.end))
                yield starts_at.astimezone(UTC), ends_at.astimezone(UTC)
