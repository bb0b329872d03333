"""One person's calendar entry for one chat as iCalendar bytes (RFC 5545, 5546), by the ten rules of letters.md."""

from dataclasses import dataclass
from datetime import UTC, datetime

import icalendar

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
    return written(calendar_for("REQUEST"), _entry(event, cancelled=False, attending=True))


def cancel(event: Event) -> bytes:
    """METHOD:CANCEL; `sequence` must already be one higher than the invitation's."""
    return written(calendar_for("CANCEL"), _entry(event, cancelled=True, attending=True))


def publish(event: Event) -> bytes:
    """METHOD:PUBLISH without an attendee (RFC 5546, 3.2.1), for "Add to calendar" in the page."""
    return written(calendar_for("PUBLISH"), shown(event))


def shown(event: Event) -> icalendar.Event:
    """Return an entry that is only shown: it names no attendee and asks nothing."""
    return _entry(event, cancelled=event.cancelled, attending=False)


def written(calendar: icalendar.Calendar, *entries: icalendar.Event) -> bytes:
    """Return a calendar's bytes with these entries."""
    for entry in entries:
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def calendar_for(method: str) -> icalendar.Calendar:
    """Return an empty calendar with this METHOD."""
    calendar = icalendar.Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def _entry(event: Event, *, cancelled: bool, attending: bool) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("UID", one_line(event.uid))
    entry.add("SEQUENCE", event.sequence)
    entry.add("DTSTAMP", _utc(event.stamp))
    entry.add("DTSTART", _utc(event.starts_at))
    entry.add("DTEND", _utc(event.ends_at))
    entry.add("SUMMARY", one_line(event.summary))
    # An empty line is no value of LOCATION: libical takes it out and says so.
    if location := one_line(event.location):
        entry.add("LOCATION", location)
    entry.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("CLASS", "PRIVATE")
    entry.add("TRANSP", "OPAQUE")
    entry.add("ORGANIZER", _mailbox(event.organizer_address, CN=_quotable(event.organizer_name)), encode=False)
    if attending:
        asks = event.asks and not cancelled and event.partstat is Partstat.NEEDS_ACTION
        wish = {"RSVP": "TRUE"} if asks else {}
        mailbox = _mailbox(event.attendee_address, PARTSTAT=event.partstat.value, **wish)
        entry.add("ATTENDEE", mailbox, encode=False)
    return entry


def _mailbox(address: str, **parameters: str) -> icalendar.vCalAddress:
    mailbox = icalendar.vCalAddress(f"mailto:{one_line(address)}")
    mailbox.params.update(parameters)
    return mailbox


def _quotable(name: str) -> str:
    return one_line(name).replace('"', "'")


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("calendar times are aware")
    return at.astimezone(UTC).replace(microsecond=0)
