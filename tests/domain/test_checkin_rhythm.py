"""When the next check-in goes out: by the clock on the member's wall, across zones and changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.checkin import WEEKS, Rhythm, Wish, checked_hold, goes_out, next_at
from portal.domain.checkin.rhythm import LATE, NEXT_IS_NEAR
from portal.domain.errors import BadInput
from portal.domain.notice import at_wall

MONDAYS, FRIDAYS = frozenset({0}), frozenset({4})
EVERY_DAY = frozenset(range(7))
NINE = 9 * 60
FAR = date(2027, 1, 1)
BERLIN, NEW_YORK, CHATHAM, LORD_HOWE = "Europe/Berlin", "America/New_York", "Pacific/Chatham", "Australia/Lord_Howe"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "weekdays", "minute", "after", "then"),
    [
        # Monday 2 March 2026, before and after nine in Berlin.
        (BERLIN, MONDAYS, NINE, "2026-03-02T07:59", "2026-03-02T08:00"),
        (BERLIN, MONDAYS, NINE, "2026-03-02T08:00", "2026-03-09T08:00"),
        (BERLIN, MONDAYS | FRIDAYS, NINE, "2026-03-02T08:00", "2026-03-06T08:00"),
        # The clocks go forward in Berlin on 29 March and back on 25 October: nine stays nine.
        (BERLIN, MONDAYS, NINE, "2026-03-23T08:00", "2026-03-30T07:00"),
        (BERLIN, MONDAYS, NINE, "2026-10-19T07:00", "2026-10-26T08:00"),
        # A time that does not exist that night comes an hour later, and one that comes twice goes out at the first.
        (BERLIN, EVERY_DAY, 150, "2026-03-28T12:00", "2026-03-29T01:30"),
        (BERLIN, EVERY_DAY, 150, "2026-10-24T12:00", "2026-10-25T00:30"),
        (BERLIN, EVERY_DAY, 150, "2026-10-25T00:30", "2026-10-26T01:30"),
        # Sunday evening in New York is Monday in London: the day is the member's.
        (NEW_YORK, MONDAYS, 21 * 60, "2026-03-02T02:00", "2026-03-03T02:00"),
        (NEW_YORK, frozenset({6}), 21 * 60, "2026-03-08T00:00", "2026-03-09T01:00"),
        (CHATHAM, MONDAYS, NINE, "2026-03-01T00:00", "2026-03-01T19:15"),
        (LORD_HOWE, frozenset({6}), 150, "2026-04-04T00:00", "2026-04-04T16:00"),
    ],
)
def test_the_next_one(zone: str, weekdays: frozenset[int], minute: int, after: str, then: str) -> None:
    assert next_at(Rhythm(weekdays, minute, FAR), zone, utc(after)) == utc(then)


def test_the_last_day_belongs_to_it_and_the_day_after_does_not() -> None:
    rhythm = Rhythm(EVERY_DAY, NINE, date(2026, 3, 3))
    assert next_at(rhythm, BERLIN, utc("2026-03-02T08:00")) == utc("2026-03-03T08:00")
    assert next_at(rhythm, BERLIN, utc("2026-03-03T08:00")) is None


def test_a_hold_puts_it_off_to_its_day_and_no_further() -> None:
    rhythm = Rhythm(MONDAYS, NINE, FAR)
    held = next_at(rhythm, BERLIN, utc("2026-03-02T08:00"), not_before=date(2026, 3, 16))
    assert held == utc("2026-03-16T08:00")
    assert next_at(rhythm, BERLIN, utc("2026-03-02T08:00"), not_before=FAR + timedelta(days=1)) is None


ZONES = (BERLIN, NEW_YORK, CHATHAM, LORD_HOWE, "Asia/Kathmandu", "America/St_Johns", "Africa/Cairo", "UTC")
TWO_YEARS = 2 * 365 * 24 * 60
instants = st.integers(0, TWO_YEARS).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(
    zone=st.sampled_from(ZONES),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    minute=st.integers(0, 1439),
    after=instants,
    length=st.integers(0, 200),
)
def test_it_is_the_first_such_time_of_the_wall_and_every_one_is_reached(
    zone: str, weekdays: frozenset[int], minute: int, after: datetime, length: int
) -> None:
    rhythm = Rhythm(weekdays, minute, after.astimezone(ZoneInfo(zone)).date() + timedelta(days=length))
    found, at = [], after
    while (following := next_at(rhythm, zone, at)) is not None:
        assert following > at
        found.append(following)
        at = following
    clock = time(minute // 60, minute % 60)
    days = (after.astimezone(ZoneInfo(zone)).date() + timedelta(days=ahead) for ahead in range(length + 1))
    wanted = [at_wall(day, clock, zone) for day in days if day.weekday() in weekdays]
    assert found == [instant for instant in wanted if instant > after]


@pytest.mark.parametrize(
    ("late", "next_in", "sent"),
    [
        (timedelta(0), timedelta(days=1), True),
        (LATE, timedelta(minutes=1), True),
        # The site stood still for three days: one goes out, and not a second one a little later.
        (timedelta(days=3), timedelta(days=1), True),
        (timedelta(days=3), NEXT_IS_NEAR, False),
        (timedelta(days=3), None, True),
    ],
)
def test_after_a_standstill_one_comes_not_two(late: timedelta, next_in: timedelta | None, sent: bool) -> None:
    due = utc("2026-03-02T08:00")
    now = due + late
    assert goes_out(due, now, now + next_in if next_in is not None else None) is sent


def test_so_many_weeks_end_on_a_day_of_the_members_calendar() -> None:
    late_on_sunday_in_new_york = utc("2026-03-02T03:00")
    rhythm = Wish(MONDAYS, NINE, 4, None).rhythm(NEW_YORK, late_on_sunday_in_new_york)
    assert rhythm == Rhythm(MONDAYS, NINE, date(2026, 3, 29))
    assert max(WEEKS) == 26


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ((frozenset(), NINE, 4, None), "days"),
        ((frozenset({7}), NINE, 4, None), "days"),
        ((MONDAYS, 1440, 4, None), "at"),
        ((MONDAYS, NINE, 27, None), "weeks"),
        ((MONDAYS, NINE, 4, 1), "silence"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(wish: tuple[frozenset[int], int, int, int | None], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        Wish(*wish)
    assert refusal.value.field == field


def test_a_hold_lies_ahead_and_within_the_rhythm() -> None:
    rhythm, now = Rhythm(MONDAYS, NINE, date(2026, 3, 30)), utc("2026-03-02T10:00")
    assert checked_hold(date(2026, 3, 3), rhythm, BERLIN, now) == date(2026, 3, 3)
    assert checked_hold(date(2026, 3, 30), rhythm, BERLIN, now) == date(2026, 3, 30)
    for wrong in (None, date(2026, 3, 2), date(2026, 3, 31)):
        with pytest.raises(BadInput):
            checked_hold(wrong, rhythm, BERLIN, now)
