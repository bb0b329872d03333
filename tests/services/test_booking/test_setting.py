"""A chat is set: for whom, how many lie ahead, and how the two would meet; on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.errors import BadInput, NotFound, Stale, TimeTaken
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.domain.slots import Closed
from portal.models import Booking, PeerProfile, Walk
from portal.queries import booking as queries
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_member,
    add_pair,
    add_peer,
    booking_row,
    hold_rows,
    letters_owed,
    steps_of,
    walk_state,
)
from tests.services.test_booking.cast import HALF_HOUR, book


def test_a_chat_takes_the_time_of_both_and_moves_the_walk_on(pair: Pair, now: datetime) -> None:
    booking = booking_row(book(pair, now))
    assert (booking.starts_at, booking.ends_at) == (TUESDAY_TEN, TUESDAY_TEN + HALF_HOUR)
    assert (booking.state, booking.revision, booking.place) == (BookingState.BOOKED, 0, "Juniper Café")
    assert [
        (hold.person_id, hold.starts_at, hold.ends_at, hold.rest_after_minutes) for hold in hold_rows(booking.id)
    ] == [
        (pair.member_id, TUESDAY_TEN, TUESDAY_TEN + HALF_HOUR, 0),
        (pair.peer_id, TUESDAY_TEN, TUESDAY_TEN + HALF_HOUR, 15),
    ]
    assert walk_state(pair.walk_id) == State.FIRST_COFFEE
    assert letters_owed(Kind.INVITATION) == [(Kind.INVITATION, pair.member_id), (Kind.INVITATION, pair.peer_id)]


def test_the_peer_may_book_too(pair: Pair, now: datetime) -> None:
    assert booking_row(book(pair, now, actor=pair.peer_id)).booked_by == pair.peer_id


def test_each_of_the_two_gets_a_calendar_entry_of_their_own(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    entries = [queries.invitation_of(booking_id, person_id) for person_id in (pair.member_id, pair.peer_id)]
    assert len({entry.uid for entry in entries if entry is not None}) == 2


def test_the_same_form_sent_twice_books_once(pair: Pair, now: datetime) -> None:
    first = book(pair, now, key="one tap")
    assert book(pair, now, key="one tap") == first
    assert len(letters_owed(Kind.INVITATION)) == 2


def test_a_stranger_books_nothing(pair: Pair, now: datetime) -> None:
    stranger = add_member(now, "Sam")
    with pytest.raises(NotFound):
        book(pair, now, actor=stranger)


@pytest.mark.parametrize("state", [State.ASKED, State.INVITED, State.CLOSED, State.SOMEONE_ELSE])
def test_only_two_who_both_said_yes_may_book(inside: Flask, now: datetime, state: State) -> None:
    pair = add_pair(now, state)
    with pytest.raises(NotFound):
        book(pair, now)


@pytest.mark.parametrize("state", [State.REFLECTION, State.WALKING])
def test_a_later_chat_leaves_the_walk_where_it_is(inside: Flask, now: datetime, state: State) -> None:
    pair = add_pair(now, state)
    book(pair, now)
    assert walk_state(pair.walk_id) == state
    assert steps_of(pair.walk_id) == []


def test_there_is_one_chat_ahead_until_the_first_has_been(pair: Pair, now: datetime) -> None:
    book(pair, now)
    with pytest.raises(Stale, match="already have a chat"):
        book(pair, now, TUESDAY_ELEVEN)


@pytest.mark.parametrize("state", [State.REFLECTION, State.WALKING])
def test_after_the_first_up_to_twelve_chats_may_lie_ahead(inside: Flask, now: datetime, state: State) -> None:
    pair = add_pair(now, state)
    two = queries.two_of_walk(pair.member_id, pair.walk_id)
    assert two is not None
    for _each in range(12):
        book(pair, now, queries.times_of(two, now).slots[0].starts_at)
    assert len(queries.chats_ahead(pair.walk_id, now)) == 12
    with pytest.raises(Stale, match="twelve chats ahead"):
        book(pair, now, queries.times_of(two, now).slots[0].starts_at)


def test_only_what_is_booked_takes_a_place_ahead(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    for state, ahead in ((BookingState.BOOKED, (booking_id,)), (BookingState.ASKED, ()), (BookingState.OFFERED, ())):
        with transaction() as session:
            session.get_one(Booking, booking_id).state = state
        assert queries.chats_ahead(pair.walk_id, now) == ahead


def test_a_walk_that_ends_lets_go_of_what_was_asked_for(pair: Pair, now: datetime) -> None:
    booking_id = book(pair, now)
    with transaction() as session:
        session.get_one(Booking, booking_id).state = BookingState.ASKED
    with transaction() as session:
        services.end_chats(session, pair.walk_id, by=pair.member_id, now=now)
    assert booking_row(booking_id).state == BookingState.RELEASED
    assert [hold.active for hold in hold_rows(booking_id)] == [False, False]
    assert letters_owed(*Kind) == []


def test_a_note_and_another_length_are_kept_with_the_chat(pair: Pair, now: datetime) -> None:
    with transaction() as session:
        session.get_one(PeerProfile, pair.peer_id).other_lengths = "60,45"
    booking_id = services.book(
        pair.walk_id, pair.member_id, TUESDAY_TEN, Format.PHONE, "", minutes=60, note=" One \r\n two ", key="", now=now
    )
    booking = booking_row(booking_id)
    assert (booking.ends_at - booking.starts_at, booking.note) == (timedelta(hours=1), "One\ntwo")
    assert {hold.ends_at - hold.starts_at for hold in hold_rows(booking_id)} == {timedelta(hours=1)}
    services.move(booking_id, pair.member_id, 0, TUESDAY_ELEVEN, key="", now=now)
    assert booking_row(booking_id).ends_at == TUESDAY_ELEVEN + timedelta(hours=1)


@pytest.mark.parametrize(
    ("field", "asked"), [("minutes", {"minutes": 25}), ("place", {"place": "x" * 201}), ("note", {"note": "x" * 501})]
)
def test_what_is_not_offered_or_too_long_is_blamed_on_its_field(
    pair: Pair, now: datetime, field: str, asked: dict[str, object]
) -> None:
    wish: dict[str, Any] = {"way": Format.COFFEE, "place": "", **asked}
    with pytest.raises(BadInput) as refused:
        services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, key="", now=now, **wish)
    assert refused.value.field == field


def test_with_a_peer_who_says_yes_first_a_member_books_nothing_past_them(pair: Pair, now: datetime) -> None:
    with transaction() as session:
        session.get_one(PeerProfile, pair.peer_id).says_yes_first = True
    with pytest.raises(Stale, match="say yes"):
        book(pair, now)
    assert booking_row(book(pair, now, actor=pair.peer_id)).state == BookingState.BOOKED


def test_no_chat_is_set_after_the_last_day_of_an_ending_which_is_the_members_own(inside: Flask, now: datetime) -> None:
    pair = add_pair(now, State.ENDING)
    with transaction() as session:
        session.get_one(Walk, pair.walk_id).ends_on = TUESDAY_TEN.date()
    two = queries.two_of_walk(pair.member_id, pair.walk_id)
    assert two is not None
    shown = queries.times_of(two, now).slots
    assert {slot.starts_at.date() for slot in shown} == {TUESDAY_TEN.date()}
    for after in (TUESDAY_TEN + timedelta(days=1), TUESDAY_TEN + timedelta(days=7)):
        with pytest.raises(TimeTaken) as refused:
            book(pair, now, after)
        assert refused.value.reason == Closed.TOO_FAR.value
        assert set(refused.value.nearest) <= {slot.starts_at for slot in shown}
    booking_id = book(pair, now, TUESDAY_TEN)
    with pytest.raises(TimeTaken):
        services.move(booking_id, pair.member_id, 0, TUESDAY_TEN + timedelta(days=1), key="", now=now)
    services.move(booking_id, pair.member_id, 0, TUESDAY_ELEVEN, key="", now=now)


def test_a_way_to_meet_that_is_not_offered_is_refused(inside: Flask, now: datetime) -> None:
    peer_id = add_peer(now, about={"formats": ["phone", "video"]})
    pair = add_pair(now, peer_id=peer_id)
    with pytest.raises(BadInput):
        book(pair, now)


@pytest.mark.parametrize("elsewhere", [None, {"town": 4887398, "lat": 41.9, "lon": -87.6}])
def test_coffee_is_not_offered_to_two_who_are_not_known_to_live_near(
    inside: Flask, now: datetime, elsewhere: object
) -> None:
    pair = add_pair(now, peer_id=add_peer(now, about={"place": elsewhere}))
    shown = queries.pair_for(pair.member_id, pair.walk_id, now)
    assert shown is not None
    assert shown.formats == (Format.PHONE, Format.VIDEO, Format.TEXT)
    with pytest.raises(BadInput):
        book(pair, now)


def test_a_place_is_kept_only_where_two_people_meet_in_person(pair: Pair, now: datetime) -> None:
    booking_id = services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.PHONE, "a café", key="", now=now)
    assert booking_row(booking_id).place == ""
