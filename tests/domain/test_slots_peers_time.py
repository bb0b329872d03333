"""Seasons, stays elsewhere, ways to meet, rest on each side and caps in minutes: hours in, expected starts out."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.experience import Format
from portal.domain.slots import (
    Busy,
    BusyKind,
    Closed,
    Hours,
    Policy,
    Season,
    Stay,
    Window,
    joined_windows,
    open_slots,
    ways_at,
    why_closed,
)

NEW_YORK, TOKYO = "America/New_York", "Asia/Tokyo"
NINE_TO_TEN = dict.fromkeys(range(7), (Window(540, 600),))
APRIL_1 = datetime(2026, 4, 1, tzinfo=UTC)
HOURLY = Policy(length_minutes=60, horizon_days=60)
PHONE, COFFEE = frozenset({Format.PHONE}), frozenset({Format.COFFEE})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def starts(hours: Hours, policy: Policy, first: int, last: int, *busy: Busy, way: Format | None = None) -> list[str]:
    """The open starts on these days of April."""
    found = open_slots(hours, policy, busy, date(2026, 4, first), date(2026, 4, last), APRIL_1, way)
    return [f"{slot.starts_at:%d %H:%M}" for slot in found]


def test_in_a_season_its_week_stands_instead_of_the_usual_one() -> None:
    season = Season(date(2026, 4, 15), date(2026, 4, 16), {2: (Window(1080, 1140),)})
    hours = Hours(NEW_YORK, NINE_TO_TEN, {date(2026, 4, 17): (Window(600, 660),)}, (season,))
    assert starts(hours, HOURLY, 14, 18) == ["14 13:00", "15 22:00", "17 14:00", "18 13:00"]


def test_other_hours_on_a_date_go_before_its_season() -> None:
    season = Season(date(2026, 4, 15), date(2026, 4, 16), {})
    hours = Hours(NEW_YORK, NINE_TO_TEN, {date(2026, 4, 16): (Window(600, 660),)}, (season,))
    assert starts(hours, HOURLY, 15, 16) == ["16 14:00"]


def test_on_a_stay_elsewhere_hours_are_read_on_its_clocks() -> None:
    hours = Hours(NEW_YORK, NINE_TO_TEN, {}, (), (Stay(date(2026, 4, 15), date(2026, 4, 16), TOKYO),))
    assert starts(hours, HOURLY, 14, 17) == ["14 13:00", "15 00:00", "16 00:00", "17 13:00"]


def test_a_day_of_a_stay_is_its_own_for_caps() -> None:
    hours = Hours(NEW_YORK, NINE_TO_TEN, {}, (), (Stay(date(2026, 4, 15), date(2026, 4, 16), TOKYO),))
    assert hours.date_of(utc("04-14 15:30")) == date(2026, 4, 15)
    late_on_the_15th = Busy(utc("04-15 14:00"), utc("04-15 15:00"), BusyKind.TAKEN)
    one_a_day = Policy(length_minutes=60, cap_per_day=1)
    assert starts(hours, one_a_day, 14, 17, late_on_the_15th) == ["14 13:00", "16 00:00", "17 13:00"]


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (None, ["15 13:00", "15 14:00", "15 15:00"]),
        (Format.PHONE, ["15 13:00", "15 14:00"]),
        (Format.VIDEO, ["15 13:00"]),
        (Format.COFFEE, ["15 13:00", "15 15:00"]),
    ],
)
def test_a_way_fits_where_the_windows_allow_it(way: Format | None, expected: list[str]) -> None:
    windows = (Window(540, 600), Window(600, 660, PHONE), Window(660, 720, COFFEE))
    assert starts(Hours(NEW_YORK, {2: windows}, {}), HOURLY, 15, 15, way=way) == expected


def test_the_grid_is_that_of_all_windows_together_whatever_the_way() -> None:
    windows = (Window(540, 600, PHONE), Window(590, 720, COFFEE))
    hours = Hours(NEW_YORK, {2: windows}, {})
    assert starts(hours, HOURLY, 15, 15, way=Format.COFFEE) == ["15 14:00", "15 15:00"]


def test_a_chat_over_two_windows_with_no_way_in_common_is_not_open() -> None:
    hours = Hours(NEW_YORK, {2: (Window(540, 630, PHONE), Window(630, 660, COFFEE))}, {})
    assert starts(hours, HOURLY, 15, 15) == ["15 13:00"]
    assert why_closed(hours, HOURLY, (), utc("04-15 14:00"), APRIL_1) == Closed.OTHER_WAY
    assert why_closed(hours, HOURLY, (), utc("04-15 13:00"), APRIL_1, Format.COFFEE) == Closed.OTHER_WAY
    assert why_closed(hours, HOURLY, (), utc("04-15 13:00"), APRIL_1, Format.PHONE) is None


def test_the_ways_of_a_slot_are_named_only_where_they_are_fewer() -> None:
    hours = Hours(NEW_YORK, {2: (Window(540, 600), Window(600, 660, PHONE))}, {})
    wide, narrow = open_slots(hours, HOURLY, (), date(2026, 4, 15), date(2026, 4, 15), APRIL_1)
    assert (ways_at(hours, wide), ways_at(hours, narrow)) == (frozenset(), PHONE)


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        # The new chat needs quiet after it, so it keeps away from the start of the one that is there.
        ((0, 30), (0, 0), ["15 13:00", "15 14:30", "15 15:00", "15 15:30"]),
        ((30, 0), (0, 0), ["15 13:00", "15 13:30", "15 15:00", "15 15:30"]),
        ((0, 0), (30, 0), ["15 13:00", "15 14:30", "15 15:00", "15 15:30"]),
        ((0, 0), (0, 30), ["15 13:00", "15 13:30", "15 15:00", "15 15:30"]),
        ((30, 30), (30, 30), ["15 13:00", "15 15:00", "15 15:30"]),
    ],
)
def test_rest_before_and_after_are_kept_on_their_own_side(
    own: tuple[int, int], others: tuple[int, int], expected: list[str]
) -> None:
    hours = Hours(NEW_YORK, {2: (Window(540, 720),)}, {})
    policy = Policy(rest_before_minutes=own[0], rest_after_minutes=own[1])
    chat = Busy(utc("04-15 14:00"), utc("04-15 14:30"), BusyKind.TAKEN, *others)
    assert starts(hours, policy, 15, 15, chat) == expected


@pytest.mark.parametrize(
    ("caps", "kind", "expected"),
    [
        ({"cap_minutes_per_day": 90}, BusyKind.TAKEN, ["15 13:00", "16 13:00"]),
        ({"cap_minutes_per_day": 85}, BusyKind.TAKEN, ["16 13:00"]),
        ({"cap_minutes_per_day": 85}, BusyKind.OPEN_HOUR, ["16 13:00"]),
        ({"cap_minutes_per_day": 85}, BusyKind.CALENDAR, ["15 13:00", "16 13:00"]),
        ({"cap_minutes_per_week": 85}, BusyKind.TAKEN, []),
        ({"cap_per_day": 1}, BusyKind.OPEN_HOUR, ["15 13:00", "16 13:00"]),
    ],
)
def test_caps_in_minutes_count_chats_and_open_hours(caps: dict[str, int], kind: BusyKind, expected: list[str]) -> None:
    half_an_hour = Busy(utc("04-15 20:00"), utc("04-15 20:30"), kind)
    assert starts(Hours(NEW_YORK, NINE_TO_TEN, {}), Policy(60, **caps), 15, 16, half_an_hour) == expected


def test_an_open_hour_is_told_as_one_and_keeps_its_rest() -> None:
    hours = Hours(NEW_YORK, {2: (Window(540, 720),)}, {})
    hour = Busy(utc("04-15 14:00"), utc("04-15 15:00"), BusyKind.OPEN_HOUR, 15, 15)
    assert why_closed(hours, Policy(), (hour,), utc("04-15 14:30"), APRIL_1) == Closed.OPEN_HOUR
    assert why_closed(hours, Policy(), (hour,), utc("04-15 13:30"), APRIL_1) == Closed.REST


@pytest.mark.parametrize(
    "stretches",
    [
        {"seasons": (Season(date(2026, 4, 1), date(2026, 4, 5), {}), Season(date(2026, 4, 5), date(2026, 4, 6), {}))},
        {"stays": (Stay(date(2026, 4, 5), date(2026, 4, 4), TOKYO),)},
    ],
)
def test_stretches_of_days_go_forward_and_never_overlap(stretches: dict[str, tuple[Season | Stay, ...]]) -> None:
    with pytest.raises(ValueError, match="stretch"):
        Hours(NEW_YORK, {}, {}, **stretches)  # type: ignore[arg-type]


def test_a_stay_needs_a_zone_that_exists() -> None:
    with pytest.raises(ValueError, match="zone"):
        Hours(NEW_YORK, {}, {}, (), (Stay(date(2026, 4, 5), date(2026, 4, 6), "Mars/Olympus"),))


def test_windows_that_touch_are_kept_as_one_only_with_the_same_ways() -> None:
    held = [Window(600, 660, PHONE), Window(540, 600), Window(650, 700, PHONE), Window(500, 540)]
    assert joined_windows(held) == [Window(500, 600), Window(600, 700, PHONE)]


def test_a_busy_range_between_two_seconds_takes_both() -> None:
    part = timedelta(milliseconds=300)
    busy = Busy(utc("04-15 14:00") + part, utc("04-15 14:30") + part, BusyKind.CALENDAR)
    assert (busy.starts_at, busy.ends_at) == (utc("04-15 14:00"), utc("04-15 14:30") + timedelta(seconds=1))
