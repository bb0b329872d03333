"""Everything a peer may say about their time, as the database holds it, and that a view takes two statements."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from portal.db import db, read, transaction
from portal.domain.errors import NotFound
from portal.domain.experience import Format
from portal.domain.slots import Busy, BusyKind, Season, Stay, Window
from portal.models import (
    BusyCalendar,
    BusyTime,
    Hold,
    OpenHour,
    OtherHours,
    TimeOff,
    WeeklyHours,
    ZoneStay,
)
from portal.models import Season as SeasonRow
from portal.queries import slots as queries
from portal.services import booking
from tests.booking_cast import TUESDAY_TEN, add_pair, add_peer

HALF_HOUR, HOUR = timedelta(minutes=30), timedelta(hours=1)
MARCH_2, MARCH_4, MARCH_9 = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 9)


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_seasons_stays_and_ways_come_with_the_hours(now: datetime) -> None:
    peer_id = add_peer(now, days=[1])
    with transaction() as session:
        season = SeasonRow(peer_id=peer_id, first_day=MARCH_4, last_day=MARCH_9)
        session.add(season)
        session.flush()
        session.add_all(
            [
                WeeklyHours(
                    peer_id=peer_id, weekday=2, starts=600, ends=660, formats="coffee,walk", season_id=season.id
                ),
                OtherHours(peer_id=peer_id, day=MARCH_9, starts=600, ends=1500, formats="phone"),
                ZoneStay(peer_id=peer_id, first_day=MARCH_2, last_day=MARCH_2, zone="Asia/Tokyo"),
            ]
        )
    hours, _policy = queries.hours_and_policy(peer_id)
    outside = frozenset({Format.COFFEE, Format.WALK})
    assert hours.weekly == {1: (Window(540, 720),)}
    assert hours.other == {MARCH_9: (Window(600, 1500, frozenset({Format.PHONE})),)}
    assert hours.seasons == (Season(MARCH_4, MARCH_9, {2: (Window(600, 660, outside),)}),)
    assert hours.stays == (Stay(MARCH_2, MARCH_2, "Asia/Tokyo"),)


def test_calendars_and_open_hours_are_in_the_way(now: datetime) -> None:
    pair = add_pair(now)
    later = TUESDAY_TEN + timedelta(hours=3)
    with transaction() as session:
        calendar = BusyCalendar(peer_id=pair.peer_id, created_at=now)
        hour = OpenHour(
            peer_id=pair.peer_id, starts_at=later, ends_at=later + HOUR, format=Format.PHONE, created_at=now
        )
        session.add_all([calendar, hour])
        session.flush()
        session.add_all(
            [
                BusyTime(
                    calendar_id=calendar.id, peer_id=pair.peer_id, starts_at=TUESDAY_TEN, ends_at=TUESDAY_TEN + HOUR
                ),
                Hold(
                    open_hour_id=hour.id,
                    person_id=pair.peer_id,
                    starts_at=later,
                    ends_at=later + HOUR,
                    rest_before_minutes=10,
                    rest_after_minutes=20,
                ),
            ]
        )
    wanted = {
        Busy(TUESDAY_TEN, TUESDAY_TEN + HOUR, BusyKind.CALENDAR),
        Busy(later, later + HOUR, BusyKind.OPEN_HOUR, 10, 20),
    }
    assert set(queries.busy_of(pair.peer_id, pair.member_id, MARCH_2, MARCH_4)) == wanted
    assert set(queries.busy_of(pair.peer_id, pair.member_id, MARCH_2, MARCH_4, without=1)) == wanted


def test_of_the_member_only_chats_are_in_the_way(now: datetime) -> None:
    pair = add_pair(now)
    other = add_peer(now, "Ruth")
    with transaction() as session:
        session.add(TimeOff(peer_id=pair.peer_id, starts_at=TUESDAY_TEN, ends_at=TUESDAY_TEN + HOUR))
    assert queries.busy_of(other, pair.peer_id, MARCH_2, MARCH_4) == ()


def test_a_view_takes_two_statements(now: datetime) -> None:
    pair = add_pair(now)
    booking.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "", key="", now=now)
    counted: list[str] = []

    def listen(_connection: object, _cursor: object, words: str, *_: object) -> None:
        counted.append(words)

    read().connection()
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert queries.free_time(pair.peer_id, pair.member_id, now).slots
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert len(counted) == 2


def test_a_member_may_choose_one_of_the_peers_lengths_and_no_other(now: datetime) -> None:
    peer_id = add_peer(now, days=[1], other_lengths="45,60", horizon_days=3)
    usual, longer = (queries.free_time(peer_id, None, now, minutes=minutes) for minutes in (None, 60))
    assert (usual.lengths, longer.lengths) == ((30, 45, 60), (30, 45, 60))
    assert [slot.ends_at - slot.starts_at for slot in longer.slots] == [HOUR] * 3
    assert len(usual.slots) == 6
    for wrong in (20, 7):
        with pytest.raises(NotFound):
            queries.free_time(peer_id, None, now, minutes=wrong)


def test_a_chat_that_is_moved_keeps_a_length_no_longer_offered(now: datetime) -> None:
    peer_id = add_peer(now, days=[1], horizon_days=3)
    moved = queries.free_time(peer_id, None, now, without=1, minutes=60)
    assert [slot.ends_at - slot.starts_at for slot in moved.slots] == [HOUR] * 3


def test_a_way_leaves_out_hours_that_are_for_others(now: datetime) -> None:
    peer_id = add_peer(now, days=[], horizon_days=3)
    with transaction() as session:
        session.add_all(
            [
                WeeklyHours(peer_id=peer_id, weekday=1, starts=540, ends=600, formats="phone"),
                WeeklyHours(peer_id=peer_id, weekday=1, starts=600, ends=660),
            ]
        )
    nine = datetime(2026, 3, 3, 14, tzinfo=UTC)
    every = queries.free_time(peer_id, None, now)
    walks = queries.free_time(peer_id, None, now, way=Format.WALK)
    assert [slot.starts_at for slot in every.slots] == [nine + step * HALF_HOUR for step in range(4)]
    assert [slot.starts_at for slot in walks.slots] == [nine + step * HALF_HOUR for step in (2, 3)]
    assert [every.ways_at(slot) for slot in every.slots] == [frozenset({Format.PHONE})] * 2 + [frozenset()] * 2
