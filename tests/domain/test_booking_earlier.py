"""A free time is held for two waking hours, for one person, and never past the peer's notice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.booking.earlier import HELD_FOR, LEAST_TO_ANSWER, held_until, passed_with, to_offer
from portal.domain.notice import QuietHours
from portal.domain.slots import Slot

BERLIN = "Europe/Berlin"
DAY = datetime(2026, 3, 2, tzinfo=UTC)  # midnight in UTC, one in the morning in Berlin
NEXT_WEEK = DAY + timedelta(days=7)
NOTICE = timedelta(hours=24)
QUIET = QuietHours(21 * 60, 9 * 60)


def slot(hours: float) -> Slot:
    starts_at = DAY + timedelta(hours=hours)
    return Slot(starts_at, starts_at + timedelta(minutes=30))


@pytest.mark.parametrize(
    ("now_hour", "until_hour"),
    [
        (10, 12),  # by day: two hours
        (1, 10),  # at night (two in Berlin): two hours from nine in the morning
        (19.5, 33.5),  # half past eight in the evening: half an hour today, the rest from nine tomorrow
        (18, 20),  # exactly until the quiet hours begin
    ],
)
def test_two_hours_count_only_while_they_are_up(now_hour: float, until_hour: float) -> None:
    until = held_until(NEXT_WEEK, NOTICE, DAY + timedelta(hours=now_hour), BERLIN, QUIET)
    assert until == DAY + timedelta(hours=until_hour)


def test_without_quiet_hours_it_is_two_hours() -> None:
    assert held_until(NEXT_WEEK, NOTICE, DAY, BERLIN, QuietHours(0, 0)) == DAY + timedelta(hours=2)


@pytest.mark.parametrize(("ahead_minutes", "held"), [(24 * 60 + 45, 45), (24 * 60 + 30, 30), (24 * 60 + 29, None)])
def test_it_ends_at_the_notice_and_is_not_offered_where_that_leaves_no_time(
    ahead_minutes: int, held: int | None
) -> None:
    now = DAY + timedelta(hours=10)
    until = held_until(now + timedelta(minutes=ahead_minutes), NOTICE, now, BERLIN, QUIET)
    assert until == (None if held is None else now + timedelta(minutes=held))


@given(
    ahead=st.integers(1, 14 * 24 * 60),
    minute=st.integers(0, 24 * 60 - 1),
    notice=st.integers(0, 48),
    quiet=st.builds(QuietHours, st.integers(0, 1439), st.integers(0, 1439)),
)
def test_whoever_is_offered_a_time_has_half_an_hour_awake_and_it_is_over_before_the_notice(
    ahead: int, minute: int, notice: int, quiet: QuietHours
) -> None:
    now, span = DAY + timedelta(minutes=minute), timedelta(hours=notice)
    starts_at = now + timedelta(minutes=ahead)
    until = held_until(starts_at, span, now, BERLIN, quiet)
    if until is None:
        return
    assert until <= starts_at - span
    assert until >= quiet.over(now, BERLIN) + LEAST_TO_ANSWER
    step = timedelta(minutes=1)
    moments = [now + step * n for n in range(int((until - now) / step))]
    assert sum(not quiet.hold(at, BERLIN) for at in moments) * step <= HELD_FOR


def test_only_what_is_earlier_new_and_truly_free_is_offered() -> None:
    slots = [slot(hour) for hour in (9, 10, 11, 12)]
    kept_free = [Slot(slot(10).starts_at + timedelta(minutes=15), slot(10).ends_at + timedelta(minutes=15))]
    found = to_offer(slots, before=slot(12).starts_at, passed_over={slot(9).starts_at}, kept_free=kept_free)
    assert found == [slot(11)]


def test_with_a_time_not_taken_the_rest_of_that_day_is_passed_over_by_their_own_clock() -> None:
    slots = [slot(hour) for hour in (10, 22, 24, 40)]
    passed = passed_with(slot(10).starts_at, slots, BERLIN)
    assert set(passed) == {slot(10).starts_at, slot(22).starts_at}
    assert {at.astimezone(ZoneInfo(BERLIN)).day for at in passed} == {2}
