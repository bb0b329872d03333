"""A peer's hours and busy time as the database holds them, and what two people have in common."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.account import Role
from portal.domain.errors import NotFound
from portal.domain.experience import DayPart, Format
from portal.domain.matching.values import Openings
from portal.domain.slots import Busy, BusyKind, Hours, Policy, Window
from portal.models import OtherHours, TimeOff
from portal.queries import slots as queries
from portal.services import booking
from tests.booking_cast import TUESDAY_TEN, Pair, add_member, add_pair, add_peer
from tests.services.outbox import add_person

HALF_HOUR = timedelta(minutes=30)
MARCH_2, MARCH_4 = date(2026, 3, 2), date(2026, 3, 4)


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def book(pair: Pair, now: datetime, starts_at: datetime = TUESDAY_TEN) -> int:
    return booking.book(pair.walk_id, pair.member_id, starts_at, Format.COFFEE, "", key="", now=now)


def test_hours_and_policy_are_what_the_peer_wished(now: datetime) -> None:
    peer_id = add_peer(now, days=[1, 5], length_minutes=45, notice_hours=24, horizon_days=14, cap_per_day=2)
    with transaction() as session:
        session.add(OtherHours(peer_id=peer_id, day=MARCH_4, starts=1200, ends=1500))
    nine_to_twelve = (Window(540, 720),)
    assert queries.hours_and_policy(peer_id) == (
        Hours("America/New_York", {1: nine_to_twelve, 5: nine_to_twelve}, {MARCH_4: (Window(1200, 1500),)}),
        Policy(45, rest_before_minutes=15, rest_after_minutes=15, notice_minutes=1440, horizon_days=14, cap_per_day=2),
    )


def test_somebody_who_is_no_peer_has_no_hours(now: datetime) -> None:
    with pytest.raises(NotFound):
        queries.hours_and_policy(add_person("Sam", now, Role.MEMBER))


def test_busy_time_is_the_peers_chats_the_members_chats_and_time_off(now: datetime) -> None:
    pair = add_pair(now)
    book(pair, now)
    off = (TUESDAY_TEN + timedelta(days=1), TUESDAY_TEN + timedelta(days=2))
    with transaction() as session:
        session.add(TimeOff(peer_id=pair.peer_id, starts_at=off[0], ends_at=off[1]))
    other = add_peer(now, "Ruth")
    peers_view = queries.busy_of(pair.peer_id, None, MARCH_2, MARCH_4)
    assert peers_view == (
        Busy(TUESDAY_TEN, TUESDAY_TEN + HALF_HOUR, BusyKind.TAKEN, 15, 15),
        Busy(*off, BusyKind.TIME_OFF),
    )
    assert queries.busy_of(other, pair.member_id, MARCH_2, MARCH_4) == (
        Busy(TUESDAY_TEN, TUESDAY_TEN + HALF_HOUR, BusyKind.MEMBER_TAKEN),
    )


def test_a_cancelled_chat_and_the_one_to_be_moved_are_not_in_the_way(now: datetime) -> None:
    pair = add_pair(now)
    booking_id = book(pair, now)
    assert queries.busy_of(pair.peer_id, pair.member_id, MARCH_2, MARCH_4, without=booking_id) == ()
    booking.cancel(booking_id, pair.member_id, 0, key="", now=now)
    assert queries.busy_of(pair.peer_id, pair.member_id, MARCH_2, MARCH_4) == ()


def test_open_times_leave_out_what_is_taken_with_its_rest(now: datetime) -> None:
    pair = add_pair(now, peer_id=add_peer(now, days=[1], horizon_days=3))
    nine = TUESDAY_TEN - timedelta(hours=1)
    assert [slot.starts_at for slot in queries.open_times(pair.peer_id, pair.member_id, now)] == [
        nine + HALF_HOUR * step for step in range(6)
    ]
    book(pair, now)
    assert [slot.starts_at for slot in queries.open_times(pair.peer_id, None, now)] == [
        nine,
        nine + HALF_HOUR * 4,
        nine + HALF_HOUR * 5,
    ]


def test_common_openings_are_the_peers_half_hours_within_two_weeks(now: datetime) -> None:
    rare, often = add_peer(now, "Ruth", days=[1], length_minutes=45), add_peer(now, "Omar", days=[1, 3])
    member_id = add_member(now)
    soonest = TUESDAY_TEN - timedelta(hours=1)
    assert queries.common_openings(member_id, [rare, often], now) == {
        rare: Openings(12, soonest),
        often: Openings(24, soonest),
    }


def test_common_openings_suit_the_times_the_member_told_in_their_own_zone(now: datetime) -> None:
    """Nine to twelve in New York is three to six in Berlin, but two to five once New York's clocks have changed."""
    peer_id = add_peer(now, days=[1])
    evenings = add_member(now, "Eve", times=[DayPart.WEEKDAY_EVENING])
    weekends = add_member(now, "Wim", times=[DayPart.WEEKEND_MORNING])
    assert queries.common_openings(evenings, [peer_id], now) == {
        peer_id: Openings(2, datetime(2026, 3, 3, 16, 0, tzinfo=UTC))
    }
    assert queries.common_openings(weekends, [peer_id], now) == {peer_id: Openings(0, None)}


def test_common_openings_leave_out_the_members_own_chats(now: datetime) -> None:
    pair = add_pair(now)
    book(pair, now)
    other = add_peer(now, "Ruth", days=[1], rest_before_minutes=0, rest_after_minutes=0)
    assert queries.common_openings(pair.member_id, [other], now)[other].common_count == 11
    assert queries.common_openings(None, [other], now)[other].common_count == 12
