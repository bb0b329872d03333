"""A chat that is over has happened, and every deed is recorded; on both databases."""

from datetime import datetime, timedelta

from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import AuditEntry
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_pair,
    booking_row,
    letters_owed,
    walk_state,
)
from tests.services.test_booking.cast import HALF_HOUR, book


def test_a_chat_that_is_over_has_happened_and_both_are_asked_how_it_was(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    assert services.settle_past(now=TUESDAY_TEN + HALF_HOUR - timedelta(seconds=1)) == 0
    assert services.settle_past(now=TUESDAY_TEN + HALF_HOUR) == 1
    assert booking_row(booking_id).state == BookingState.HAPPENED
    assert walk_state(pair.walk_id) == State.REFLECTION
    assert letters_owed(Kind.REFLECT) == [(Kind.REFLECT, pair.member_id), (Kind.REFLECT, pair.peer_id)]
    assert services.settle_past(now=TUESDAY_TEN + timedelta(days=1)) == 0


def test_a_later_chat_that_is_over_asks_nothing(inside: Flask, now: datetime) -> None:
    pair = add_pair(now, State.WALKING)
    book(pair, now)
    assert services.settle_past(now=TUESDAY_ELEVEN) == 1
    assert walk_state(pair.walk_id) == State.WALKING
    assert letters_owed(Kind.REFLECT) == []


def test_a_cancelled_chat_does_not_happen(pair: Pair, now: datetime) -> None:
    services.cancel(book(pair, now), pair.member_id, 0, key="", now=now)
    assert services.settle_past(now=TUESDAY_ELEVEN) == 0


def test_every_deed_is_recorded(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    services.move(booking_id, pair.peer_id, 0, TUESDAY_ELEVEN, key="", now=now)
    services.cancel(booking_id, pair.member_id, 1, key="", now=now)
    with transaction() as session:
        deeds = session.query(AuditEntry).filter_by(subject="booking", subject_id=booking_id).order_by(AuditEntry.id)
        assert [(deed.verb, deed.actor_id) for deed in deeds] == [
            ("chat booked", pair.member_id),
            ("chat moved", pair.peer_id),
            ("chat cancelled", pair.member_id),
        ]
