"""Booking's verbs, on both databases: setting a chat, every refusal, moving, calling off, what lies behind."""

from dataclasses import replace
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
from portal.models import AuditEntry, Booking, PeerProfile, TimeOff, Walk
from portal.queries import booking as queries
from portal.queries import slots as slots_queries
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
from tests.services.outbox import add_walk

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    return add_pair(now)


def book(
    pair: Pair,
    now: datetime,
    starts_at: datetime = TUESDAY_TEN,
    key: str = "",
    actor: int = 0,
    way: Format = Format.COFFEE,
) -> int:
    return services.book(pair.walk_id, actor or pair.member_id, starts_at, way, " Juniper\nCafé ", key=key, now=now)


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


def test_a_taken_time_is_told_with_what_is_free_near_it(pair: Pair, now: datetime) -> None:
    other = add_pair(now, peer_id=pair.peer_id, name="Noor")
    book(other, now)
    with pytest.raises(TimeTaken) as refused:
        book(pair, now)
    assert refused.value.reason == Closed.TAKEN
    assert refused.value.nearest == (TUESDAY_TEN - timedelta(hours=1), TUESDAY_ELEVEN, TUESDAY_ELEVEN + HALF_HOUR)


def test_the_rest_between_chats_is_kept(pair: Pair, now: datetime) -> None:
    book(add_pair(now, peer_id=pair.peer_id, name="Noor"), now)
    with pytest.raises(TimeTaken) as refused:
        book(pair, now, TUESDAY_TEN + HALF_HOUR)
    assert refused.value.reason == Closed.REST


def test_somebody_who_is_a_peer_too_is_not_in_two_places(pair: Pair, now: datetime) -> None:
    book(pair, now)
    other_peer = add_peer(now, "Ruth")
    as_member = Pair(add_walk(pair.peer_id, other_peer, State.BOTH_YES, now), pair.peer_id, other_peer)
    with pytest.raises(TimeTaken) as refused:
        book(as_member, now, way=Format.PHONE)
    assert refused.value.reason == Closed.MEMBER_TAKEN
    assert book(as_member, now, TUESDAY_ELEVEN, way=Format.PHONE) > 0


def test_every_time_shown_is_accepted_and_every_other_is_refused(inside: Flask, now: datetime) -> None:
    """E5, with a chat and time off in the way."""
    peer_id = add_peer(now, days=[1, 2], horizon_days=9, cap_per_day=2)
    book(add_pair(now, peer_id=peer_id, name="Noor"), now)
    with transaction() as session:
        off = TUESDAY_TEN + timedelta(days=1)
        session.add(TimeOff(peer_id=peer_id, starts_at=off, ends_at=off + timedelta(hours=1)))
    pair = add_pair(now, peer_id=peer_id)
    shown = {slot.starts_at for slot in slots_queries.open_times(peer_id, pair.member_id, now)}
    assert len(shown) == 3 + 4 + 6 + 6
    refused = set()
    every = {now + timedelta(minutes=15 * step) for step in range(-8, 11 * 96)}
    for starts_at in sorted(every):
        try:
            booking_id = book(pair, now, starts_at)
        except TimeTaken:
            refused.add(starts_at)
        else:
            services.cancel(booking_id, pair.member_id, 0, key="", now=now)
    assert every - refused == shown


def test_the_database_has_the_last_word(pair: Pair, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody else's chat had come between the look and the writing."""
    book(add_pair(now, peer_id=pair.peer_id, name="Noor"), now)
    honest = queries.times_of
    looks = iter([True])

    def looked_too_early(*args: Any, **kwargs: Any) -> slots_queries.FreeTime:
        times = honest(*args, **kwargs)
        return replace(times, busy=()) if next(looks, False) else times

    monkeypatch.setattr(queries, "times_of", looked_too_early)
    with pytest.raises(TimeTaken) as refused:
        book(pair, now)
    assert refused.value.reason == Closed.TAKEN
    assert TUESDAY_ELEVEN in refused.value.nearest
    assert next(looks, None) is None
    assert walk_state(pair.walk_id) == State.BOTH_YES
    assert len(letters_owed(Kind.INVITATION)) == 2


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
