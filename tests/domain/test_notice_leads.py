"""A plan of reminders: what it may hold, and what each lead comes to across zones, clock changes and quiet hours."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.notice import (
    MOST_LEADS,
    OFFERED,
    USUAL_PLAN,
    Fate,
    Kind,
    Lead,
    QuietHours,
    foreseen,
    lead_of,
    near_in_time,
    plan_of,
    plan_text,
    reminders_due,
)

NEVER_QUIET, USUAL = QuietHours(0, 0), QuietHours()
LONG_AGO, EPOCH = datetime(2020, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
ZONES = ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC"]
LEADS = st.one_of(st.builds(Lead, days=st.integers(1, 30)), st.builds(Lead, minutes=st.integers(1, 1440)))
PLANS = st.lists(LEADS, max_size=MOST_LEADS, unique=True).map(lambda leads: plan_of(plan_text(leads)))
STARTS = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda ahead: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=ahead)
)
QUIETS = st.builds(QuietHours, st.integers(0, 1439), st.integers(0, 1439))


def local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def on_wall(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def test_a_plan_is_kept_with_the_longest_lead_first_and_each_once() -> None:
    assert plan_of("15m,1d,120m,7d,1d") == (Lead(days=7), Lead(days=1), Lead(minutes=120), Lead(minutes=15))
    assert (plan_text(USUAL_PLAN), plan_of(plan_text(USUAL_PLAN)), plan_of("")) == ("1d,120m", USUAL_PLAN, ())


@pytest.mark.parametrize("text", ["0d", "1h", "d", "-1d", "1d 2d", "01d", "99999m", "1.5d", "\u0661d"])
def test_what_is_no_lead_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a lead"):
        plan_of(text)


def test_a_plan_holds_six_at_most() -> None:
    with pytest.raises(ValueError, match="too many"):
        plan_of(plan_text(OFFERED[: MOST_LEADS + 1]))


@pytest.mark.parametrize(("days", "minutes"), [(0, 0), (1, 1), (-1, 0), (0, -1)])
def test_a_lead_is_days_or_minutes(days: int, minutes: int) -> None:
    with pytest.raises(ValueError, match="days or a number of minutes"):
        Lead(days, minutes)


def test_days_and_minutes_have_each_their_kind_of_letter() -> None:
    assert [lead.kind for lead in OFFERED] == [Kind.REMINDER_DAY] * 4 + [Kind.REMINDER_HOURS] * 5
    assert [lead_of(lead.code) for lead in OFFERED] == list(OFFERED)


# zone, start on the wall, lead, moment on the wall
MOMENTS = [
    pytest.param("America/New_York", "2026-03-10T16:00", "7d", "2026-03-03T16:00", id="ny-a-week-over-spring"),
    pytest.param("America/New_York", "2026-03-10T16:00", "3d", "2026-03-07T16:00", id="ny-three-days-over-spring"),
    pytest.param("America/New_York", "2026-03-08T16:00", "1d", "2026-03-07T16:00", id="ny-spring"),
    pytest.param("America/New_York", "2026-03-08T04:00", "240m", "2026-03-07T23:00", id="ny-hours-over-spring"),
    pytest.param("America/New_York", "2026-11-01T04:00", "240m", "2026-11-01T01:00", id="ny-hours-over-autumn"),
    pytest.param("America/New_York", "2026-11-03T16:00", "2d", "2026-11-01T16:00", id="ny-two-days-after-autumn"),
    pytest.param("Europe/London", "2026-03-29T02:30", "120m", "2026-03-28T23:30", id="london-hours-over-spring"),
    pytest.param("Europe/London", "2026-10-28T09:15", "7d", "2026-10-21T09:15", id="london-a-week-over-autumn"),
    pytest.param("Europe/London", "2026-10-25T02:00", "60m", "2026-10-25T01:00", id="london-the-second-one-o-clock"),
    pytest.param("Australia/Lord_Howe", "2026-04-05T10:00", "1d", "2026-04-04T10:00", id="howe-half-an-hour-autumn"),
    pytest.param("Australia/Lord_Howe", "2026-10-04T04:00", "240m", "2026-10-03T23:30", id="howe-half-an-hour-spring"),
    pytest.param("Asia/Kathmandu", "2026-06-16T16:45", "2d", "2026-06-14T16:45", id="no-change-at-all"),
    pytest.param("Pacific/Apia", "2011-12-31T10:00", "2d", "2011-12-29T10:00", id="over-a-day-that-never-was"),
]


@pytest.mark.parametrize(("zone", "start", "lead", "moment"), MOMENTS)
def test_days_are_counted_on_the_calendar_and_minutes_by_the_stopwatch(
    zone: str, start: str, lead: str, moment: str
) -> None:
    assert on_wall(lead_of(lead).before(local(start, zone), zone), zone) == moment


@pytest.mark.parametrize(
    ("start", "plan", "fates"),
    [
        ("2026-06-16T16:00", "1d,120m", ["2026-06-15T16:00 comes", "2026-06-16T14:00 comes"]),
        ("2026-06-16T10:30", "120m,60m", ["2026-06-15T21:00 earlier", "2026-06-16T09:30 comes"]),
        ("2026-06-16T09:30", "120m,60m,15m", ["2026-06-15T21:00 earlier", "2026-06-15T21:00 meets",
                                              "2026-06-16T09:15 comes"]),
        ("2026-06-14T16:00", "7d,1d", ["2026-06-07T16:00 past", "2026-06-13T16:00 comes"]),
        ("2026-06-12T21:30", "1d,30m", ["2026-06-11T21:00 past", "2026-06-12T21:00 comes"]),
    ],
)  # fmt: skip
def test_each_lead_is_told_what_becomes_of_it(start: str, plan: str, fates: list[str]) -> None:
    zone = "America/New_York"
    found = foreseen(local(start, zone), zone, plan_of(plan), USUAL, local("2026-06-12T12:00", zone))
    assert [f"{on_wall(each.due_at, zone)} {each.fate}" for each in found] == fates


def test_who_wants_none_gets_none() -> None:
    assert reminders_due(local("2026-06-16T16:00", "UTC"), "UTC", (), USUAL, LONG_AGO) == ()


@pytest.mark.parametrize(("minutes", "near"), [(0, True), (30, True), (-30, True), (31, False)])
def test_reminders_within_half_an_hour_are_near(minutes: int, *, near: bool) -> None:
    assert near_in_time(LONG_AGO, LONG_AGO + timedelta(minutes=minutes)) is near


@given(starts_at=STARTS, ahead=st.integers(0, 40 * 24 * 60), zone=st.sampled_from(ZONES), plan=PLANS, quiet=QUIETS)
def test_none_comes_after_the_start_or_in_quiet_hours_and_no_two_at_once(
    starts_at: datetime, ahead: int, zone: str, plan: Sequence[Lead], quiet: QuietHours
) -> None:
    now = starts_at - timedelta(minutes=ahead)
    due = reminders_due(starts_at, zone, plan, quiet, now)
    moments = [at for _lead, at in due]
    assert moments == sorted(set(moments))
    for lead, at in due:
        plain = lead.before(starts_at, zone)
        assert now < at <= plain < starts_at
        # In quiet hours at most at their first moment, which a clock that jumps may show up to an hour late.
        just_before = [at - timedelta(minutes=minutes) for minutes in range(1, 62)]
        assert not (quiet.hold(at, zone) and all(quiet.hold(moment, zone) for moment in just_before))


@given(starts_at=STARTS, zone=st.sampled_from(ZONES), days=st.integers(1, 30))
def test_days_before_is_the_same_wall_clock_that_many_dates_earlier(starts_at: datetime, zone: str, days: int) -> None:
    here, there = starts_at.astimezone(ZoneInfo(zone)), Lead(days=days).before(starts_at, zone)
    shown = there.astimezone(ZoneInfo(zone))
    assert (here.date() - shown.date()).days == days
    # An hour that the clocks skip that day is the only one that cannot be shown.
    skipped = shown.replace(tzinfo=None) - here.replace(tzinfo=None) + timedelta(days=days)
    assert timedelta(0) <= skipped <= timedelta(hours=1)


@given(starts_at=STARTS, zone=st.sampled_from(ZONES), plan=PLANS, quiet=QUIETS, ahead=st.integers(0, 40 * 24 * 60))
def test_every_lead_is_told_of_and_what_comes_is_what_is_told_to_come(
    starts_at: datetime, zone: str, plan: Sequence[Lead], quiet: QuietHours, ahead: int
) -> None:
    now = starts_at - timedelta(minutes=ahead)
    told = foreseen(starts_at, zone, plan, quiet, now)
    assert [each.lead for each in told] == list(plan)
    come = {(each.lead, each.due_at) for each in told if each.fate in (Fate.COMES, Fate.EARLIER)}
    assert come == set(reminders_due(starts_at, zone, plan, quiet, now))
    assert all(each.due_at <= now for each in told if each.fate is Fate.PAST)
