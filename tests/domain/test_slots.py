"""The facts of open slots, from the clocks' changes to caps: hours in, expected starts in UTC out."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.domain.slots import Busy, BusyKind, Hours, Policy, Window, local_date, nearest, open_slots

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NEW_YORK = "America/New_York"
WEDNESDAY = date(2026, 4, 15)


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def windows(text: str) -> tuple[Window, ...]:
    """Read "09:00-10:00 12:30-26:00"."""
    edges = ([minutes(clock) for clock in part.split("-")] for part in text.split())
    return tuple(Window(starts, ends) for starts, ends in edges)


def daily(zone: str, text: str) -> Hours:
    return Hours(zone, dict.fromkeys(range(7), windows(text)), {})


def only(day: date, text: str, zone: str = NEW_YORK) -> Hours:
    return Hours(zone, {}, {day: windows(text)})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def starts(
    hours: Hours,
    policy: Policy,
    first: date,
    last: date | None = None,
    busy: Sequence[Busy] = (),
    now: datetime = LONG_AGO,
) -> list[str]:
    found = open_slots(hours, policy, busy, first, last or first, now)
    assert {slot.ends_at - slot.starts_at for slot in found} <= {timedelta(minutes=policy.length_minutes)}
    return [f"{slot.starts_at:%m-%d %H:%M}" for slot in found]


def chat(begins: str, length: int = 30, kind: BusyKind = BusyKind.TAKEN, rest: int = 0) -> Busy:
    return Busy(utc(begins), utc(begins) + timedelta(minutes=length), kind, rest, rest)


def far(length: int = 60) -> Policy:
    return Policy(length_minutes=length, horizon_days=400)


FACTS = [
    (NEW_YORK, date(2026, 3, 7), 3, "09:00-10:00", 60, ["03-07 14:00", "03-08 13:00", "03-09 13:00"]),
    (NEW_YORK, date(2026, 3, 8), 1, "01:00-05:00", 60, ["03-08 06:00", "03-08 07:00", "03-08 08:00"]),
    (NEW_YORK, date(2026, 3, 8), 1, "02:00-03:00", 60, []),
    (NEW_YORK, date(2026, 3, 8), 1, "02:30-04:30", 30, ["03-08 07:30", "03-08 08:00"]),
    (NEW_YORK, date(2026, 3, 8), 1, "01:00-05:00", 45, ["03-08 06:00", "03-08 06:45", "03-08 07:15", "03-08 08:00"]),
    (NEW_YORK, date(2026, 3, 8), 1, "01:00-02:30", 30, ["03-08 06:00", "03-08 06:30", "03-08 07:00"]),
    (NEW_YORK, date(2026, 11, 1), 1, "00:00-03:00", 60, ["11-01 04:00", "11-01 05:00", "11-01 07:00"]),
    ("Europe/London", date(2026, 3, 28), 3, "09:00-10:00", 60, ["03-28 09:00", "03-29 08:00", "03-30 08:00"]),
    ("Europe/London", date(2026, 10, 25), 1, "00:30-02:30", 60, ["10-24 23:30", "10-25 00:30"]),
    ("Australia/Lord_Howe", date(2026, 10, 3), 3, "09:00-10:00", 60, ["10-02 22:30", "10-03 22:00", "10-04 22:00"]),
    ("Pacific/Apia", date(2026, 4, 4), 1, "09:00-10:00", 60, ["04-03 20:00"]),
    ("Pacific/Apia", date(2026, 9, 27), 1, "09:00-10:00", 60, ["09-26 20:00"]),
    ("Asia/Kathmandu", date(2026, 6, 15), 1, "09:00-11:00", 60, ["06-15 03:15", "06-15 04:15"]),
    (NEW_YORK, WEDNESDAY, 1, "09:00-11:00 10:00-12:00", 60, ["04-15 13:00", "04-15 14:00", "04-15 15:00"]),
    (NEW_YORK, WEDNESDAY, 1, "09:45-11:00 09:00-09:45", 60, ["04-15 13:00", "04-15 14:00"]),
    (
        NEW_YORK,
        WEDNESDAY,
        1,
        "08:00-12:00 12:30-17:30",
        60,
        [f"04-15 {hour}:00" for hour in range(12, 16)] + [f"04-15 {hour}:30" for hour in range(16, 21)],
    ),
    (NEW_YORK, WEDNESDAY, 1, "23:00-24:00", 30, ["04-16 03:00", "04-16 03:30"]),
]


@pytest.mark.parametrize(("zone", "first", "days", "text", "length", "expected"), FACTS)
def test_hours_in_wall_time_become_starts_in_utc(
    zone: str, first: date, days: int, text: str, length: int, expected: list[str]
) -> None:
    assert starts(daily(zone, text), far(length), first, first + timedelta(days=days - 1)) == expected


@pytest.mark.parametrize(("day", "count"), [(date(2026, 3, 8), 23), (WEDNESDAY, 24), (date(2026, 11, 1), 24)])
def test_a_whole_day_has_a_start_for_each_wall_hour_that_exists(day: date, count: int) -> None:
    assert len(starts(only(day, "00:00-24:00"), far(), day)) == count


def test_a_chat_takes_its_own_time_from_the_grid_and_no_more() -> None:
    found = starts(only(WEDNESDAY, "09:00-12:00"), Policy(), WEDNESDAY, busy=[chat("04-15 14:00")], now=utc("04-01"))
    assert found == [f"04-15 {clock}" for clock in ("13:00", "13:30", "14:30", "15:00", "15:30")]


def test_a_short_busy_range_inside_a_long_one_does_not_cut_it_short() -> None:
    busy = [chat("04-15 13:00", 120, BusyKind.TIME_OFF), chat("04-15 13:30", 30, BusyKind.CALENDAR)]
    found = starts(only(WEDNESDAY, "09:00-12:00"), Policy(), WEDNESDAY, busy=busy, now=utc("04-01"))
    assert found == ["04-15 15:00", "04-15 15:30"]


def test_a_busy_range_given_in_a_zone_whose_clocks_go_back_is_the_same_range() -> None:
    london, sunday = ZoneInfo("Europe/London"), date(2026, 10, 25)
    begins = datetime(2026, 10, 25, 1, 30, tzinfo=london)
    ends = datetime(2026, 10, 25, 1, 15, tzinfo=london, fold=1)
    hours = only(sunday, "00:30-02:30", "Europe/London")
    found = starts(hours, far(), sunday, busy=[Busy(begins, ends, BusyKind.CALENDAR)])
    assert found == ["10-24 23:30"]


@pytest.mark.parametrize(("own", "others"), [(15, 0), (0, 15), (15, 15), (5, 15)])
def test_the_rest_between_chats_is_the_larger_need_and_never_the_sum(own: int, others: int) -> None:
    policy = Policy(step_minutes=15, rest_before_minutes=own, rest_after_minutes=own)
    busy = [chat("04-15 14:00", rest=others)]
    found = starts(only(WEDNESDAY, "09:00-12:00"), policy, WEDNESDAY, busy=busy, now=utc("04-01"))
    assert found == [f"04-15 {clock}" for clock in ("13:00", "13:15", "14:45", "15:00", "15:15", "15:30")]


@pytest.mark.parametrize("kind", [BusyKind.TIME_OFF, BusyKind.CALENDAR])
def test_time_off_and_calendars_need_no_rest_around_them(kind: BusyKind) -> None:
    policy = Policy(step_minutes=15, rest_before_minutes=15, rest_after_minutes=15)
    busy = [chat("04-15 14:00", kind=kind, rest=60)]
    found = starts(only(WEDNESDAY, "09:30-11:15"), policy, WEDNESDAY, busy=busy, now=utc("04-01"))
    assert found == ["04-15 13:30", "04-15 14:30", "04-15 14:45"]


@pytest.mark.parametrize(
    ("now", "expected"),
    [("04-15 13:00", ["04-15 15:00", "04-15 16:00"]), ("04-15 13:01", ["04-15 16:00"])],
)
def test_notice_is_elapsed_time_and_just_enough_is_enough(now: str, expected: list[str]) -> None:
    policy = Policy(length_minutes=60, notice_minutes=120)
    assert starts(only(WEDNESDAY, "09:00-13:00"), policy, WEDNESDAY, now=utc(now)) == expected


def test_a_start_at_this_very_moment_is_open_when_no_notice_is_asked() -> None:
    hours = only(WEDNESDAY, "09:00-10:00")
    assert starts(hours, Policy(), WEDNESDAY, now=utc("04-15 13:30")) == ["04-15 13:30"]


def test_a_cap_counts_a_late_chat_on_the_peers_local_date() -> None:
    policy = Policy(length_minutes=60, cap_per_day=1)
    found = starts(
        daily(NEW_YORK, "09:00-10:00"),
        policy,
        WEDNESDAY,
        date(2026, 4, 16),
        busy=[chat("04-16 03:00")],
        now=utc("04-01"),
    )
    assert found == ["04-16 13:00"]


def test_a_weekly_cap_runs_from_monday_to_sunday_and_counts_chats_outside_the_asked_days() -> None:
    policy = Policy(length_minutes=60, cap_per_week=2)
    busy = [chat("04-14 03:30"), chat("04-20 03:30")]  # Monday and Sunday, both late in the evening
    hours = daily(NEW_YORK, "09:00-10:00")
    found = starts(hours, policy, date(2026, 4, 12), date(2026, 4, 20), busy=busy, now=utc("04-01"))
    assert found == ["04-12 13:00", "04-20 13:00"]
    assert starts(hours, policy, WEDNESDAY, busy=busy, now=utc("04-01")) == []


@pytest.mark.parametrize("kind", [BusyKind.MEMBER_TAKEN, BusyKind.TIME_OFF, BusyKind.CALENDAR])
def test_only_the_peers_own_chats_count_towards_a_cap(kind: BusyKind) -> None:
    policy = Policy(length_minutes=60, cap_per_day=1, cap_per_week=1)
    busy = [chat("04-15 20:00", kind=kind)]
    assert starts(daily(NEW_YORK, "09:00-10:00"), policy, WEDNESDAY, busy=busy, now=utc("04-01")) == ["04-15 13:00"]


@pytest.mark.parametrize("policy", [Policy(cap_per_day=0), Policy(cap_per_week=0)])
def test_a_cap_of_none_at_all_closes_every_day(policy: Policy) -> None:
    assert starts(daily(NEW_YORK, "09:00-10:00"), policy, WEDNESDAY, now=utc("04-01")) == []


def test_the_horizon_goes_by_the_peers_local_dates_and_includes_its_last_day() -> None:
    policy = Policy(length_minutes=60, horizon_days=2)
    late_tuesday = utc("04-15 03:59")
    found = starts(daily(NEW_YORK, "09:00-10:00"), policy, date(2026, 4, 1), date(2026, 5, 1), now=late_tuesday)
    assert found == ["04-15 13:00", "04-16 13:00"]


def test_overnight_hours_give_starts_on_the_date_they_fall_on() -> None:
    hours = only(WEDNESDAY, "22:00-26:00")
    assert starts(hours, far(), WEDNESDAY) == ["04-16 02:00", "04-16 03:00"]
    assert starts(hours, far(), date(2026, 4, 16)) == ["04-16 04:00", "04-16 05:00"]


def test_time_off_on_a_date_cuts_the_tail_of_last_nights_hours() -> None:
    thursday_off = Busy(utc("04-16 04:00"), utc("04-17 04:00"), BusyKind.TIME_OFF)
    found = starts(only(WEDNESDAY, "22:00-26:00"), far(), WEDNESDAY, date(2026, 4, 16), busy=[thursday_off])
    assert found == ["04-16 02:00", "04-16 03:00"]


def test_other_hours_replace_what_starts_on_their_date_and_leave_last_nights_tail() -> None:
    weekly = dict.fromkeys(range(7), windows("22:00-26:00"))
    closed = Hours(NEW_YORK, weekly, {WEDNESDAY: ()})
    assert starts(closed, far(), WEDNESDAY) == ["04-15 04:00", "04-15 05:00"]
    moved = Hours(NEW_YORK, weekly, {WEDNESDAY: windows("12:00-13:00")})
    assert starts(moved, far(), WEDNESDAY) == ["04-15 04:00", "04-15 05:00", "04-15 16:00"]


def test_hours_that_touch_across_midnight_are_one_for_the_fit_and_two_for_the_grid() -> None:
    hours = Hours(NEW_YORK, {}, {WEDNESDAY: windows("22:30-24:00"), date(2026, 4, 16): windows("00:00-02:00")})
    found = starts(hours, far(), WEDNESDAY, date(2026, 4, 16))
    assert found == ["04-16 02:30", "04-16 03:30", "04-16 04:00", "04-16 05:00"]
    assert starts(only(WEDNESDAY, "22:30-24:00"), far(), WEDNESDAY) == ["04-16 02:30"]


def test_hours_that_overlap_across_midnight_offer_a_start_once() -> None:
    hours = Hours(NEW_YORK, {}, {WEDNESDAY: windows("23:00-26:00"), date(2026, 4, 16): windows("01:00-03:00")})
    assert starts(hours, far(), date(2026, 4, 16)) == ["04-16 04:00", "04-16 05:00", "04-16 06:00"]


def test_a_step_longer_than_a_chat_leaves_room_between_starts() -> None:
    policy = Policy(length_minutes=30, step_minutes=45, horizon_days=400)
    assert starts(only(WEDNESDAY, "09:00-11:00"), policy, WEDNESDAY) == ["04-15 13:00", "04-15 13:45", "04-15 14:30"]


def test_a_date_that_a_zone_skipped_has_no_start() -> None:
    long_before = datetime(2011, 12, 1, tzinfo=UTC)
    found = open_slots(
        daily("Pacific/Apia", "09:00-10:00"), far(), [], date(2011, 12, 29), date(2011, 12, 31), long_before
    )
    assert [local_date(slot.starts_at, "Pacific/Apia") for slot in found] == [date(2011, 12, 29), date(2011, 12, 31)]


def test_a_night_runs_on_over_a_skipped_date() -> None:
    """Apia went from the end of 29 December 2011 straight to the 31st; an end on the 30th counts by the old offset."""
    hours = only(date(2011, 12, 29), "22:00-26:00", "Pacific/Apia")
    new_year = date(2011, 12, 31)
    found = open_slots(hours, far(), [], new_year, new_year, datetime(2011, 12, 1, tzinfo=UTC))
    assert [slot.starts_at.isoformat() for slot in found] == ["2011-12-30T10:00:00+00:00", "2011-12-30T11:00:00+00:00"]


def test_all_of_time_may_be_asked_for() -> None:
    hours = daily(NEW_YORK, "09:00-10:00")
    policy = Policy(length_minutes=60, horizon_days=1)
    assert starts(hours, policy, date.min, date.max, now=utc("04-15 12:00")) == ["04-15 13:00", "04-16 13:00"]


@pytest.mark.parametrize("kind", BusyKind)
def test_an_empty_busy_range_blocks_nothing_and_counts_for_no_cap(kind: BusyKind) -> None:
    policy = Policy(length_minutes=60, rest_before_minutes=30, rest_after_minutes=30, cap_per_day=1)
    busy = [chat("04-15 13:30", length=0, kind=kind)]
    assert starts(only(WEDNESDAY, "09:00-10:00"), policy, WEDNESDAY, busy=busy, now=utc("04-01")) == ["04-15 13:00"]


def test_a_local_date_needs_an_instant_that_says_its_zone() -> None:
    assert local_date(utc("04-16 03:00"), NEW_YORK) == WEDNESDAY
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 4, 16, 3), NEW_YORK)  # noqa: DTZ001  (the mistake is what is tested)


@pytest.mark.parametrize(("first", "last"), [(540, 540), (540, 530), (541, 600), (540, 601), (-5, 60), (1440, 1500)])
def test_hours_off_the_five_minutes_or_without_any_length_are_not_accepted(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="hours"):
        Window(first, last)


def test_hours_may_run_to_the_end_of_the_next_day_and_no_further() -> None:
    assert Window(1435, 2880).ends == 2880
    with pytest.raises(ValueError, match="hours"):
        Window(1435, 2885)


@pytest.mark.parametrize(
    "wrong",
    [
        {"length_minutes": 0},
        {"length_minutes": 31},
        {"length_minutes": 1445},
        {"step_minutes": 0},
        {"step_minutes": 7},
        {"rest_before_minutes": -5},
        {"rest_after_minutes": 3},
        {"notice_minutes": -1},
        {"horizon_days": -1},
        {"cap_per_day": -1},
        {"cap_per_week": -1},
        {"cap_minutes_per_day": -1},
        {"cap_minutes_per_week": -1},
    ],
)
def test_a_policy_that_makes_no_sense_is_not_accepted(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"multiple|negative"):
        Policy(**wrong)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd"])
def test_hours_need_a_zone_that_exists(zone: str) -> None:
    with pytest.raises(ValueError, match="zone"):
        Hours(zone, {}, {})


def test_hours_know_seven_weekdays() -> None:
    with pytest.raises(ValueError, match="weekdays"):
        Hours(NEW_YORK, {7: ()}, {})


def test_the_nearest_slots_are_offered_in_the_order_of_time() -> None:
    open_now = open_slots(only(WEDNESDAY, "09:00-12:00"), Policy(), [], WEDNESDAY, WEDNESDAY, utc("04-01"))
    offered = [f"{slot.starts_at:%H:%M}" for slot in nearest(open_now, utc("04-15 14:10"))]
    assert offered == ["13:30", "14:00", "14:30"]
    assert nearest(open_now, utc("04-15 13:45"), count=1) == open_now[1:2]
    assert nearest((), utc("04-15 13:45")) == ()
