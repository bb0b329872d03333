"""A rhythm keeps to the wall clock of whoever sets it, over every change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.booking.rhythm import EVERY_WEEKS, FEWEST, MOST, other_clocks, turns

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC")


def at(zone: str, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)


def test_the_wall_clock_stays_when_the_clocks_change() -> None:
    first = at("Europe/Berlin", date(2026, 3, 17), time(18))
    found = [turn.starts_at for turn in turns(first, "Europe/Berlin", 1, 3)]
    assert found == [
        datetime(2026, 3, 17, 17, tzinfo=UTC),
        datetime(2026, 3, 24, 17, tzinfo=UTC),
        datetime(2026, 3, 31, 16, tzinfo=UTC),
    ]


def test_the_others_clock_is_told_apart_in_the_weeks_between_the_two_changes() -> None:
    # New York sets its clocks forward on 8 March 2026, Berlin on 29 March.
    first = at("Europe/Berlin", date(2026, 3, 3), time(18))
    starts = [turn.starts_at for turn in turns(first, "Europe/Berlin", 1, 6)]
    assert other_clocks(starts, "America/New_York") == [False, True, True, True, False, False]
    assert not any(other_clocks(starts, "Europe/Berlin"))


def test_a_time_the_clocks_jump_over_is_named_and_one_they_show_twice_is_the_first() -> None:
    spring = turns(at("Europe/Berlin", date(2026, 3, 22), time(2, 30)), "Europe/Berlin", 1, 3)
    assert [turn.exists for turn in spring] == [True, False, True]
    autumn = turns(at("Europe/Berlin", date(2026, 10, 18), time(2, 30)), "Europe/Berlin", 1, 2)
    assert [turn.exists for turn in autumn] == [True, True]
    assert autumn[1].starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_from_the_second_showing_of_a_time_the_rhythm_still_starts_there() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert turns(second, "Europe/Berlin", 1, 2)[0].starts_at == second


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    minute=st.integers(0, 24 * 12 - 1),
    every=st.sampled_from(EVERY_WEEKS),
    times=st.integers(FEWEST, MOST),
)
def test_every_turn_shows_the_same_weekday_and_clock_or_says_that_it_does_not_exist(
    zone: str, day: date, minute: int, every: int, times: int
) -> None:
    first = at(zone, day, time(minute * 5 // 60, minute * 5 % 60))
    local = first.astimezone(ZoneInfo(zone))
    found = turns(first, zone, every, times)
    assert len(found) == times
    for index, turn in enumerate(found):
        shown = turn.starts_at.astimezone(ZoneInfo(zone))
        if turn.exists:
            assert (shown.date(), shown.time()) == (local.date() + timedelta(weeks=every * index), local.time())
    assert sorted(turn.starts_at for turn in found) == [turn.starts_at for turn in found]


@pytest.mark.parametrize(("every", "times"), [(3, 4), (0, 4), (1, 1), (1, 13)])
def test_there_is_no_other_rhythm(every: int, times: int) -> None:
    with pytest.raises(ValueError, match="no such rhythm"):
        turns(datetime(2026, 3, 2, tzinfo=UTC), "UTC", every, times)
