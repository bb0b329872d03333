"""Rhythms, on both databases: separate chats by the same rules, all of them or none; ended from one chat on."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState, Meeting
from portal.domain.booking.rhythm import turns
from portal.domain.errors import BadInput, NoRoom, NotFound, Stale, TimeTaken
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import Booking, Hold, Series, TimeOff, Walk
from portal.queries.booking import series as queries
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_member,
    add_pair,
    add_peer,
    booking_row,
    letters_owed,
    walk_state,
)

WEEK = timedelta(weeks=1)
COFFEE = Meeting(Format.COFFEE, "Juniper Café")


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    return add_pair(now, State.WALKING, peer_id=add_peer(now, horizon_days=60))


def weekly(count: int, first: datetime = TUESDAY_TEN) -> list[datetime]:
    return [turn.starts_at for turn in turns(first, "America/New_York", 1, count)]


def set_rhythm(pair: Pair, starts: Sequence[datetime], now: datetime, key: str = "", actor: int = 0) -> int:
    return services.set_rhythm(pair.walk_id, actor or pair.member_id, starts, 1, COFFEE, key=key, now=now)


def chats(pair: Pair) -> list[tuple[datetime, BookingState]]:
    with transaction() as session:
        found = session.query(Booking).filter_by(walk_id=pair.walk_id).order_by(Booking.starts_at)
        return [(chat.starts_at, chat.state) for chat in found]


def test_each_time_becomes_a_chat_of_its_own_with_letters_of_its_own(pair: Pair, now: datetime) -> None:
    first = set_rhythm(pair, weekly(4), now)
    assert chats(pair) == [(at, BookingState.BOOKED) for at in weekly(4)]
    rhythm = queries.rhythm_of(first, now)
    assert rhythm is not None
    assert (rhythm.every_weeks, [at for _id, at in rhythm.ahead]) == (1, weekly(4))
    assert len(letters_owed(Kind.INVITATION)) == 8
    with transaction() as session:
        assert session.query(Hold).filter_by(active=True).count() == 8


def test_the_wall_clock_stays_over_the_change_of_clocks(pair: Pair, now: datetime) -> None:
    # New York sets its clocks forward on Sunday 8 March 2026: ten o'clock is an hour earlier in UTC after it.
    set_rhythm(pair, weekly(2), now)
    assert [at for at, _state in chats(pair)] == [TUESDAY_TEN, datetime(2026, 3, 10, 14, 0, tzinfo=UTC)]


def test_where_one_time_went_nothing_is_set_at_all(pair: Pair, now: datetime) -> None:
    with transaction() as session:
        gone = weekly(3)[2]
        session.add(TimeOff(peer_id=pair.peer_id, starts_at=gone, ends_at=gone + timedelta(hours=1)))
    with pytest.raises(TimeTaken, match="taking time off"):
        set_rhythm(pair, weekly(4), now)
    assert chats(pair) == []
    with transaction() as session:
        assert session.query(Series).count() == 0
    assert letters_owed(Kind.INVITATION) == []


def test_a_chat_that_is_booked_already_becomes_part_of_it_and_stays_as_it_is(pair: Pair, now: datetime) -> None:
    booked = services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.PHONE, "", key="", now=now)
    set_rhythm(pair, weekly(3), now)
    row = booking_row(booked)
    assert (row.format, row.revision, row.series_id is not None) == (Format.PHONE, 0, True)
    assert len(chats(pair)) == 3


def test_each_can_be_moved_alone(pair: Pair, now: datetime) -> None:
    first = set_rhythm(pair, weekly(3), now)
    services.move(first, pair.peer_id, 0, TUESDAY_ELEVEN, key="", now=now)
    assert [at for at, _state in chats(pair)] == [TUESDAY_ELEVEN, *weekly(3)[1:]]
    assert booking_row(first).series_id is not None


def test_its_end_calls_off_what_comes_after_and_keeps_the_chat_it_was_ended_from(pair: Pair, now: datetime) -> None:
    set_rhythm(pair, weekly(4), now)
    second = next(id_ for id_, at in queries.rhythm_of(1, now).ahead if at == weekly(4)[1])  # type: ignore[union-attr]
    assert services.end_rhythm(second, pair.peer_id, key="", now=now) == 2
    assert [state for _at, state in chats(pair)] == [BookingState.BOOKED] * 2 + [BookingState.CANCELLED] * 2
    assert services.end_rhythm(second, pair.peer_id, key="", now=now) == 0


def test_the_same_form_sent_twice_sets_it_once(pair: Pair, now: datetime) -> None:
    assert set_rhythm(pair, weekly(3), now, key="one tap") == set_rhythm(pair, weekly(3), now, key="one tap")
    assert len(chats(pair)) == 3


def test_before_the_first_coffee_there_is_no_rhythm(inside: Flask, now: datetime) -> None:
    pair = add_pair(now, State.BOTH_YES)
    with pytest.raises(Stale, match="met for the first time"):
        set_rhythm(pair, weekly(2), now)


@pytest.mark.parametrize("count", [1, 13])
def test_one_chat_is_no_rhythm_and_thirteen_are_too_many(pair: Pair, now: datetime, count: int) -> None:
    starts = [TUESDAY_TEN + WEEK * index for index in range(count)]
    with pytest.raises(BadInput):
        set_rhythm(pair, starts, now)


def test_no_more_are_set_than_may_lie_ahead(pair: Pair, now: datetime) -> None:
    set_rhythm(pair, weekly(8), now)
    with pytest.raises(Stale, match="twelve chats ahead"):
        set_rhythm(pair, weekly(5, TUESDAY_ELEVEN), now)
    assert len(chats(pair)) == 8


def test_with_a_peer_who_says_yes_first_it_is_one_question_and_one_yes(inside: Flask, now: datetime) -> None:
    pair = add_pair(now, State.WALKING, peer_id=add_peer(now, says_yes_first=True, horizon_days=60))
    first = set_rhythm(pair, weekly(4), now)
    assert chats(pair) == [(at, BookingState.ASKED) for at in weekly(4)]
    assert letters_owed(Kind.TIME_ASKED, Kind.INVITATION) == [(Kind.TIME_ASKED, pair.peer_id)]
    for hour in (0, 1):
        services.ask(
            pair.walk_id,
            pair.member_id,
            TUESDAY_TEN + timedelta(days=1, hours=hour),
            Format.PHONE,
            "",
            key="",
            now=now,
        )
    with pytest.raises(NoRoom):
        set_rhythm(pair, weekly(2, TUESDAY_ELEVEN), now)
    services.say_yes(first, pair.peer_id, key="", now=now)
    assert [state for _at, state in chats(pair)].count(BookingState.BOOKED) == 4
    assert len(letters_owed(Kind.INVITATION)) == 8


def test_of_a_rhythm_that_was_asked_for_what_no_longer_fits_is_let_go_and_the_rest_booked(
    inside: Flask, now: datetime
) -> None:
    pair = add_pair(now, State.WALKING, peer_id=add_peer(now, says_yes_first=True, horizon_days=60))
    first = set_rhythm(pair, weekly(3), now)
    with transaction() as session:
        gone = weekly(3)[1]
        session.add(TimeOff(peer_id=pair.peer_id, starts_at=gone, ends_at=gone + timedelta(hours=1)))
    services.say_yes(first, pair.peer_id, key="", now=now)
    assert [state for _at, state in chats(pair)] == [BookingState.BOOKED, BookingState.RELEASED, BookingState.BOOKED]
    assert letters_owed(Kind.TIME_RELEASED) == [(Kind.TIME_RELEASED, pair.member_id)]


def test_a_stranger_sets_and_ends_nothing(pair: Pair, now: datetime) -> None:
    stranger = add_member(now, "Sam")
    with pytest.raises(NotFound):
        set_rhythm(pair, weekly(2), now, actor=stranger)
    first = set_rhythm(pair, weekly(2), now)
    with pytest.raises(NotFound):
        services.end_rhythm(first, stranger, key="", now=now)


def test_two_whose_only_chats_ahead_were_the_rhythm_can_find_a_first_time_again(pair: Pair, now: datetime) -> None:
    first = set_rhythm(pair, weekly(3), now)
    with transaction() as session:
        session.get_one(Walk, pair.walk_id).state = State.FIRST_COFFEE
        session.get_one(Booking, first).state = BookingState.NOT_MADE
    assert services.end_rhythm(first, pair.member_id, key="", now=now) == 2
    assert walk_state(pair.walk_id) == State.BOTH_YES
