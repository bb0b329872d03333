"""Somebody's own chats as one calendar that their program reads again and again (webcal; RFC 5546, RFC 7986)."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta

from portal.calendars.invitation import Event, calendar_for, shown, written
from portal.domain.notice import one_line

READ_AGAIN_AFTER = timedelta(hours=1)


def feed(name: str, events: Iterable[Event]) -> bytes:
    """Return the calendar: the same chats give the same bytes, whenever it is read."""
    calendar = calendar_for("PUBLISH")
    for property_name in ("NAME", "X-WR-CALNAME"):
        calendar.add(property_name, one_line(name))
    calendar.add("REFRESH-INTERVAL", READ_AGAIN_AFTER, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    return written(calendar, *(shown(event) for event in events))


def tag_of(content: bytes) -> str:
    """Return a strong entity tag of these bytes (RFC 9110, 8.8.3), without its quotes."""
    return hashlib.sha256(content).hexdigest()[:32]
