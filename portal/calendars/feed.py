"""Somebody's own chats as one calendar that their program reads again and again (webcal; RFC 5546, RFC 7986)."""

import hashlib
from collections.abc import Iterable

from portal.calendars.invitation import Event, calendar, shown
from portal.calendars.lines import folded, text
from portal.domain.notice import one_line

READ_AGAIN_AFTER = "PT1H"


def feed(name: str, events: Iterable[Event]) -> bytes:
    """Return the calendar: the same chats give the same bytes, whenever it is read."""
    about = (
        *(f"{property_name}:{text(one_line(name))}" for property_name in ("NAME", "X-WR-CALNAME")),
        f"REFRESH-INTERVAL;VALUE=DURATION:{READ_AGAIN_AFTER}",
        f"X-PUBLISHED-TTL:{READ_AGAIN_AFTER}",
    )
    return folded(calendar("PUBLISH", *(shown(event) for event in events), about=about))


def tag_of(content: bytes) -> str:
    """Return a strong entity tag of these bytes (RFC 9110, 8.8.3), without its quotes."""
    return hashlib.sha256(content).hexdigest()[:32]
