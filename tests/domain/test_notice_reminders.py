"""When reminders are due, as tables: across clock changes, quiet hours, and short notice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.notice import (
    USUAL_PLAN,
    QuietHours,
    at_wall,
    cancellation_due_at,
    reminders_due,
    same_local_day,
)

NEVER_QUIET = QuietHours(0, 0)
USUAL = QuietHours()
DAY, HOURS = USUAL_PLAN
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def local(text: str, zone: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# zone, start on the wall, day-before reminder in UTC, two-hours reminder in UTC
ACROSS_CLOCK_CHANGES = [
    pytest.param("America/New_York", "2026-03-08T13:00", "2026-03-07T18:00", "2026-03-08T15:00", id="ny-spring"),
    pytest.param("America/New_York", "2026-11-01T13:00", "2026-10-31T17:00", "2026-11-01T16:00", id="ny-autumn"),
    pytest.param("America/New_York", "2026-03-09T02:30", "2026-03-08T07:30", "2026-03-09T04:30", id="ny-no-such-hour"),
    pytest.param("America/New_York", "2026-11-02T01:30", "2026-11-01T05:30", "2026-11-02T04:30", id="ny-hour-twice"),
    pytest.param("Europe/London", "2026-03-29T11:00", "2026-03-28T11:00", "2026-03-29T08:00", id="london-spring"),
    pytest.param("Europe/London", "2026-10-25T11:00", "2026-10-24T10:00", "2026-10-25T09:00", id="london-autumn"),
    pytest.param("Australia/Lord_Howe", "2026-04-05T10:00", "2026-04-03T23:00", "2026-04-04T21:30", id="howe-autumn"),
    pytest.param("Australia/Lord_Howe", "2026-10-04T10:00", "2026-10-02T23:30", "2026-10-03T21:00", id="howe-spring"),
]


@pytest.mark.parametrize(("zone", "start", "day", "hours"), ACROSS_CLOCK_CHANGES)
def test_the_day_before_is_the_same_wall_clock_and_the_hours_are_elapsed_time(
    zone: str, start: str, day: str, hours: str
) -> None:
    assert reminders_due(local(start, zone), zone, USUAL_PLAN, NEVER_QUIET, LONG_AGO) == (
        (DAY, utc(day)),
        (HOURS, utc(hours)),
    )


# start on the wall in New York, day-before reminder and two-hours reminder on the wall
PULLED_EARLIER = [
    pytest.param("2026-06-16T14:00", "2026-06-15T14:00", "2026-06-16T12:00", id="afternoon-stays"),
    pytest.param("2026-06-16T11:00", "2026-06-15T11:00", "2026-06-16T09:00", id="quiet-ends-at-nine-sharp"),
    pytest.param("2026-06-16T10:59", "2026-06-15T10:59", "2026-06-15T21:00", id="a-minute-before-nine"),
    pytest.param("2026-06-16T07:00", "2026-06-14T21:00", "2026-06-15T21:00", id="breakfast"),
    pytest.param("2026-06-16T22:30", "2026-06-15T21:00", "2026-06-16T20:30", id="late-evening"),
    pytest.param("2026-06-16T23:30", "2026-06-15T21:00", "2026-06-16T21:00", id="near-midnight"),
    pytest.param("2026-06-17T00:30", "2026-06-15T21:00", "2026-06-16T21:00", id="after-midnight"),
]


@pytest.mark.parametrize(("start", "day", "hours"), PULLED_EARLIER)
def test_quiet_hours_pull_a_reminder_to_the_evening_before(start: str, day: str, hours: str) -> None:
    zone = "America/New_York"
    assert reminders_due(local(start, zone), zone, USUAL_PLAN, USUAL, LONG_AGO) == (
        (DAY, local(day, zone)),
        (HOURS, local(hours, zone)),
    )


def test_quiet_hours_begin_by_the_wall_clock_on_the_night_the_clocks_change() -> None:
    zone = "Europe/London"
    # 21:00 on the 28th is still winter time; the chat is in summer time.
    assert reminders_due(local("2026-03-29T09:30", zone), zone, USUAL_PLAN, USUAL, LONG_AGO) == (
        (DAY, utc("2026-03-28T09:30")),
        (HOURS, utc("2026-03-28T21:00")),
    )


def test_lead_times_already_past_at_booking_are_skipped() -> None:
    start = utc("2026-06-16T14:00")
    assert reminders_due(start, "UTC", USUAL_PLAN, USUAL, utc("2026-06-15T18:00")) == (
        (HOURS, utc("2026-06-16T12:00")),
    )
    assert reminders_due(start, "UTC", USUAL_PLAN, USUAL, utc("2026-06-16T12:00")) == ()


def test_a_reminder_that_quiet_hours_would_pull_into_the_past_is_skipped() -> None:
    start = utc("2026-06-16T08:00")
    assert reminders_due(start, "UTC", USUAL_PLAN, USUAL, utc("2026-06-15T21:30")) == ()


def test_two_reminders_that_meet_are_one() -> None:
    # Quiet from noon to eleven: both fall back to noon of the day before.
    assert reminders_due(utc("2026-06-16T12:30"), "UTC", USUAL_PLAN, QuietHours(720, 660), LONG_AGO) == (
        (DAY, utc("2026-06-15T12:00")),
    )


@given(
    starts_at=st.integers(0, 6 * 366 * 24 * 60).map(
        lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    ahead=st.integers(0, 6 * 24 * 60),
    zone=st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    quiet=st.builds(QuietHours, st.integers(0, 1439), st.integers(0, 1439)),
)
def test_reminders_lie_between_now_and_the_start_and_never_meet(
    starts_at: datetime, ahead: int, zone: str, quiet: QuietHours
) -> None:
    now = starts_at - timedelta(minutes=ahead)
    plain = dict(reminders_due(starts_at, zone, USUAL_PLAN, NEVER_QUIET, LONG_AGO))
    due = reminders_due(starts_at, zone, USUAL_PLAN, quiet, now)
    moments = [at for _, at in due]
    assert moments == sorted(set(moments))
    for kind, at in due:
        assert now < at <= plain[kind] < starts_at
        assert at == plain[kind] or _on_wall(at, zone) == quiet.starts or not quiet.hold(at, zone)


def _on_wall(at: datetime, zone: str) -> int:
    there = at.astimezone(ZoneInfo(zone))
    return there.hour * 60 + there.minute


# start, now, when the cancellation is told; all UTC, quiet from 21 to 9
CANCELLED = [
    pytest.param("2026-06-18T14:00", "2026-06-16T15:00", "2026-06-16T15:00", id="by-day-at-once"),
    pytest.param("2026-06-18T14:00", "2026-06-16T23:00", "2026-06-17T09:00", id="at-night-after-quiet"),
    pytest.param("2026-06-18T14:00", "2026-06-17T03:00", "2026-06-17T09:00", id="early-after-quiet"),
    pytest.param("2026-06-17T10:00", "2026-06-16T23:00", "2026-06-16T23:00", id="near-at-once"),
    pytest.param("2026-06-17T14:00", "2026-06-16T23:00", "2026-06-17T02:00", id="held-to-twelve-hours-before"),
]


@pytest.mark.parametrize(("start", "now", "due"), CANCELLED)
def test_a_cancellation_waits_for_the_morning_unless_the_chat_is_near(start: str, now: str, due: str) -> None:
    assert cancellation_due_at(utc(start), "UTC", USUAL, utc(now)) == utc(due)


def test_chats_of_one_day_in_the_readers_zone_share_a_letter() -> None:
    late, early, next_day = utc("2026-06-17T03:30"), utc("2026-06-16T14:00"), utc("2026-06-17T14:00")
    pairs = ((early, late), (late, next_day), (early, next_day))
    assert [same_local_day(*pair, "America/New_York") for pair in pairs] == [True, False, False]
    assert [same_local_day(*pair, "UTC") for pair in pairs] == [False, True, False]


def test_a_wall_clock_time_that_never_was_counts_from_before_the_jump() -> None:
    start = local("2026-03-08T03:30", "America/New_York")
    assert at_wall(start.date(), datetime(2026, 3, 8, 2, 30).time(), "America/New_York") == start  # noqa: DTZ001


@pytest.mark.parametrize(("starts", "ends"), [(-1, 0), (0, 1440)])
def test_quiet_hours_are_minutes_of_a_day(starts: int, ends: int) -> None:
    with pytest.raises(ValueError, match="minutes of a day"):
        QuietHours(starts, ends)
