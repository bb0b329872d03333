"""A chat that one of the two could not make, on both databases: said by either and told without blame."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState, Felt
from portal.domain.errors import NotFound, Stale
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import ChatFelt
from portal.services import booking as services
from tests.booking_cast import (
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
from tests.servers.smtp import Sink
from tests.services.outbox import deliver_due, one, rows
from tests.services.test_notice_deliver import to

OVER = TUESDAY_TEN + timedelta(minutes=30)


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    return add_pair(now)


@pytest.fixture
def chat(pair: Pair, now: datetime) -> int:
    return book(pair, now)


def book(pair: Pair, now: datetime) -> int:
    return services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "", key="", now=now)


def say(chat: int, actor_id: int, now: datetime, revision: int = 0, key: str = "") -> int:
    return services.say_not_made(chat, actor_id, revision, key=key, now=now)


@pytest.mark.parametrize("by_peer", [False, True])
def test_either_says_it_and_the_first_coffee_is_still_to_come(chat: int, pair: Pair, by_peer: bool) -> None:
    say(chat, pair.peer_id if by_peer else pair.member_id, TUESDAY_TEN)
    assert booking_row(chat).state == BookingState.NOT_MADE
    assert [hold.active for hold in hold_rows(chat)] == [False, False]
    assert (walk_state(pair.walk_id), steps_of(pair.walk_id)) == (State.BOTH_YES, ["book", "unbook"])
    book(pair, TUESDAY_TEN - timedelta(days=1))


def test_the_other_one_is_told_calmly_and_nobody_is_asked_why(chat: int, pair: Pair, smtp: Sink, now: datetime) -> None:
    say(chat, pair.peer_id, TUESDAY_TEN)
    assert letters_owed(Kind.NOT_MADE) == [(Kind.NOT_MADE, pair.member_id)]
    deliver_due(TUESDAY_TEN)
    (letter,) = to(smtp, "ana")
    plain = letter.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "couldn’t take place" in plain
    assert "nobody is asked why" in plain
    assert "couldn’t take place" in str(letter.message["Subject"])
    assert "Maya" not in f"{letter.message['Subject']} {plain}"


def test_while_the_other_may_be_waiting_it_is_told_at_once_and_later_not_at_night(chat: int, pair: Pair) -> None:
    night = TUESDAY_TEN + timedelta(hours=7)  # eleven at night in Berlin
    say(chat, pair.peer_id, night)
    assert one(Kind.NOT_MADE, pair.member_id).due_at == TUESDAY_TEN + timedelta(hours=17)


def test_nothing_else_is_owed_for_it_any_more(chat: int, pair: Pair) -> None:
    say(chat, pair.member_id, TUESDAY_TEN)
    assert {notice.kind for notice in rows() if notice.state is NoticeState.DUE} == {Kind.NOT_MADE}
    assert services.settle_past(now=OVER) == 0
    assert booking_row(chat).state == BookingState.NOT_MADE


def test_a_chat_taken_to_have_happened_may_be_put_right_and_nobody_is_asked_how_it_was(
    chat: int, pair: Pair, now: datetime
) -> None:
    services.settle_past(now=OVER)
    assert walk_state(pair.walk_id) == State.REFLECTION
    with transaction() as session:
        session.add(ChatFelt(booking_id=chat, person_id=pair.peer_id, felt=Felt.HEAVY, at=OVER))
    say(chat, pair.member_id, OVER + timedelta(days=1))
    assert (booking_row(chat).state, walk_state(pair.walk_id)) == (BookingState.NOT_MADE, State.BOTH_YES)
    assert letters_owed(Kind.REFLECT) == []
    with transaction() as session:
        assert session.get(ChatFelt, (chat, pair.peer_id)) is None


def test_a_walk_that_goes_on_stays_where_it_is(inside: Flask, now: datetime) -> None:
    pair = add_pair(now, State.WALKING)
    say(book(pair, now), pair.member_id, TUESDAY_TEN)
    assert walk_state(pair.walk_id) == State.WALKING


@pytest.mark.parametrize("at", [TUESDAY_TEN - timedelta(seconds=1), TUESDAY_TEN + timedelta(days=7)])
def test_it_is_said_from_the_start_on_and_for_seven_days(chat: int, pair: Pair, at: datetime) -> None:
    with pytest.raises(Stale, match="seven days"):
        say(chat, pair.member_id, at)
    assert booking_row(chat).state == BookingState.BOOKED


def test_up_to_the_last_moment_of_the_seven_days_it_can_be_said(chat: int, pair: Pair) -> None:
    say(chat, pair.member_id, TUESDAY_TEN + timedelta(days=7, seconds=-1))
    assert booking_row(chat).state == BookingState.NOT_MADE


def test_when_both_say_it_the_second_time_changes_nothing(chat: int, pair: Pair) -> None:
    say(chat, pair.member_id, TUESDAY_TEN)
    assert say(chat, pair.peer_id, TUESDAY_TEN) == chat
    assert booking_row(chat).revision == 1
    assert letters_owed(Kind.NOT_MADE) == [(Kind.NOT_MADE, pair.peer_id)]


def test_a_cancelled_chat_and_a_strangers_are_left_alone(chat: int, pair: Pair, now: datetime) -> None:
    with pytest.raises(NotFound):
        say(chat, add_member(now, "Sam"), TUESDAY_TEN)
    services.cancel(chat, pair.member_id, 0, key="", now=now)
    with pytest.raises(Stale):
        say(chat, pair.member_id, TUESDAY_TEN, revision=1)


def test_a_screen_from_before_a_move_says_nothing(chat: int, pair: Pair, now: datetime) -> None:
    services.move(chat, pair.peer_id, 0, TUESDAY_TEN + timedelta(minutes=30), key="", now=now)
    with pytest.raises(Stale, match="changed"):
        say(chat, pair.member_id, TUESDAY_TEN + timedelta(hours=1))
