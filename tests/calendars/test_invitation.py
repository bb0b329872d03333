"""Invitations by the ten rules of letters.md: their lines by hand, their meaning by icalendar and by ical.js."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import icalendar
import pytest

from portal.calendars.invitation import Event, cancel, publish, request
from portal.domain.invitation import Partstat
from tests.calendars.readers import by_icaljs

EVENT = Event(
    uid="8f14e45f-ceea-4a7e-9c3b-1d5d7a0c2b11",
    sequence=0,
    stamp=datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC),
    starts_at=datetime(2026, 3, 8, 18, tzinfo=UTC),
    ends_at=datetime(2026, 3, 8, 18, 30, tzinfo=UTC),
    summary="Coffee",
    location="Café Lindo, 5 Elm Street; upstairs",
    organizer_address="hello@notes.example",
    organizer_name="Coffee chats",
    attendee_address="ana@example.org",
    partstat=Partstat.ACCEPTED,
)
HOSTILE = replace(
    EVENT,
    summary="Coffee\r\nBEGIN:VALARM\x00\u202e" + "é" * 70 + "☕" * 30 + "\u2028end",
    location='Back\\room; "quiet", 100%',
    organizer_name='Chats "\r\nX-BAD:1',
)


def unfolded(ics: bytes) -> list[str]:
    return ics.decode("utf-8").replace("\r\n ", "").split("\r\n")


def test_a_request_is_these_lines_and_no_others() -> None:
    assert sorted(unfolded(request(EVENT))) == sorted(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Calendar entries//1//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "UID:8f14e45f-ceea-4a7e-9c3b-1d5d7a0c2b11",
            "SEQUENCE:0",
            "DTSTAMP:20260301T080000Z",
            "DTSTART:20260308T180000Z",
            "DTEND:20260308T183000Z",
            "SUMMARY:Coffee",
            "LOCATION:Café Lindo\\, 5 Elm Street\\; upstairs",
            "STATUS:CONFIRMED",
            "CLASS:PRIVATE",
            "TRANSP:OPAQUE",
            'ORGANIZER;CN="Coffee chats":mailto:hello@notes.example',
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def test_a_cancel_differs_in_method_status_and_sequence_alone() -> None:
    asked = set(unfolded(request(EVENT)))
    off = set(unfolded(cancel(replace(EVENT, sequence=1))))
    assert off - asked == {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1"}
    assert asked - off == {"METHOD:REQUEST", "STATUS:CONFIRMED", "SEQUENCE:0"}


def test_what_the_page_offers_names_no_attendee() -> None:
    asked, offered = set(unfolded(request(EVENT))), set(unfolded(publish(EVENT)))
    assert offered - asked == {"METHOD:PUBLISH"}
    assert asked - offered == {"METHOD:REQUEST", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org"}
    assert set(unfolded(publish(replace(EVENT, cancelled=True)))) - offered == {"STATUS:CANCELLED"}


@pytest.mark.parametrize(
    ("partstat", "asks", "written"),
    [
        (Partstat.NEEDS_ACTION, True, "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ana@example.org"),
        (Partstat.NEEDS_ACTION, False, "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ana@example.org"),
        (Partstat.ACCEPTED, True, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.org"),
    ],
)
def test_an_answer_is_asked_for_where_one_is_heard_and_still_open(partstat: Partstat, asks: bool, written: str) -> None:
    event = replace(EVENT, partstat=partstat, asks=asks)
    assert [line for line in unfolded(request(event)) if line.startswith("ATTENDEE")] == [written]
    assert "RSVP" not in cancel(event).decode()


@pytest.mark.parametrize("write", [request, cancel, publish])
def test_a_chat_without_a_place_has_no_line_for_one(write: Callable[[Event], bytes]) -> None:
    names = [line.partition(":")[0] for line in unfolded(write(replace(EVENT, location="")))]
    assert ("LOCATION" in names, "SUMMARY" in names) == (False, True)


@pytest.mark.parametrize("write", [request, cancel, publish])
def test_the_same_event_gives_the_same_bytes(write: object) -> None:
    assert callable(write)
    assert write(EVENT) == write(replace(EVENT))


@pytest.mark.parametrize("event", [EVENT, HOSTILE])
def test_lines_end_in_crlf_and_hold_75_octets_of_whole_characters(event: Event) -> None:
    ics = request(event)
    assert ics.endswith(b"END:VCALENDAR\r\n")
    lines = ics.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        assert b"\n" not in line
        assert b"\r" not in line
        assert line == line.decode("utf-8").encode("utf-8")


def test_hostile_words_make_no_line_of_their_own() -> None:
    names = [line.partition(":")[0].partition(";")[0] for line in unfolded(request(HOSTILE))]
    assert names == [line.partition(":")[0].partition(";")[0] for line in unfolded(request(EVENT))]
    assert by_icaljs(request(HOSTILE)) == {
        "method": "REQUEST",
        "zones": 0,
        "entries": [
            {
                **understood(),
                "summary": "Coffee BEGIN:VALARM" + "é" * 70 + "☕" * 30 + " end",
                "location": 'Back\\room; "quiet", 100%',
                "organizerName": "Chats ' X-BAD:1",
            }
        ],
    }


def understood() -> dict[str, object]:
    return {
        "uid": EVENT.uid,
        "sequence": 0,
        "summary": "Coffee",
        "location": "Café Lindo, 5 Elm Street; upstairs",
        "status": "CONFIRMED",
        "class": "PRIVATE",
        "transp": "OPAQUE",
        "starts": "2026-03-08T18:00:00.000Z",
        "ends": "2026-03-08T18:30:00.000Z",
        "stamp": "2026-03-01T08:00:00Z",
        "organizer": "mailto:hello@notes.example",
        "organizerName": "Coffee chats",
        "attendees": [["mailto:ana@example.org", "ACCEPTED"]],
        "alarms": 0,
    }


def test_icaljs_reads_what_was_meant() -> None:
    assert by_icaljs(request(EVENT)) == {"method": "REQUEST", "zones": 0, "entries": [understood()]}
    assert by_icaljs(cancel(replace(EVENT, sequence=1))) == {
        "method": "CANCEL",
        "zones": 0,
        "entries": [{**understood(), "sequence": 1, "status": "CANCELLED"}],
    }
    assert by_icaljs(publish(EVENT)) == {
        "method": "PUBLISH",
        "zones": 0,
        "entries": [{**understood(), "attendees": []}],
    }


def test_icalendar_reads_the_same_instants() -> None:
    (entry,) = icalendar.Calendar.from_ical(request(EVENT)).walk("VEVENT")
    assert (entry.decoded("DTSTART"), entry.decoded("DTEND")) == (EVENT.starts_at, EVENT.ends_at)


def test_times_of_another_zone_are_written_in_utc() -> None:
    there = timezone(timedelta(hours=-4))
    event = replace(EVENT, starts_at=EVENT.starts_at.astimezone(there), ends_at=EVENT.ends_at.astimezone(there))
    assert request(event) == request(EVENT)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        request(replace(EVENT, starts_at=EVENT.starts_at.replace(tzinfo=None)))
