"""A chat is called off, and what gives no access changes nothing; on both databases."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.errors import NotFound, Stale
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import Walk
from portal.queries import booking as queries
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_member,
    add_pair,
    booking_row,
    hold_rows,
    letters_owed,
    steps_of,
    walk_state,
)
from tests.services.test_booking.cast import HALF_HOUR, book


@pytest.mark.parametrize("by_peer", [False, True])
def test_either_of_the_two_calls_the_first_chat_off_and_both_yeses_stand(
    pair: Pair, now: datetime, by_peer: bool
) -> None:
    booking_id = book(pair, now)
    services.cancel(booking_id, pair.peer_id if by_peer else pair.member_id, 0, key="", now=now)
    assert booking_row(booking_id).state == BookingState.CANCELLED
    assert [hold.active for hold in hold_rows(booking_id)] == [False, False]
    assert walk_state(pair.walk_id) == State.BOTH_YES
    assert steps_of(pair.walk_id) == ["book", "unbook"]
    assert letters_owed(Kind.INVITATION, Kind.REMINDER_DAY, Kind.REMINDER_HOURS) == []
    assert sorted(letters_owed(Kind.CANCELLATION)) == [
        (Kind.CANCELLATION, pair.member_id),
        (Kind.CANCELLATION, pair.peer_id),
    ]
    book(pair, now)


def test_calling_a_later_chat_off_leaves_the_walk_where_it_is(inside: Flask, now: datetime) -> None:
    pair = add_pair(now, State.WALKING)
    services.cancel(book(pair, now), pair.member_id, 0, key="", now=now)
    assert walk_state(pair.walk_id) == State.WALKING


def test_the_same_cancelling_sent_twice_is_fine(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    for _ in range(2):
        assert services.cancel(booking_id, pair.member_id, 0, key="one tap", now=now) == booking_id


def test_a_screen_that_is_out_of_date_changes_nothing(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    services.move(booking_id, pair.peer_id, 0, TUESDAY_ELEVEN, key="", now=now)
    with pytest.raises(Stale):
        services.move(booking_id, pair.member_id, 0, TUESDAY_TEN, key="", now=now)
    with pytest.raises(Stale):
        services.cancel(booking_id, pair.member_id, 0, key="", now=now)
    assert booking_row(booking_id).starts_at == TUESDAY_ELEVEN


def test_a_chat_can_be_called_off_up_to_its_start(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    for late in (timedelta(), HALF_HOUR):
        with pytest.raises(Stale, match="has begun"):
            services.cancel(booking_id, pair.member_id, 0, key="", now=TUESDAY_TEN + late)
    services.cancel(booking_id, pair.member_id, 0, key="", now=TUESDAY_TEN - timedelta(seconds=1))
    assert booking_row(booking_id).state == BookingState.CANCELLED


def test_a_stranger_moves_and_cancels_nothing(pair: Pair, now: datetime) -> None:
    booking_id, stranger = book(pair, now), add_member(now, "Sam")
    with pytest.raises(NotFound):
        services.move(booking_id, stranger, 0, TUESDAY_ELEVEN, key="", now=now)
    with pytest.raises(NotFound):
        services.cancel(booking_id, stranger, 0, key="", now=now)


def test_a_walk_that_has_ended_gives_access_to_nothing(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    with transaction() as session:
        walk = session.get_one(Walk, pair.walk_id)
        services.end_chats(session, pair.walk_id, by=pair.member_id, now=now)
        walk.state, walk.open = State.CLOSED, False
    assert booking_row(booking_id).state == BookingState.CANCELLED
    assert queries.chat_for(pair.member_id, booking_id) is None
    assert queries.pair_for(pair.peer_id, pair.walk_id, now) is None
    with pytest.raises(NotFound):
        services.calendar_entry(booking_id, pair.peer_id)
