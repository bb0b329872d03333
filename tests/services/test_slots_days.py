"""Days of a peer that are not as usual: ranges of other hours, seasons, travel, holidays; on both databases."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.errors import BadInput, NotFound
from portal.domain.experience import Format
from portal.domain.slots import Window
from portal.models import Booking, Season, ZoneStay
from portal.queries import own_hours as queries
from portal.services import slots
from tests.slots_cast import add_chat, add_peer

SIX, NINE = 18 * 60, 21 * 60
MONDAY, SATURDAY, SUNDAY = 0, 5, 6
MARCH = {day: date(2026, 3, day) for day in range(1, 32)}


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    with app.app_context():
        return add_peer("maya@example.org", now)


def windows_on(peer_id: int) -> dict[int, list[Window]]:
    """Return the other hours of March by day of the month."""
    held = queries.other_hours_of(peer_id, MARCH[1])
    return {day.day: [queries.window_in(row) for row in rows] for day, rows in held.items()}


def season_of(peer_id: int, now: datetime, first: int = 9, last: int = 20, *, copied: bool = True) -> int:
    return slots.add_season(peer_id, MARCH[first], MARCH[last], copied=copied, key=f"season {first}", now=now)


def test_other_hours_may_be_for_each_day_of_a_range_or_for_some_weekdays_of_it(peer_id: int, now: datetime) -> None:
    slots.add_other(peer_id, MARCH[9], MARCH[11], 540, 600, key="a", now=now)
    weekend = [SATURDAY, SUNDAY]
    slots.add_other(peer_id, MARCH[11], MARCH[15], 600, 660, weekdays=weekend, key="b", now=now)
    assert windows_on(peer_id) == {day: [Window(540, 600)] for day in (9, 10, 11)} | {
        day: [Window(600, 660)] for day in (14, 15)
    }


def test_a_range_that_has_begun_counts_from_today(peer_id: int, now: datetime) -> None:
    slots.add_other(peer_id, MARCH[1], MARCH[3], 540, 600, key="a", now=now)
    assert list(windows_on(peer_id)) == [2, 3]


def test_other_hours_of_a_date_may_have_ways_of_their_own(peer_id: int, now: datetime) -> None:
    slots.add_other(peer_id, MARCH[9], MARCH[9], 540, 600, ways=[Format.PHONE], key="a", now=now)
    slots.add_other(peer_id, MARCH[9], MARCH[9], 570, 660, ways=[Format.PHONE], key="b", now=now)
    slots.add_other(peer_id, MARCH[9], MARCH[9], 600, 660, ways=[Format.COFFEE], key="c", now=now)
    assert windows_on(peer_id) == {
        9: [Window(540, 660, frozenset({Format.PHONE})), Window(600, 660, frozenset({Format.COFFEE}))]
    }


@pytest.mark.parametrize(
    ("first", "last", "weekdays", "field"),
    [
        (MARCH[9], MARCH[8], (), "last"),
        (MARCH[9], date(2026, 4, 20), (), "last"),
        (MARCH[9], MARCH[10], (SUNDAY,), "days"),
    ],
)
def test_a_range_that_is_none_is_refused_at_its_field(
    peer_id: int, now: datetime, first: date, last: date, weekdays: tuple[int, ...], field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        slots.add_other(peer_id, first, last, SIX, NINE, weekdays=weekdays, key="a", now=now)
    assert refusal.value.field == field
    assert windows_on(peer_id) == {}


def test_a_window_is_taken_away_from_all_days_it_is_shown_for(peer_id: int, now: datetime) -> None:
    slots.add_other(peer_id, MARCH[9], MARCH[12], 540, 600, key="a", now=now)
    slots.add_other(peer_id, MARCH[10], MARCH[10], 700, 760, key="b", now=now)
    window_id = queries.other_hours_of(peer_id, MARCH[1])[MARCH[9]][0].id
    slots.remove_other(peer_id, window_id, last=MARCH[11], key="c", now=now)
    assert windows_on(peer_id) == {10: [Window(700, 760)], 12: [Window(540, 600)]}


def test_every_way_a_peer_likes_is_kept_as_none_named(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, ways=list(Format), key="a", now=now)
    slots.add_weekly(peer_id, [SATURDAY], 600, 840, ways=[Format.WALK, Format.COFFEE], key="b", now=now)
    held = queries.weekly_of(peer_id)
    assert [row.formats for rows in held.values() for row in rows] == ["", "coffee,walk"]


def test_a_season_begins_as_a_copy_and_then_is_a_week_of_its_own(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, ways=[Format.PHONE], key="a", now=now)
    season_id = season_of(peer_id, now)
    slots.add_weekly(peer_id, [SUNDAY], 600, 660, season_id=season_id, key="b", now=now)
    slots.copy_weekday(peer_id, SUNDAY, [SATURDAY], season_id=season_id, key="c", now=now)
    assert list(queries.weekly_of(peer_id)) == [MONDAY]
    week = {
        day: [queries.window_in(row) for row in rows] for day, rows in queries.weekly_of(peer_id, season_id).items()
    }
    phone = Window(SIX, NINE, frozenset({Format.PHONE}))
    assert week == {MONDAY: [phone], SATURDAY: [Window(600, 660)], SUNDAY: [Window(600, 660)]}


def test_a_season_may_begin_empty_and_goes_with_its_week(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    season_id = season_of(peer_id, now, copied=False)
    assert queries.weekly_of(peer_id, season_id) == {}
    slots.add_weekly(peer_id, [SUNDAY], 600, 660, season_id=season_id, key="b", now=now)
    slots.end_season(peer_id, season_id, key="c", now=now)
    assert queries.seasons_ahead(peer_id, MARCH[2]) == []
    assert queries.weekly_of(peer_id, season_id) == {}
    assert list(queries.weekly_of(peer_id)) == [MONDAY]


def test_the_same_form_sent_twice_leads_to_the_same_season(peer_id: int, now: datetime) -> None:
    assert season_of(peer_id, now) == season_of(peer_id, now)
    assert len(queries.seasons_ahead(peer_id, MARCH[2])) == 1


@pytest.mark.parametrize(("first", "last"), [(1, 9), (20, 25), (12, 13), (1, 31)])
def test_seasons_do_not_overlap(peer_id: int, now: datetime, first: int, last: int) -> None:
    season_of(peer_id, now)
    with pytest.raises(BadInput) as refusal:
        season_of(peer_id, now, first, last)
    assert refusal.value.field == "first"


def test_a_season_is_given_other_days_and_keeps_its_week(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    season_id = season_of(peer_id, now)
    for _tap in range(2):
        assert slots.change_season(peer_id, season_id, MARCH[16], MARCH[25], key="b", now=now) == season_id
    (season,) = queries.seasons_ahead(peer_id, MARCH[2])
    assert (season.id, season.first_day, season.last_day) == (season_id, MARCH[16], MARCH[25])
    assert list(queries.weekly_of(peer_id, season_id)) == [MONDAY]


def test_a_season_that_has_begun_may_end_later_but_none_may_reach_into_another(peer_id: int, now: datetime) -> None:
    season_id = season_of(peer_id, now)
    season_of(peer_id, now, 25, 31)
    later = datetime(2026, 3, 12, 12, tzinfo=UTC)
    slots.change_season(peer_id, season_id, MARCH[9], MARCH[24], key="a", now=later)
    with pytest.raises(BadInput) as refusal:
        slots.change_season(peer_id, season_id, MARCH[9], MARCH[25], key="b", now=later)
    assert refusal.value.field == "first"
    with pytest.raises(NotFound):
        slots.change_season(add_peer("sam@example.org", now), season_id, MARCH[9], MARCH[20], key="c", now=now)


def test_what_was_different_on_days_well_behind_is_forgotten_and_the_rest_stays(peer_id: int, now: datetime) -> None:
    slots.add_weekly(peer_id, [MONDAY], SIX, NINE, key="a", now=now)
    for first, last in ((3, 9), (10, 11)):
        season_of(peer_id, now, first, last)
        slots.add_stay(peer_id, MARCH[first], MARCH[last], "Europe/Lisbon", key=f"b{first}", now=now)
        slots.add_other(peer_id, MARCH[last], MARCH[last], 540, 600, key=f"c{first}", now=now)
        slots.take_days_off(peer_id, [MARCH[last]], "", key=f"d{first}", now=now)
    early, late = datetime(2026, 4, 9, 3, tzinfo=UTC), datetime(2026, 4, 10, 12, tzinfo=UTC)
    assert [slots.forget_past(now=at) for at in (early, late, late)] == [0, 4, 0]
    (season,) = queries.seasons_ahead(peer_id, MARCH[1])
    assert season.first_day == MARCH[10]
    assert [row.first_day for row in queries.stays_ahead(peer_id, MARCH[1])] == [MARCH[10]]
    assert list(queries.other_hours_of(peer_id, MARCH[1])) == [MARCH[11]]
    assert len(queries.time_off_ahead(peer_id, now)) == 1
    assert (list(queries.weekly_of(peer_id)), list(queries.weekly_of(peer_id, season.id))) == ([MONDAY], [MONDAY])


def test_seasons_and_travel_that_are_over_are_gone(peer_id: int, now: datetime) -> None:
    season_of(peer_id, now)
    slots.add_stay(peer_id, MARCH[9], MARCH[20], "Europe/Lisbon", key="b", now=now)

    def ahead(today: date) -> list[list[Season] | list[ZoneStay]]:
        return [queries.seasons_ahead(peer_id, today), queries.stays_ahead(peer_id, today)]

    assert [len(rows) for rows in ahead(MARCH[20])] == [1, 1]
    assert ahead(MARCH[21]) == [[], []]


@pytest.mark.parametrize(
    ("first", "last", "zone", "field"),
    [
        (9, 8, "Europe/Lisbon", "last"),
        (1, 1, "Europe/Lisbon", "first"),
        (9, 10, "Europe/Atlantis", "zone"),
        (9, 10, "", "zone"),
        (9, 10, "America/New_York", "zone"),
        (19, 22, "Europe/Lisbon", "first"),
    ],
)
def test_travel_that_cannot_be_is_refused_at_its_field(
    peer_id: int, now: datetime, first: int, last: int, zone: str, field: str
) -> None:
    slots.add_stay(peer_id, MARCH[20], MARCH[21], "Asia/Kathmandu", key="a", now=now)
    with pytest.raises(BadInput) as refusal:
        slots.add_stay(peer_id, MARCH[first], MARCH[last], zone, key="b", now=now)
    assert refusal.value.field == field
    (stay,) = queries.stays_ahead(peer_id, MARCH[2])
    slots.end_stay(peer_id, stay.id, key="c", now=now)
    assert queries.stays_ahead(peer_id, MARCH[2]) == []


def test_single_days_are_closed_as_days_and_the_place_is_remembered(peer_id: int, now: datetime) -> None:
    slots.take_time_off(peer_id, MARCH[9], MARCH[9], key="a", now=now)
    slots.take_days_off(peer_id, [MARCH[10], MARCH[17], MARCH[17]], "US-NY", key="b", now=now)
    spans = [(row.starts_at, row.ends_at) for row in queries.time_off_ahead(peer_id, now)]
    assert spans == [
        (datetime(2026, 3, 9, 4, tzinfo=UTC), datetime(2026, 3, 11, 4, tzinfo=UTC)),
        (datetime(2026, 3, 17, 4, tzinfo=UTC), datetime(2026, 3, 18, 4, tzinfo=UTC)),
    ]
    assert queries.holiday_place_of(peer_id) == ("US", "NY")
    with pytest.raises(BadInput) as refusal:
        slots.take_days_off(peer_id, [], "DE", key="c", now=now)
    assert refusal.value.field == "days"
    assert queries.holiday_place_of(peer_id) == ("US", "NY")


def test_the_holidays_ahead_are_those_of_six_months_and_of_a_place_that_is_one() -> None:
    ahead = slots.holidays_ahead("DE", "BY", date(2026, 3, 2))
    assert (ahead.country, ahead.region, ahead.place) == ("DE", "BY", "DE-BY")
    assert "Corpus Christi" in [each.name for each in ahead.days]
    assert max(each.day for each in ahead.days) < date(2026, 9, 2)
    assert slots.holidays_ahead("DE", "NY", date(2026, 3, 2)).place == "DE"
    nowhere = slots.holidays_ahead("ZZ", "", date(2026, 3, 2))
    assert (nowhere.place, nowhere.days) == ("", ())


def test_nobody_touches_a_strangers_days(peer_id: int, now: datetime) -> None:
    stranger = add_peer("sam@example.org", now)
    season_id = season_of(peer_id, now)
    slots.add_stay(peer_id, MARCH[9], MARCH[10], "Europe/Lisbon", key="a", now=now)
    (stay,) = queries.stays_ahead(peer_id, MARCH[2])
    with pytest.raises(NotFound):
        slots.end_season(stranger, season_id, key="b", now=now)
    with pytest.raises(NotFound):
        slots.add_weekly(stranger, [MONDAY], SIX, NINE, season_id=season_id, key="c", now=now)
    with pytest.raises(NotFound):
        slots.copy_weekday(stranger, MONDAY, [SUNDAY], season_id=season_id, key="d", now=now)
    with pytest.raises(NotFound):
        slots.end_stay(stranger, stay.id, key="e", now=now)
    assert len(queries.seasons_ahead(peer_id, MARCH[2])) == 1


def test_chats_that_wait_for_a_yes_count_as_chats_that_would_lie_inside(peer_id: int, now: datetime) -> None:
    at = datetime(2026, 3, 10, 22, tzinfo=UTC)
    chat = add_chat(peer_id, at, now)
    with transaction() as session:
        session.get_one(Booking, chat).state = BookingState.ASKED
    (inside,) = queries.chats_within(peer_id, [(at, at.replace(minute=5))], now)
    assert (inside.id, inside.slot.ends_at) == (chat, at.replace(minute=30))


def test_a_time_that_is_held_for_an_answer_is_nobodys_chat_yet(peer_id: int, now: datetime) -> None:
    at = datetime(2026, 3, 10, 22, tzinfo=UTC)
    chat = add_chat(peer_id, at, now)
    with transaction() as session:
        session.get_one(Booking, chat).state = BookingState.OFFERED
    assert queries.chats_within(peer_id, [(at, at.replace(minute=5))], now) == []
