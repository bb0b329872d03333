"""Our own lines of a calendar file are, to the byte, those that the icalendar library writes."""

from datetime import UTC, datetime

import icalendar
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.calendars.invitation import PRODUCT, Event, cancel, publish, request
from portal.domain.invitation import Partstat
from portal.domain.notice import one_line

# The library takes \N in a text for a line break, and a quotation mark is nobody's name.
words = st.text(max_size=120).filter(lambda text: "\\N" not in one_line(text))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
mailboxes = st.from_regex(r"\A[a-z0-9.+'-]{1,60}@[a-z0-9-]{1,60}\.example\Z")

# However slow this machine is just now.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event that could ever be written."""
    return Event(
        uid=str(draw(st.uuids(version=4))),
        sequence=draw(st.integers(0, 10_000)),
        stamp=draw(moments),
        starts_at=draw(moments),
        ends_at=draw(moments),
        summary=draw(words),
        location=draw(words),
        organizer_address=draw(mailboxes),
        organizer_name=draw(words),
        attendee_address=draw(mailboxes),
        partstat=draw(st.sampled_from(Partstat)),
        cancelled=draw(st.booleans()),
        asks=draw(st.booleans()),
    )


def by_library(event: Event, method: str, *, cancelled: bool, attending: bool) -> bytes:
    """Return the same file, written by icalendar."""
    calendar, entry = icalendar.Calendar(), icalendar.Event()
    for name, value in (("PRODID", PRODUCT), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN"), ("METHOD", method)):
        calendar.add(name, value)
    entry.add("UID", event.uid)
    entry.add("SEQUENCE", event.sequence)
    for name, at in (("DTSTAMP", event.stamp), ("DTSTART", event.starts_at), ("DTEND", event.ends_at)):
        entry.add(name, at.replace(microsecond=0))
    entry.add("SUMMARY", one_line(event.summary))
    if one_line(event.location):
        entry.add("LOCATION", one_line(event.location))
    entry.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("CLASS", "PRIVATE")
    entry.add("TRANSP", "OPAQUE")
    name = one_line(event.organizer_name).replace('"', "'")
    entry.add("ORGANIZER", mailbox(event.organizer_address, CN=name), encode=False)
    if attending:
        asks = event.asks and not cancelled and event.partstat is Partstat.NEEDS_ACTION
        wish = {"RSVP": "TRUE"} if asks else {}
        attendee = mailbox(event.attendee_address, PARTSTAT=event.partstat.value, **wish)
        entry.add("ATTENDEE", attendee, encode=False)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def mailbox(address: str, **parameters: str) -> icalendar.vCalAddress:
    found = icalendar.vCalAddress(f"mailto:{address}")
    found.params.update(parameters)
    return found


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAIN = Event(
    "00000000-0000-4000-8000-000000000005",
    0,
    NOON,
    NOON,
    NOON,
    "Coffee; \\ with milk, " + "é" * 60,
    "^" * 80,
    "hello@notes.example",
    '’Coffee’: "warm"^' + "\\" * 90,
    "ana@example.org",
)


@patiently
@given(events())
@example(PLAIN)
def test_an_invitation_is_what_the_library_writes(event: Event) -> None:
    assert request(event) == by_library(event, "REQUEST", cancelled=False, attending=True)


@patiently
@given(events())
@example(PLAIN)
def test_a_cancellation_is_what_the_library_writes(event: Event) -> None:
    assert cancel(event) == by_library(event, "CANCEL", cancelled=True, attending=True)


@patiently
@given(events())
@example(PLAIN)
def test_what_a_page_gives_is_what_the_library_writes(event: Event) -> None:
    assert publish(event) == by_library(event, "PUBLISH", cancelled=event.cancelled, attending=False)
