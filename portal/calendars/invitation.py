"""One person's calendar entry for one chat as iCalendar bytes (RFC 5545, 5546), by the ten rules of letters.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.calendars.lines import folded, instant, mailbox, text
from portal.domain.invitation import Partstat
from portal.domain.notice import one_line

PRODUCT = "-//Calendar entries//1//EN"


@dataclass(frozen=True)
class Event:
    """What a calendar may know: nothing here tells a topic, a role, or the other person's address.

    `uid` is the random UUIDv4 stored for this booking and person; `sequence` grows when time or status changes;
    `stamp` is kept with the letter's row so that a repeat has the same bytes. All instants are aware.
    `asks` where an answer from the calendar is heard.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    organizer_address: str
    organizer_name: str
    attendee_address: str
    partstat: Partstat = Partstat.NEEDS_ACTION
    cancelled: bool = False
    asks: bool = False


def request(event: Event) -> bytes:
    """METHOD:REQUEST, for a first invitation and for a new time."""
    return folded(calendar("REQUEST", entry(event, cancelled=False, attending=True)))


def cancel(event: Event) -> bytes:
    """METHOD:CANCEL; `sequence` must already be one higher than the invitation's."""
    return folded(calendar("CANCEL", entry(event, cancelled=True, attending=True)))


def publish(event: Event) -> bytes:
    """METHOD:PUBLISH without an attendee (RFC 5546, 3.2.1), for "Add to calendar" in the page."""
    return folded(calendar("PUBLISH", shown(event)))


def shown(event: Event) -> Iterator[str]:
    """Yield the lines of an entry that is only shown: it names no attendee and asks nothing."""
    return entry(event, cancelled=event.cancelled, attending=False)


def calendar(method: str, *entries: Iterator[str], about: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the lines of a calendar with these entries; `about` are lines of its own."""
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{method}", *about)
    for lines in entries:
        yield from lines
    yield "END:VCALENDAR"


def entry(event: Event, *, cancelled: bool, attending: bool) -> Iterator[str]:
    """Yield the lines of one entry."""
    yield "BEGIN:VEVENT"
    yield f"SUMMARY:{text(one_line(event.summary))}"
    yield f"DTSTART:{instant(event.starts_at)}"
    yield f"DTEND:{instant(event.ends_at)}"
    yield f"DTSTAMP:{instant(event.stamp)}"
    yield f"UID:{text(one_line(event.uid))}"
    yield f"SEQUENCE:{event.sequence}"
    if attending:
        asks = event.asks and not cancelled and event.partstat is Partstat.NEEDS_ACTION
        wish = {"RSVP": "TRUE"} if asks else {}
        theirs = mailbox(one_line(event.attendee_address), {"PARTSTAT": event.partstat.value, **wish})
        yield f"ATTENDEE{theirs}"
    yield "CLASS:PRIVATE"
    # An empty line is no value of LOCATION: libical takes it out and says so.
    if location := one_line(event.location):
        yield f"LOCATION:{text(location)}"
    yield f"ORGANIZER{mailbox(one_line(event.organizer_address), {'CN': one_line(event.organizer_name)})}"
    yield f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}"
    yield "TRANSP:OPAQUE"
    yield "END:VEVENT"
