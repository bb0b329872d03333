"""A chat moves to another open time, by whoever may move it; on both databases."""

from datetime import datetime, timedelta

import pytest

from portal.db import transaction
from portal.domain.errors import Stale, TimeTaken
from portal.domain.notice import Kind
from portal.models import PeerProfile
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_pair,
    booking_row,
    hold_rows,
    letters_owed,
)
from tests.services.test_booking.cast import HALF_HOUR, book


def test_a_move_takes_the_new_time_and_frees_the_old(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    services.move(booking_id, pair.peer_id, 0, TUESDAY_ELEVEN, key="", now=now)
    booking = booking_row(booking_id)
    assert (booking.starts_at, booking.ends_at, booking.revision) == (TUESDAY_ELEVEN, TUESDAY_ELEVEN + HALF_HOUR, 1)
    assert {hold.starts_at for hold in hold_rows(booking_id)} == {TUESDAY_ELEVEN}
    assert letters_owed(Kind.INVITATION) == []
    assert letters_owed(Kind.UPDATE) == [(Kind.UPDATE, pair.member_id), (Kind.UPDATE, pair.peer_id)]
    book(add_pair(now, peer_id=pair.peer_id, name="Noor"), now, TUESDAY_TEN)


def test_a_chat_may_move_to_a_time_beside_its_own(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    services.move(booking_id, pair.member_id, 0, TUESDAY_TEN + HALF_HOUR, key="", now=now)
    assert booking_row(booking_id).starts_at == TUESDAY_TEN + HALF_HOUR


def test_moving_to_the_same_time_changes_nothing(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    services.move(booking_id, pair.member_id, 0, TUESDAY_TEN, key="", now=now)
    assert booking_row(booking_id).revision == 0
    assert letters_owed(Kind.UPDATE) == []


def test_a_peer_who_says_yes_first_moves_a_chat_and_the_member_asks_instead(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    with transaction() as session:
        session.get_one(PeerProfile, pair.peer_id).says_yes_first = True
    with pytest.raises(Stale, match="says yes to each time first"):
        services.move(booking_id, pair.member_id, 0, TUESDAY_ELEVEN, key="", now=now)
    assert (booking_row(booking_id).starts_at, booking_row(booking_id).revision) == (TUESDAY_TEN, 0)
    services.move(booking_id, pair.peer_id, 0, TUESDAY_ELEVEN, key="", now=now)
    assert booking_row(booking_id).starts_at == TUESDAY_ELEVEN


def test_a_move_to_a_taken_time_is_refused_in_the_peers_own_words(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    with pytest.raises(TimeTaken, match="outside your hours"):
        services.move(booking_id, pair.peer_id, 0, TUESDAY_TEN + timedelta(hours=9), key="", now=now)
    assert booking_row(booking_id).starts_at == TUESDAY_TEN


def test_the_same_move_sent_twice_moves_once(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    for _ in range(2):
        services.move(booking_id, pair.member_id, 0, TUESDAY_ELEVEN, key="one tap", now=now)
    assert booking_row(booking_id).revision == 1
