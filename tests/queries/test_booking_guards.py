"""What the database itself refuses, after the migrations that real sites run, on both engines."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.db import read, transaction
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.models import Booking, Hold
from tests.booking_cast import TUESDAY_TEN, Pair, add_pair

HALF_HOUR = timedelta(minutes=30)
NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE name LIKE 'hold_no_overlap%' ORDER BY name",
    "postgresql": "SELECT conname FROM pg_constraint WHERE conname LIKE 'hold_no_overlap%' AND contype = 'x'",
}
EXPECTED = {"sqlite": ["hold_no_overlap_insert", "hold_no_overlap_update"], "postgresql": ["hold_no_overlap"]}


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def pair(inside: None, now: datetime) -> Pair:
    return add_pair(now)


def hold(pair: Pair, person_id: int, starts_at: datetime, ends_at: datetime, *, active: bool = True) -> int:
    """Write a chat with the time it takes of one person, past every rule of the services."""
    with transaction() as session:
        booking = Booking(
            walk_id=pair.walk_id,
            member_id=pair.member_id,
            peer_id=pair.peer_id,
            starts_at=starts_at,
            ends_at=ends_at,
            format=Format.COFFEE,
            state=BookingState.BOOKED,
            booked_by=pair.member_id,
            created_at=starts_at,
        )
        session.add(booking)
        session.flush()
        session.add(
            Hold(booking_id=booking.id, person_id=person_id, starts_at=starts_at, ends_at=ends_at, active=active)
        )
        return booking.id


def test_the_guards_stand_after_the_migrations() -> None:
    engine = read().get_bind().dialect.name
    assert list(read().scalars(text(NAMES[engine]))) == EXPECTED[engine]


@pytest.mark.parametrize("whose", ["member_id", "peer_id"])
@pytest.mark.parametrize(("shift", "length"), [(0, 30), (-15, 30), (15, 30), (5, 10), (-30, 90)])
def test_an_overlap_is_refused_for_member_and_peer(pair: Pair, whose: str, shift: int, length: int) -> None:
    person_id = getattr(pair, whose)
    hold(pair, person_id, TUESDAY_TEN, TUESDAY_TEN + HALF_HOUR)
    starts_at = TUESDAY_TEN + timedelta(minutes=shift)
    with pytest.raises(IntegrityError, match="hold_no_overlap"):
        hold(pair, person_id, starts_at, starts_at + timedelta(minutes=length))


def test_times_that_touch_other_people_and_cancelled_chats_are_no_overlap(pair: Pair) -> None:
    end = TUESDAY_TEN + HALF_HOUR
    hold(pair, pair.peer_id, TUESDAY_TEN, end)
    hold(pair, pair.peer_id, end, end + HALF_HOUR)
    hold(pair, pair.peer_id, TUESDAY_TEN - HALF_HOUR, TUESDAY_TEN)
    hold(pair, pair.member_id, TUESDAY_TEN, end)
    hold(pair, pair.peer_id, TUESDAY_TEN, end, active=False)


def change(booking_id: int, person_id: int, **values: object) -> None:
    with transaction() as session:
        row = session.scalars(select(Hold).where(Hold.booking_id == booking_id, Hold.person_id == person_id)).one()
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.parametrize("active", [True, False])
def test_a_move_onto_a_taken_time_is_refused(pair: Pair, active: bool) -> None:
    hold(pair, pair.peer_id, TUESDAY_TEN, TUESDAY_TEN + HALF_HOUR)
    later = TUESDAY_TEN + HALF_HOUR
    moved = hold(pair, pair.peer_id, later, later + HALF_HOUR, active=active)
    with pytest.raises(IntegrityError, match="hold_no_overlap"):
        change(moved, pair.peer_id, active=True, starts_at=TUESDAY_TEN)


def test_a_chat_may_move_within_its_own_time(pair: Pair) -> None:
    moved = hold(pair, pair.peer_id, TUESDAY_TEN, TUESDAY_TEN + HALF_HOUR)
    change(moved, pair.peer_id, starts_at=TUESDAY_TEN + timedelta(minutes=10))
    with pytest.raises(IntegrityError, match="hold_no_overlap"):
        hold(pair, pair.peer_id, TUESDAY_TEN, TUESDAY_TEN + HALF_HOUR)
    hold(pair, pair.peer_id, TUESDAY_TEN, TUESDAY_TEN + timedelta(minutes=10))
