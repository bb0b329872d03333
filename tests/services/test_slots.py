"""A peer's hours as the verbs keep them, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.db import read
from portal.domain.errors import BadInput, NotFound
from portal.domain.slots import ChatWishes
from portal.models import AuditEntry
from portal.queries import own_hours as queries
from portal.queries import slots as slots_queries
from portal.services import slots
from tests.slots_cast import add_chat, add_peer

SIX, NINE, TEN = 18 * 60, 21 * 60, 22 * 60
MONDAY, TUESDAY, SUNDAY = 0, 1, 6


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    with app.app_context():
        return add_peer("maya@example.org", now)


def windows(peer_id: int) -> dict[int, list[tuple[int, int]]]:
    return {day: [(row.starts, row.ends) for row in rows] for day, rows in queries.weekly_of(peer_id).items()}


def deeds(peer_id: int) -> int:
    wanted = (AuditEntry.verb == "hours changed", AuditEntry.subject_id == peer_id, AuditEntry.actor_id == peer_id)
    return read().scalar(select(func.count()).select_from(AuditEntry).where(*wanted)) or 0


def test_one_window_is_added_to_every_chosen_day_and_is_one_deed(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [0, 1, 2, 3], SIX, NINE, key="a", now=now)
    assert windows(peer_id) == {day: [(SIX, NINE)] for day in range(4)}
    assert deeds(peer_id) == 1


def test_the_second_tap_of_the_same_form_does_nothing(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    slots.remove_weekly(peer_id, queries.weekly_of(peer_id)[MONDAY][0].id, key="b", now=now)
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    assert windows(peer_id) == {}
    assert deeds(peer_id) == 2


def test_removing_twice_with_one_key_is_no_stranger(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    window_id = queries.weekly_of(peer_id)[MONDAY][0].id
    assert slots.remove_weekly(peer_id, window_id, key="b", now=now) == peer_id
    assert slots.remove_weekly(peer_id, window_id, key="b", now=now) == peer_id


def test_windows_that_overlap_or_touch_become_one(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    slots.add_weekly(peer_id, [MONDAY], 20 * 60, TEN, key="b", now=now)
    slots.add_weekly(peer_id, [MONDAY], 17 * 60, SIX, key="c", now=now)
    slots.add_weekly(peer_id, [MONDAY], 8 * 60, 9 * 60, key="d", now=now)
    assert windows(peer_id) == {MONDAY: [(8 * 60, 9 * 60), (17 * 60, TEN)]}


def test_an_end_before_the_start_is_the_next_days(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [SUNDAY], TEN, 2 * 60, key="a", now=now)
    slots.add_weekly(peer_id, [MONDAY], 0, 0, key="b", now=now)
    assert windows(peer_id) == {MONDAY: [(0, 1440)], SUNDAY: [(TEN, 1440 + 120)]}


@pytest.mark.parametrize(
    ("days", "starts", "ends", "field"),
    [
        ([], SIX, NINE, "days"),
        ([7], SIX, NINE, "days"),
        ([0], 1083, NINE, "starts"),
        ([0], SIX, 1263, "ends"),
        ([0], SIX, SIX, "ends"),
    ],
)
def test_what_is_no_window_is_refused_at_its_field_and_changes_nothing(
    peer_id: int, now: datetime, days: list[int], starts: int, ends: int, field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        slots.add_weekly(peer_id, days, starts, ends, key="a", now=now)
    assert refusal.value.field == field
    assert windows(peer_id) == {}


def test_a_copied_day_replaces_the_hours_of_the_others(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    slots.add_weekly(peer_id, [MONDAY], 480, 540, key="b", now=now)
    slots.add_weekly(peer_id, [TUESDAY], 600, 660, key="c", now=now)
    slots.copy_weekday(peer_id, MONDAY, [MONDAY, TUESDAY, SUNDAY], key="d", now=now)
    both = [(480, 540), (SIX, NINE)]
    assert windows(peer_id) == {MONDAY: both, TUESDAY: both, SUNDAY: both}
    with pytest.raises(NotFound):
        slots.copy_weekday(peer_id, 4, [5], key="e", now=now)


def test_nobody_touches_a_strangers_hours(peer_id: int, now: datetime) -> None:
    stranger = add_peer("sam@example.org", now)
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    slots.add_other(peer_id, date(2026, 3, 9), date(2026, 3, 9), SIX, NINE, key="b", now=now)
    slots.take_time_off(peer_id, date(2026, 3, 10), date(2026, 3, 10), key="c", now=now)
    window = queries.weekly_of(peer_id)[MONDAY][0].id
    other = queries.other_hours_of(peer_id, date(2026, 3, 2))[date(2026, 3, 9)][0].id
    away = queries.time_off_ahead(peer_id, now)[0].id
    with pytest.raises(NotFound):
        slots.remove_weekly(stranger, window, key="d", now=now)
    with pytest.raises(NotFound):
        slots.remove_other(stranger, other, key="e", now=now)
    with pytest.raises(NotFound):
        slots.end_time_off(stranger, away, key="f", now=now)
    assert deeds(stranger) == 0
    assert windows(peer_id) == {MONDAY: [(SIX, NINE)]}


def test_other_hours_stand_for_one_date_until_the_last_is_taken_away(peer_id: int, now: datetime) -> None:
    day = date(2026, 3, 9)
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    slots.add_other(peer_id, day, day, 600, 660, key="b", now=now)
    slots.add_other(peer_id, day, day, 660, 720, key="c", now=now)
    rows = queries.other_hours_of(peer_id, day)[day]
    assert [(row.starts, row.ends) for row in rows] == [(600, 720)]
    slots.remove_other(peer_id, rows[0].id, key="d", now=now)
    assert queries.other_hours_of(peer_id, day) == {}


@pytest.mark.parametrize("day", [date(2026, 3, 1), date(2027, 4, 1), date(9999, 12, 31)])
def test_other_hours_are_for_days_of_the_coming_year(peer_id: int, now: datetime, day: date) -> None:
    with pytest.raises(BadInput) as refusal:
        slots.add_other(peer_id, day, day, SIX, NINE, key="a", now=now)
    assert refusal.value.field == "first"


def test_time_off_is_whole_local_days_also_where_the_clocks_change(peer_id: int, now: datetime) -> None:
    slots.take_time_off(peer_id, date(2026, 3, 8), date(2026, 3, 8), key="a", now=now)
    (row,) = queries.time_off_ahead(peer_id, now)
    assert (row.starts_at, row.ends_at) == (datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC))


def test_time_off_that_touches_is_one_stretch(peer_id: int, now: datetime) -> None:
    slots.take_time_off(peer_id, date(2026, 3, 10), date(2026, 3, 11), key="a", now=now)
    slots.take_time_off(peer_id, date(2026, 3, 20), date(2026, 3, 21), key="b", now=now)
    slots.take_time_off(peer_id, date(2026, 3, 12), date(2026, 3, 19), key="c", now=now)
    (row,) = queries.time_off_ahead(peer_id, now)
    assert (row.starts_at, row.ends_at) == (datetime(2026, 3, 10, 4, tzinfo=UTC), datetime(2026, 3, 22, 4, tzinfo=UTC))
    slots.end_time_off(peer_id, row.id, key="d", now=now)
    assert queries.time_off_ahead(peer_id, now) == []


def test_days_that_end_before_they_begin_or_have_gone_by_cannot_be_taken_off(peer_id: int, now: datetime) -> None:
    for first, last, field in [(10, 9, "last"), (1, 1, "first")]:
        with pytest.raises(BadInput) as refusal:
            slots.take_time_off(peer_id, date(2026, 3, first), date(2026, 3, last), key="a", now=now)
        assert refusal.value.field == field


def test_time_off_closes_times_and_leaves_chats_booked(peer_id: int, now: datetime) -> None:
    at = datetime(2026, 3, 10, 22, tzinfo=UTC)
    slots.add_weekly(peer_id, [TUESDAY], SIX, NINE, key="a", now=now)
    chat = add_chat(peer_id, at, now)
    slots.take_time_off(peer_id, date(2026, 3, 10), date(2026, 3, 10), key="b", now=now)
    (row,) = queries.time_off_ahead(peer_id, now)
    (inside,) = queries.chats_within(peer_id, [(row.starts_at, row.ends_at)], now)
    assert (inside.id, inside.starts_at, inside.other_name) == (chat, at, "Robin")
    days = {slot.starts_at.date() for slot in slots_queries.open_times(peer_id, None, now)}
    assert date(2026, 3, 10) not in days
    assert date(2026, 3, 17) in days


def test_wishes_are_kept_when_they_are_on_the_list(peer_id: int, now: datetime) -> None:
    wanted = ChatWishes(45, 30, 10, 24, 14, 2, 5, 90, 300, 15, (20, 30), says_yes_first=True)
    slots.set_wishes(peer_id, wanted, key="a", now=now)
    assert queries.wishes_of(peer_id) == wanted
    with pytest.raises(BadInput) as refusal:
        slots.set_wishes(peer_id, replace(wanted, rest_after_minutes=7), key="b", now=now)
    assert refusal.value.field == "rest_after_minutes"
    assert queries.wishes_of(peer_id) == wanted


def test_a_new_peer_who_told_nothing_yet_may_begin_with_hours(app: Flask, now: datetime) -> None:
    new = add_peer("new@example.org", now, profile=False)
    assert queries.wishes_of(new) is None
    slots.add_weekly(new, [MONDAY], SIX, NINE, key="a", now=now)
    assert queries.wishes_of(new) == ChatWishes()
    assert len(slots_queries.open_times(new, None, now)) > 0
