"""What a calendar means: whole days, zones, series with their changes, and what takes no time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.calendars.busy.reader import series
from portal.calendars.busy.reader.parts import parts_of
from portal.calendars.busy.reader.spans import Frame, told_by
from portal.domain.slots.calendars import Entry, Reading
from tests.calendars.busy_files import calendar, event

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NEW_YORK = "America/New_York"
LONG_AGO, LAST_YEAR = (NOW.replace(year=year, tzinfo=None) for year in (2001, 2025))
ONCE = "DTSTART;TZID=America/New_York:20260303T090000"

# The reader keeps this word of icalendar to itself: it quotes the calendar.
pytestmark = pytest.mark.filterwarnings("ignore::icalendar.error.GloballyUniqueTZIDGuessed")


def reading_of(*parts: str, zone: str = NEW_YORK, days: int = 14) -> Reading:
    """Return what is told of two weeks from yesterday on, by a New Yorker's clock."""
    return told_by(parts_of(calendar(*parts)), Frame(NOW - timedelta(days=1), NOW + timedelta(days=days), zone))


def walls(*parts: str, zone: str = NEW_YORK) -> list[str]:
    """Return the same as walls of that clock: "03-03 09:00 to 10:00"."""
    told = reading_of(*parts, zone=zone)
    assert told.unread == ()
    here = ZoneInfo(zone)
    return [f"{begins.astimezone(here):%m-%d %H:%M} to {ends.astimezone(here):%H:%M}" for begins, ends in told.busy]


@pytest.mark.parametrize(
    ("start", "length", "wall"),
    [
        ("DTSTART:20260303T140000Z", "DTEND:20260303T150000Z", "03-03 09:00 to 10:00"),
        ("DTSTART:20260303T090000", "DURATION:PT30M", "03-03 09:00 to 09:30"),
        ("DTSTART;VALUE=DATE-TIME:20260303T090000", "DTEND:20260303T100000", "03-03 09:00 to 10:00"),
        ("DTSTART;TZID=Europe/Berlin:20260303T150000", "DURATION:PT1H", "03-03 09:00 to 10:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20260303T150000", "DURATION:PT1H", "03-03 09:00 to 10:00"),
        ("DTSTART;TZID=/example.org/Europe/Berlin:20260303T150000", "DURATION:PT1H", "03-03 09:00 to 10:00"),
        ('DTSTART;TZID="Europe/Berlin":20260303T150000', "DURATION:PT1H", "03-03 09:00 to 10:00"),
        ("dtstart;tzid=Europe/Berlin:20260303T150000", "duration:PT1H", "03-03 09:00 to 10:00"),
        ("DTSTART;TZID=Europe/Ber\r\n lin:20260303T15\r\n\t0000", "DURATION:PT1H", "03-03 09:00 to 10:00"),
        ("DTSTART;VALUE=DATE:20260303", "", "03-03 00:00 to 00:00"),
        ("DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260304", "03-03 00:00 to 00:00"),
        ("DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260303", "03-03 00:00 to 00:00"),
        ("DTSTART;VALUE=DATE:20260303", "DURATION:P1D", "03-03 00:00 to 00:00"),
    ],
)
def test_an_event_is_when_it_says(start: str, length: str, wall: str) -> None:
    assert walls(event(start=start, length=length)) == [wall]


def test_a_whole_day_is_the_local_day_also_where_the_clocks_change() -> None:
    told = reading_of(event(start="DTSTART;VALUE=DATE:20260308", length=""))
    assert told.busy == ((datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC)),)


def test_whole_days_go_by_the_clock_that_the_calendar_names() -> None:
    day = event(start="DTSTART;VALUE=DATE:20260303", length="")
    assert walls("X-WR-TIMEZONE:Europe/Berlin", day) == ["03-02 18:00 to 18:00"]
    assert walls("X-WR-TIMEZONE:Made up", day) == ["03-03 00:00 to 00:00"]


def test_a_zone_that_only_the_file_knows_is_read_from_it() -> None:
    made_up = "\r\n".join(
        [
            "BEGIN:VTIMEZONE",
            "TZID:Our valley",
            "BEGIN:STANDARD",
            "DTSTART:16010101T000000",
            "TZOFFSETFROM:+0200",
            "TZOFFSETTO:+0100",
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:16010101T000000",
            "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0200",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
        ]
    )
    lesson = event(start="DTSTART;TZID=Our valley:20260303T150000")
    assert walls(lesson, made_up) == ["03-03 09:00 to 10:00"]


@pytest.mark.parametrize("line", ["STATUS:CANCELLED", "STATUS:cancelled", "TRANSP:TRANSPARENT", "TRANSP:transparent"])
def test_what_is_called_off_or_shown_as_free_takes_no_time(line: str) -> None:
    assert walls(event(line, start=ONCE)) == []
    assert walls(event(line, "RRULE:FREQ=DAILY", start=ONCE)) == []


@pytest.mark.parametrize("line", ["STATUS:TENTATIVE", "STATUS:CONFIRMED", "TRANSP:OPAQUE", "X-WHATEVER:1"])
def test_all_else_takes_time(line: str) -> None:
    assert walls(event(line, start=ONCE)) == ["03-03 09:00 to 10:00"]


def test_a_moment_without_length_and_a_task_take_no_time() -> None:
    task = "BEGIN:VTODO\r\nDTSTART:20260303T090000Z\r\nDUE:20260303T100000Z\r\nEND:VTODO"
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDURATION:PT15M\r\nREPEAT:4\r\nEND:VALARM"
    assert walls(event(start=ONCE, length=""), task) == []
    assert walls(event(alarm, start=ONCE)) == ["03-03 09:00 to 10:00"]


def test_what_touches_is_joined_and_what_lies_outside_is_left_out() -> None:
    assert walls(
        event(start="DTSTART:20260303T140000Z"),
        event(start="DTSTART:20260303T150000Z"),
        event(start="DTSTART:20260303T143000Z"),
        event(start="DTSTART:20250303T143000Z"),
        event(start="DTSTART:20270303T143000Z"),
    ) == ["03-03 09:00 to 11:00"]


def test_a_series_keeps_its_hour_when_the_clocks_change() -> None:
    assert walls(event("RRULE:FREQ=WEEKLY", start="DTSTART;TZID=America/New_York:20250107T090000")) == [
        "03-03 09:00 to 10:00",
        "03-10 09:00 to 10:00",
    ]
    assert walls(event("RRULE:FREQ=WEEKLY", start="DTSTART;TZID=Europe/Berlin:20250107T150000")) == [
        "03-03 09:00 to 10:00",
        "03-10 10:00 to 11:00",
    ]


@pytest.mark.parametrize("until", ["20260304", "20260304T235900", "20260305T010000Z"])
def test_a_series_goes_on_to_the_end_of_its_last_day_however_that_is_written(until: str) -> None:
    evening = "DTSTART;TZID=America/New_York:20260303T190000"
    assert walls(event(f"RRULE:FREQ=DAILY;UNTIL={until}", start=evening)) == [
        "03-03 19:00 to 20:00",
        "03-04 19:00 to 20:00",
    ]
    assert walls(event(f"RRULE:FREQ=DAILY;UNTIL={until}", start="DTSTART:20260303T190000")) == [
        "03-03 19:00 to 20:00",
        "03-04 19:00 to 20:00",
    ]


def test_a_series_has_dates_more_and_dates_less() -> None:
    assert walls(
        event(
            "RRULE:FREQ=DAILY;COUNT=3",
            "EXDATE;TZID=America/New_York:20260304T090000",
            "RDATE:20260306T150000Z,20260307T150000Z",
            start=ONCE,
        )
    ) == ["03-03 09:00 to 10:00", "03-05 09:00 to 10:00", "03-06 10:00 to 11:00", "03-07 10:00 to 11:00"]


def test_one_day_of_a_series_is_moved_called_off_or_made_free() -> None:
    daily = event("UID:1", "RRULE:FREQ=DAILY;COUNT=4", start=ONCE)

    def change(day: str, *lines: str, start: str = "") -> str:
        named = f"RECURRENCE-ID;TZID=America/New_York:{day}T090000"
        return event("UID:1", named, *lines, start=start or f"DTSTART;TZID=America/New_York:{day}T090000")

    assert walls(
        daily,
        change("20260304", start="DTSTART;TZID=America/New_York:20260304T150000"),
        change("20260305", "STATUS:CANCELLED"),
        change("20260306", "TRANSP:TRANSPARENT"),
    ) == ["03-03 09:00 to 10:00", "03-04 15:00 to 16:00"]


def test_a_change_without_its_series_is_an_event() -> None:
    assert walls(event("UID:1", "RECURRENCE-ID:20250101T090000Z", start=ONCE)) == ["03-03 09:00 to 10:00"]


def test_a_newer_version_stands_instead_and_two_of_one_version_both_stand() -> None:
    later = "DTSTART;TZID=America/New_York:20260303T120000"
    assert walls(event("UID:1", "SEQUENCE:1", start=ONCE), event("UID:1", "SEQUENCE:2", start=later)) == [
        "03-03 12:00 to 13:00"
    ]
    both = ["03-03 09:00 to 10:00", "03-03 12:00 to 13:00"]
    assert walls(event("UID:1", start=ONCE), event("UID:1", start=later)) == both
    assert walls(event(start=ONCE), event(start=later)) == both


def test_a_change_that_cannot_be_read_leaves_the_series_closed() -> None:
    told = reading_of(
        event("UID:1", "RRULE:FREQ=DAILY;COUNT=2", start="DTSTART:20260303T090000Z"),
        event("UID:1", "RECURRENCE-ID:20260304T090000Z", start="DTSTART:20260304T090000Z", length="DURATION:never"),
    )
    assert [begins.day for begins, _ in told.busy] == [3, 4]
    assert told.unread == (Entry(2, date(2026, 3, 4)),)


OFTEN, NOWHERE = "RRULE:FREQ=HOURLY", "DTSTART;TZID=Nowhere:20240303T090000"


@pytest.mark.parametrize(
    ("lines", "start", "length"),
    [
        ((OFTEN, "TRANSP:TRANSPARENT"), ONCE, "DURATION:PT1H"),
        ((OFTEN, "STATUS:CANCELLED"), ONCE, "DURATION:PT1H"),
        ((), NOWHERE, ""),
        ((), NOWHERE, "DTEND;TZID=Nowhere:20240303T100000"),
        ((), "DTSTART:20240303T090000Z", "DTEND:20240303T080000Z"),
    ],
)
def test_what_takes_no_time_or_is_long_over_worries_nobody_where_it_cannot_be_read(
    lines: tuple[str, ...], start: str, length: str
) -> None:
    assert reading_of(event(*lines, start=start, length=length)) == Reading(())


@pytest.mark.parametrize(
    ("lines", "start", "length"),
    [
        ((OFTEN,), "DTSTART:20240303T090000Z", "DTEND:20240303T100000Z"),
        ((OFTEN, "TRANSP:OPAQUE"), ONCE, "DURATION:PT1H"),
        ((OFTEN, "TRANSP:TRANSPARENT", "TRANSP:OPAQUE"), ONCE, "DURATION:PT1H"),
        (("RDATE:soon",), NOWHERE, ""),
        ((), NOWHERE, "DURATION:P9999D"),
        ((), NOWHERE, "DTEND;TZID=Nowhere:20260303T100000"),
        ((), NOWHERE, "DTEND;TZID=Nowhere:soon"),
        ((), "DTSTART:20249999T090000Z", ""),
        (("RECURRENCE-ID:soon", "STATUS:CANCELLED"), ONCE, "DURATION:PT1H"),
    ],
)
def test_all_else_that_cannot_be_read_is_told(lines: tuple[str, ...], start: str, length: str) -> None:
    told = reading_of(event(*lines, start=start, length=length))
    assert ([entry.place for entry in told.unread], told.busy) == ([1], ())


def test_free_busy_lists_are_read() -> None:
    listed = "\r\n".join(
        [
            "BEGIN:VFREEBUSY",
            "FREEBUSY:20260303T140000Z/PT1H,20260304T140000Z/20260304T150000Z",
            "FREEBUSY;FBTYPE=FREE:20260305T140000Z/PT1H",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260306T140000Z/PT1H",
            "END:VFREEBUSY",
        ]
    )
    assert walls(listed) == ["03-03 09:00 to 10:00", "03-04 09:00 to 10:00", "03-06 09:00 to 10:00"]


@pytest.mark.parametrize("stretch", ["20260303T140000Z/-PT1H", "20260303T140000/PT1H", "soon", ""])
def test_a_stretch_that_is_none_is_told(stretch: str) -> None:
    told = reading_of(f"BEGIN:VFREEBUSY\r\nFREEBUSY:{stretch}\r\nEND:VFREEBUSY")
    assert told == Reading((), (Entry(1),))


weekdays = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), max_size=3, unique=True)


@settings(max_examples=60, deadline=None)
@given(
    began=st.datetimes(LONG_AGO, LAST_YEAR),
    frequency=st.sampled_from(["DAILY", "WEEKLY"]),
    interval=st.integers(1, 9),
    days=weekdays,
    hours=st.integers(1, 60),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
    whole_days=st.booleans(),
)
def test_a_series_brought_nearer_has_the_same_days(
    began: datetime, frequency: str, interval: int, days: list[str], hours: int, zone: str, whole_days: bool
) -> None:
    rule = f"RRULE:FREQ={frequency};INTERVAL={interval}" + (f";BYDAY={','.join(days)}" if days else "")
    start = f"DTSTART;VALUE=DATE:{began:%Y%m%d}" if whole_days else f"DTSTART;TZID={zone}:{began:%Y%m%dT%H%M%S}"
    length = f"DURATION:P{1 + hours // 24}D" if whole_days else f"DURATION:PT{hours}H"
    near = reading_of(event(rule, start=start, length=length), days=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series, "_bring_near", lambda *_: None)
        assert reading_of(event(rule, start=start, length=length), days=60) == near
