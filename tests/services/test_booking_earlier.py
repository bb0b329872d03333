"""Something earlier, on both databases: one person at a time, the longest wait first, never the same time twice."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.errors import NotFound, Stale, TimeTaken
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import PeerProfile, Person, TimeOff
from portal.queries.booking import earlier as queries
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_TEN,
    Pair,
    add_pair,
    add_peer,
    booking_row,
    hold_rows,
    letters_owed,
    walk_state,
)
from tests.servers.smtp import Sink
from tests.services.outbox import deliver_due, one, rows

DAY = timedelta(days=1)
WEDNESDAY_TEN = TUESDAY_TEN + DAY
THURSDAY_TEN = TUESDAY_TEN + 2 * DAY
LATER = timedelta(minutes=11)  # a cancellation can be undone for ten minutes
OFFERED, BOOKED, RELEASED, LAPSED = (
    BookingState.OFFERED,
    BookingState.BOOKED,
    BookingState.RELEASED,
    BookingState.LAPSED,
)


@pytest.fixture
def peer_id(inside: Flask, now: datetime) -> int:
    """A peer with one time a day, at ten."""
    peer_id = add_peer(now, cap_per_day=1)
    with transaction() as session:
        for day in range(30):
            at = TUESDAY_TEN - DAY + timedelta(days=day, minutes=30)
            session.add(TimeOff(peer_id=peer_id, starts_at=at, ends_at=at + timedelta(hours=3)))
            early = TUESDAY_TEN - DAY + timedelta(days=day, hours=-2)
            session.add(TimeOff(peer_id=peer_id, starts_at=early, ends_at=early + timedelta(hours=2)))
    return peer_id


def book(pair: Pair, starts_at: datetime, now: datetime) -> int:
    return services.book(pair.walk_id, pair.member_id, starts_at, Format.PHONE, "", key="", now=now)


def cancel(pair: Pair, booking_id: int, now: datetime) -> None:
    services.cancel(booking_id, pair.member_id, booking_row(booking_id).revision, key="", now=now)


def waiting(peer_id: int, name: str, starts_at: datetime, now: datetime) -> tuple[Pair, int]:
    """Add a pair whose member has a chat then and would like something earlier."""
    pair = add_pair(now, peer_id=peer_id, name=name)
    chat_id = book(pair, starts_at, now)
    services.wish_earlier(pair.walk_id, pair.member_id, chat_id=chat_id, now=now)
    return pair, chat_id


def held_for(pair: Pair) -> int:
    held = queries.held_for_walk(pair.walk_id)
    assert held is not None
    return held


@pytest.fixture
def freed(peer_id: int, now: datetime) -> tuple[Pair, int]:
    """Somebody with Tuesday at ten, which they will cancel."""
    first = add_pair(now, peer_id=peer_id, name="Noor")
    return first, book(first, TUESDAY_TEN, now)


def test_a_time_that_comes_free_is_held_for_who_waited_longest(
    freed: tuple[Pair, int], peer_id: int, now: datetime
) -> None:
    ana, ana_chat = waiting(peer_id, "Ana", THURSDAY_TEN, now + timedelta(minutes=1))
    ben, _chat = waiting(peer_id, "Ben", WEDNESDAY_TEN, now + timedelta(minutes=2))
    cancel(*freed, now + timedelta(minutes=3))
    assert services.offer_earlier(now=now + timedelta(minutes=4)) == 0
    later = now + timedelta(minutes=3) + LATER
    assert services.offer_earlier(now=later) == 1
    held = booking_row(held_for(ana))
    assert (held.state, held.starts_at, held.answer_by) == (OFFERED, TUESDAY_TEN, later + timedelta(hours=2))
    assert [hold.active for hold in hold_rows(held.id)] == [True, True]
    assert letters_owed(Kind.TIME_OFFERED) == [(Kind.TIME_OFFERED, ana.member_id)]
    assert services.offer_earlier(now=later + timedelta(minutes=1)) == 0
    assert queries.held_for_walk(ben.walk_id) is None
    assert booking_row(ana_chat).starts_at == THURSDAY_TEN


def test_a_yes_moves_the_later_chat_so_that_its_entry_moves_along(
    freed: tuple[Pair, int], peer_id: int, now: datetime
) -> None:
    ana, chat = waiting(peer_id, "Ana", THURSDAY_TEN, now)
    cancel(*freed, now)
    services.offer_earlier(now=now + LATER)
    held = held_for(ana)
    assert services.take(held, ana.member_id, key="", now=now + LATER) == chat
    moved = booking_row(chat)
    assert (moved.state, moved.starts_at, moved.revision) == (BOOKED, TUESDAY_TEN, 1)
    assert booking_row(held).state is RELEASED
    assert [hold.active for hold in hold_rows(held)] == [False, False]
    assert {(kind, person) for kind, person in letters_owed(Kind.UPDATE, Kind.TIME_OFFERED)} == {
        (Kind.UPDATE, ana.member_id),
        (Kind.UPDATE, ana.peer_id),
    }
    assert queries.wish_of_walk(ana.walk_id) is None
    with pytest.raises(Stale):
        services.take(held, ana.member_id, key="", now=now + LATER)


def test_no_thanks_goes_down_the_list_and_nobody_is_offered_the_same_time_twice(
    freed: tuple[Pair, int], peer_id: int, now: datetime
) -> None:
    ana, _chat = waiting(peer_id, "Ana", THURSDAY_TEN, now)
    ben, _other = waiting(peer_id, "Ben", WEDNESDAY_TEN, now + timedelta(minutes=1))
    cancel(*freed, now + timedelta(minutes=2))
    at = now + timedelta(minutes=2) + LATER
    services.offer_earlier(now=at)
    services.no_thanks(held_for(ana), ana.member_id, key="", now=at)
    assert services.offer_earlier(now=at) == 1
    services.no_thanks(held_for(ben), ben.member_id, key="", now=at)
    assert services.offer_earlier(now=at) == 0
    assert {queries.wish_of_walk(pair.walk_id) is not None for pair in (ana, ben)} == {True}


def test_silence_passes_it_on_too(freed: tuple[Pair, int], peer_id: int, now: datetime) -> None:
    ana, _chat = waiting(peer_id, "Ana", THURSDAY_TEN, now)
    ben, _other = waiting(peer_id, "Ben", WEDNESDAY_TEN, now + timedelta(minutes=1))
    cancel(*freed, now + timedelta(minutes=2))
    at = now + timedelta(minutes=2) + LATER
    services.offer_earlier(now=at)
    first = held_for(ana)
    after = at + timedelta(hours=2)
    with pytest.raises(Stale, match="no longer held"):
        services.take(first, ana.member_id, key="", now=after)
    with transaction() as session:
        session.get_one(PeerProfile, peer_id).notice_hours = 12
    services.offer_earlier(now=after)
    assert booking_row(first).state is LAPSED
    assert booking_row(held_for(ben)).starts_at == TUESDAY_TEN


def test_what_was_open_when_the_wish_was_made_is_not_offered(peer_id: int, now: datetime) -> None:
    waiting(peer_id, "Ana", THURSDAY_TEN, now)  # Tuesday and Wednesday at ten are open, and she chose Thursday
    assert services.offer_earlier(now=now + LATER) == 0


def test_an_offer_in_the_night_is_told_and_counted_from_the_morning(
    freed: tuple[Pair, int], peer_id: int, smtp: Sink, now: datetime
) -> None:
    ana, _chat = waiting(peer_id, "Ana", THURSDAY_TEN, now)
    with transaction() as session:
        session.get_one(PeerProfile, peer_id).notice_hours = 2
        assert session.get_one(Person, ana.member_id).zone == "Europe/Berlin"
    night = now.replace(hour=22)  # eleven in the evening in Berlin
    cancel(*freed, night - LATER)
    services.offer_earlier(now=night)
    morning = night + timedelta(hours=10)
    assert booking_row(held_for(ana)).answer_by == morning + timedelta(hours=2)
    assert one(Kind.TIME_OFFERED, ana.member_id).due_at == morning
    deliver_due(morning)
    assert one(Kind.TIME_OFFERED, ana.member_id).state is NoticeState.SENT


def test_without_a_chat_the_first_time_that_opens_becomes_the_chat(
    freed: tuple[Pair, int], peer_id: int, now: datetime
) -> None:
    ana = add_pair(now, peer_id=peer_id, name="Ana")
    services.wish_earlier(ana.walk_id, ana.member_id, now=now)
    cancel(*freed, now)
    services.offer_earlier(now=now + LATER)
    held = held_for(ana)
    assert services.take(held, ana.member_id, way=Format.VIDEO, key="", now=now + LATER) == held
    taken = booking_row(held)
    assert (taken.state, taken.format, taken.answer_by) == (BOOKED, Format.VIDEO, None)
    assert walk_state(ana.walk_id) == State.FIRST_COFFEE
    assert len(letters_owed(Kind.INVITATION)) == 2


def test_a_wish_ends_with_its_chat_and_a_stopped_one_frees_what_is_held(
    freed: tuple[Pair, int], peer_id: int, now: datetime
) -> None:
    ana, chat = waiting(peer_id, "Ana", THURSDAY_TEN, now)
    cancel(*freed, now)
    services.offer_earlier(now=now + LATER)
    held = held_for(ana)
    services.stop_wishing(ana.walk_id, ana.member_id, now=now + LATER)
    assert (booking_row(held).state, queries.wish_of_walk(ana.walk_id)) == (RELEASED, None)
    services.wish_earlier(ana.walk_id, ana.member_id, chat_id=chat, now=now + LATER)
    cancel(ana, chat, now + LATER)
    services.offer_earlier(now=now + 2 * LATER)
    assert queries.wish_of_walk(ana.walk_id) is None


def test_of_a_peer_who_says_yes_first_any_open_time_is_asked_for_instead(inside: Flask, now: datetime) -> None:
    pair = add_pair(now, peer_id=add_peer(now, says_yes_first=True))
    with pytest.raises(Stale, match="says yes to each chat first"):
        services.wish_earlier(pair.walk_id, pair.member_id, now=now)


@pytest.mark.parametrize("instead", [False, True])
def test_what_is_held_is_not_taken_past_a_peer_who_says_yes_first_by_now(
    freed: tuple[Pair, int], peer_id: int, now: datetime, instead: bool
) -> None:
    if instead:
        ana, _chat = waiting(peer_id, "Ana", THURSDAY_TEN, now)
    else:
        ana = add_pair(now, peer_id=peer_id, name="Ana")
        services.wish_earlier(ana.walk_id, ana.member_id, now=now)
    cancel(*freed, now)
    services.offer_earlier(now=now + LATER)
    held = held_for(ana)
    with transaction() as session:
        session.get_one(PeerProfile, peer_id).says_yes_first = True
    with pytest.raises(Stale, match="says yes to each chat first"):
        services.take(held, ana.member_id, key="", now=now + LATER)
    assert (booking_row(held).state, booking_row(held).starts_at) == (OFFERED, TUESDAY_TEN)


def test_only_the_member_wishes_and_answers(freed: tuple[Pair, int], peer_id: int, now: datetime) -> None:
    ana, chat = waiting(peer_id, "Ana", THURSDAY_TEN, now)
    cancel(*freed, now)
    services.offer_earlier(now=now + LATER)
    held = held_for(ana)
    for actor_id in (ana.peer_id, freed[0].member_id):
        with pytest.raises(NotFound):
            services.take(held, actor_id, key="", now=now)
        with pytest.raises(NotFound):
            services.no_thanks(held, actor_id, key="", now=now)
        with pytest.raises(NotFound):
            services.wish_earlier(ana.walk_id, actor_id, chat_id=chat, now=now)
    with pytest.raises(NotFound):
        services.wish_earlier(freed[0].walk_id, freed[0].member_id, chat_id=chat, now=now)


def test_a_letter_about_a_held_time_is_written_with_what_moves(
    freed: tuple[Pair, int], peer_id: int, now: datetime
) -> None:
    ana, _chat = waiting(peer_id, "Ana", THURSDAY_TEN, now)
    cancel(*freed, now)
    services.offer_earlier(now=now + LATER)
    (letter,) = rows([Kind.TIME_OFFERED])
    assert (letter.booking_id, letter.person_id) == (held_for(ana), ana.member_id)


def test_what_is_held_is_free_for_nobody_else(freed: tuple[Pair, int], peer_id: int, now: datetime) -> None:
    waiting(peer_id, "Ana", THURSDAY_TEN, now)
    cancel(*freed, now)
    services.offer_earlier(now=now + LATER)
    other = add_pair(now, peer_id=peer_id, name="Zoe")
    with pytest.raises(TimeTaken):
        book(other, TUESDAY_TEN, now + LATER)
