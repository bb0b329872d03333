"""The two readers: both read what is right, and each says what is wrong."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.calendars.invitation import cancel, publish, request
from portal.launch import machine
from tests.calendars.readers import Unreadable, by_icaljs, by_libical, entries_in, objections
from tests.calendars.test_invitation import EVENT, HOSTILE
from tests.servers.missing import lacking

Reader = Callable[[bytes], dict[str, object]]
ONE = publish(EVENT)


@pytest.fixture(autouse=True)
def both_are_here() -> None:
    if machine.libical() is None:
        lacking("libical", machine.how_to_install("libical3", "libical"))


@pytest.mark.parametrize("write", [request, cancel, publish])
@pytest.mark.parametrize("event", [EVENT, HOSTILE, replace(EVENT, location="")])
def test_neither_objects_to_what_is_sent(write: Callable[[object], bytes], event: object) -> None:
    assert objections(write(event)) == []


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"BEGIN:VCALENDAR\r\n",
        ONE.replace(b"DTSTART:20260308T180000Z", b"DTSTART:soon"),
        ONE.replace(b"UID:", b"X-UID:"),
        ONE.replace(b"METHOD:PUBLISH\r\n", b"METHOD:PUBLISH\r\nnonsense\r\n"),
    ],
)
def test_what_is_broken_is_seen_by_at_least_one(broken: bytes) -> None:
    assert objections(broken) != []


def test_libical_knows_what_a_method_asks_for() -> None:
    named = ONE.replace(b"END:VEVENT", b"ATTENDEE:mailto:ana@example.org\r\nEND:VEVENT")
    with pytest.raises(Unreadable, match="Expected 0 instances of the property and got 1"):
        by_libical(named)
    with pytest.raises(Unreadable, match="ORGANIZER"):
        by_libical(request(EVENT).replace(b"ORGANIZER", b"X-ORGANIZER"))


@pytest.mark.parametrize("reader", [by_libical, by_icaljs])
def test_each_reads_every_entry_of_a_file(reader: Reader) -> None:
    entry = ONE[ONE.index(b"BEGIN:VEVENT") : ONE.index(b"END:VCALENDAR")]
    two = ONE.replace(b"END:VCALENDAR", entry.replace(b"UID:8", b"UID:9") + b"END:VCALENDAR")
    entries = reader(two)["entries"]
    assert isinstance(entries, list)
    assert [each["uid"][0] for each in entries] == ["8", "9"]


def test_a_letter_without_a_calendar_carries_none() -> None:
    assert entries_in(b"Subject: x\r\n\r\ntext/calendar\r\n") == []
