"""Hostile and odd files: each is read or answered by a sentence, in a process of its own, and none is waited for."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.calendars.busy import parse, read
from portal.domain.slots import Span
from portal.domain.slots.calendars import LARGEST_BYTES, Entry, Trouble, Unreadable
from tests.calendars.busy_files import calendar, event

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
STRETCH = (NOW - timedelta(days=1), NOW + timedelta(days=120))
ZONE = "America/New_York"
# The event that stands beside each hostile one, and what is told of it.
FELLOW = event(start="DTSTART:20260304T120000Z")
KEPT: Span = (datetime(2026, 3, 4, 12, tzinfo=UTC), datetime(2026, 3, 4, 13, tzinfo=UTC))
THE_DAY = date(2026, 3, 3)
DATES = ",".join(f"{datetime(2026, 3, 3, tzinfo=UTC) + timedelta(minutes=n):%Y%m%dT%H%M%SZ}" for n in range(3000))
HUGE_ZONE = "\r\n".join(
    [
        "BEGIN:VTIMEZONE",
        "TZID:Made up",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0100",
        "RRULE:FREQ=SECONDLY",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
)


def rule(text: str) -> str:
    """Return an event that repeats so."""
    return event(f"RRULE:{text}")


def by(name: str, last: int) -> str:
    return f"{name}={','.join(map(str, range(1, last + 1)))}"


# What stands in one entry, which is then told by its day while its fellow is kept.
ENTRIES: dict[str, str] = {
    "every second": rule("FREQ=SECONDLY"),
    "every minute": rule("FREQ=MINUTELY;INTERVAL=1"),
    "every hour": rule("FREQ=HOURLY"),
    "an interval of nothing": rule("FREQ=DAILY;INTERVAL=0"),
    "an interval below nothing": rule("FREQ=DAILY;INTERVAL=-1"),
    "a huge interval": rule("FREQ=DAILY;INTERVAL=99999999999999"),
    "an interval that is no number": rule("FREQ=DAILY;INTERVAL=x"),
    "two intervals": rule("FREQ=DAILY;INTERVAL=1,2"),
    "huge lists": rule(
        f"FREQ=YEARLY;{by('BYMONTHDAY', 31)};{by('BYMONTH', 12)};{by('BYHOUR', 23)};{by('BYMINUTE', 59)}"
    ),
    "one huge list": rule(f"FREQ=DAILY;BYSECOND={','.join(['1'] * 2000)}"),
    "seconds behind a day": rule(f"FREQ=DAILY;{by('BYHOUR', 23)};{by('BYMINUTE', 40)}"),
    "a month that is none": rule("FREQ=YEARLY;BYMONTH=13"),
    "a day that is none": rule("FREQ=MONTHLY;BYMONTHDAY=0"),
    "a weekday that is none": rule("FREQ=WEEKLY;BYDAY=XX"),
    "no frequency": rule("COUNT=3"),
    "an unknown frequency": rule("FREQ=FORTNIGHTLY"),
    "an unknown part": rule("FREQ=DAILY;BYEASTER=0"),
    "a calendar of another people": rule("RSCALE=CHINESE;FREQ=YEARLY"),
    "a count below nothing": rule("FREQ=DAILY;COUNT=-5"),
    "both an end and a count": rule("FREQ=DAILY;COUNT=5;UNTIL=20260401T000000Z"),
    "an end that is none": rule("FREQ=DAILY;UNTIL=tomorrow"),
    "an empty rule": rule(""),
    "many rules": event(*["RRULE:FREQ=DAILY"] * 9),
    "a flood of added dates": event(f"RDATE:{DATES}"),
    "a flood of added dates, line by line": event(*[f"RDATE:{each}" for each in DATES.split(",")]),
    "a flood of dates taken out": event("RRULE:FREQ=DAILY", f"EXDATE:{DATES}"),
    "more than one lives by": rule(f"FREQ=DAILY;{by('BYHOUR', 20)}"),
    "a length below nothing": event(length="DURATION:-PT1H"),
    "an end before the start": event(length="DTEND:20260303T080000Z"),
    "an end of another kind": event(length="DTEND;VALUE=DATE:20260304"),
    "a length that is none": event(length="DURATION:for a while"),
    "a length without end": event(length="DURATION:P99999999999D"),
    "two starts": event("DTSTART:20260305T090000Z"),
    "a zone nobody knows": event(start="DTSTART;TZID=Nowhere/At all:20260303T090000"),
    "a zone that is a path": event(start="DTSTART;TZID=../../../../etc/passwd:20260303T090000"),
    "a zone with a very long name": event(start=f"DTSTART;TZID={'a/' * 5000}:20260303T090000"),
    "a zone that changes each second": event(start="DTSTART;TZID=Made up:20260303T090000"),
    "a sequence that is no number": event("SEQUENCE:latest"),
    "a start that is none": event(start="DTSTART:soon"),
    "no start": event(start=""),
    "NULs in a time": event(start="DTSTART:2026\x000303T090000Z"),
    "an endless line": event(f"EXDATE:{'9' * 70_000}"),
    "a rule in a change": event("UID:1", "RECURRENCE-ID:20260303T090000Z", "RRULE:FREQ=DAILY"),
    "a start before all times": event(start="DTSTART;TZID=Asia/Tokyo:00010101T000000"),
}
# These hide so much that not even their day can be told; their place in the file is.
WITHOUT_A_DAY = (
    "two starts",
    "a start that is none",
    "no start",
    "NULs in a time",
    "an endless line",
    "a sequence that is no number",
    "a zone with a very long name",
)


@pytest.mark.parametrize("what", ENTRIES)
def test_an_entry_that_is_out_of_bounds_is_told_and_its_fellow_kept(what: str) -> None:
    began = time.monotonic()
    reading = read(calendar(HUGE_ZONE, ENTRIES[what], FELLOW), STRETCH, ZONE)
    assert reading.busy == (KEPT,)
    if what in WITHOUT_A_DAY:
        assert reading.unread == (Entry(1),)
    else:
        assert [(entry.place, entry.day is not None) for entry in reading.unread] == [(1, True)]
    assert time.monotonic() - began < parse.LONGEST_SECONDS


# What stands in the file as a whole.
FILES: dict[str, tuple[bytes, Trouble]] = {
    "is empty": (b"", Trouble.NOT_CALENDAR),
    "is a page": (b"<!doctype html><title>Sign in</title>", Trouble.NOT_CALENDAR),
    "is a picture": (bytes(range(256)) * 100, Trouble.NOT_CALENDAR),
    "is NULs": (bytes(LARGEST_BYTES), Trouble.NOT_CALENDAR),
    "is a card": (b"BEGIN:VCARD\r\nFN:Ana\r\nEND:VCARD\r\n", Trouble.NOT_CALENDAR),
    "is in another alphabet": (calendar(event()).decode().encode("utf-16"), Trouble.NOT_CALENDAR),
    "is one endless line": (b"BEGIN:VCALENDAR" + b"x" * (LARGEST_BYTES - 20), Trouble.NOT_CALENDAR),
    "is too large": (calendar(event(f"SUMMARY:{'x' * LARGEST_BYTES}")), Trouble.TOO_LARGE),
    "is cut": (calendar(event())[:-40], Trouble.CUT_SHORT),
    "ends what it did not begin": (b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", Trouble.CUT_SHORT),
    "is nested deeply": (b"BEGIN:VCALENDAR\r\n" * 30_000, Trouble.TOO_MANY),
    "is nested deeply inside": (calendar("BEGIN:VEVENT\r\n" * 30_000), Trouble.TOO_MANY),
    "holds very many events": (calendar(*["BEGIN:VEVENT\r\nEND:VEVENT"] * 20_000), Trouble.TOO_MANY),
    "holds very many other things": (calendar(*["BEGIN:X\r\nEND:X"] * 20_000), Trouble.TOO_MANY),
    "is busy at very many times": (
        calendar(
            *[
                event(
                    f"RRULE:FREQ=DAILY;{by('BYHOUR', 16)}",
                    start=f"DTSTART:20260302T00{n:02}00Z",
                    length="DURATION:PT9S",
                )
                for n in range(12)
            ]
        ),
        Trouble.TOO_MANY,
    ),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_is_no_calendar_says_so(what: str) -> None:
    raw, trouble = FILES[what]
    with pytest.raises(Unreadable) as caught:
        read(raw, STRETCH, ZONE)
    assert caught.value.trouble is trouble


# Within bounds, and fifteen million times in two thousand years.
SLOW = event(f"RRULE:FREQ=MONTHLY;{by('BYMONTHDAY', 30)};{by('BYHOUR', 20)}", start="DTSTART:00010103T090000Z")


def test_what_takes_all_day_to_work_out_ends_with_a_sentence() -> None:
    """Each of these series is within bounds and takes long; all of them together are more than a processor is given."""
    began = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        read(calendar(*[SLOW] * 30, FELLOW), STRETCH, ZONE)
    assert caught.value.trouble is Trouble.TOO_HARD
    assert time.monotonic() - began < parse.LONGEST_SECONDS + 5


def test_a_series_that_takes_long_is_told_by_its_day() -> None:
    reading = read(calendar(SLOW, FELLOW), STRETCH, ZONE)
    assert (reading.busy, reading.unread) == ((KEPT,), (Entry(1, date(1, 1, 3)),))


def test_five_thousand_events_are_read() -> None:
    many = [event(f"UID:{n}", "SUMMARY:A title that goes nowhere") for n in range(4990)]
    assert len(read(calendar(*many), STRETCH, ZONE).busy) == 1


def test_a_title_in_broken_letters_is_no_reason_to_keep_nothing() -> None:
    raw = calendar(event("SUMMARY:TITLE", "DESCRIPTION:a\x00b", f"X-LONG:{'x' * 200_000}"), FELLOW)
    reading = read(b"\xef\xbb\xbf" + raw.replace(b"TITLE", b"caf\xe9 \xff\xfe"), STRETCH, ZONE)
    assert len(reading.busy) == 2
    assert reading.unread == ()


def test_the_reader_tells_times_and_nothing_else() -> None:
    secret = calendar(
        event("UID:canary-uid", "SUMMARY:canary title", "LOCATION:canary place", "ATTENDEE:mailto:canary@example.org"),
        event("SUMMARY:canary title", start="DTSTART:canary"),
    )
    begins, ends = (str(int(moment.timestamp())) for moment in STRETCH)
    done = subprocess.run(
        [sys.executable, "-m", parse.READER, begins, ends, ZONE],
        input=secret,
        capture_output=True,
        cwd=parse.ROOT,
        check=True,
    )
    assert b"canary" not in done.stdout + done.stderr
    assert done.stdout.splitlines()[0] == b'{"place": 2, "day": null}'
    assert done.stdout.count(b"busy") == 1


def test_a_reader_that_takes_all_memory_is_ended_and_this_process_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "READER", "tests.calendars.greedy_reader")
    with pytest.raises(Unreadable) as caught:
        read(calendar(event()), STRETCH, ZONE)
    assert caught.value.trouble is Trouble.TOO_HARD


@pytest.mark.parametrize("told", [b"", b"nonsense\n", b'{"busy": [1, 2]}\n'])
def test_half_of_what_a_reader_tells_is_not_believed(told: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        parse._reading(told)
    assert caught.value.trouble is Trouble.TOO_HARD
