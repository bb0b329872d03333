"""How a chat was for a peer, and a talk they would like, on both databases; the member is never told."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.booking import BookingState, Felt
from portal.domain.errors import NotAllowed, NotFound, Stale
from portal.domain.matching.wellbeing import CHANGE_OFFERED_FOR, LATELY, Strain
from portal.models import AuditEntry, Booking, ChatFelt, PeerProfile, TalkWish
from portal.queries import care
from portal.queries import experience as queries
from portal.services import experience as services
from portal.services import matching
from tests.matching_cast import Hill, add_hill, both_yes, invited, seats
from tests.races.test_matching import at_once
from tests.services.outbox import add_person, book, cancel

DAY = timedelta(days=1)


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    """Ana walks with Ben."""
    made = add_hill(now)
    both_yes(made, now)
    return made


def walk_of(hill: Hill) -> int:
    [walk_id] = [walk_id for walk_id, peer_id, _ in seats() if peer_id == hill.peers[0]]
    read().rollback()
    return walk_id


def chat(hill: Hill, starts_at: datetime, now: datetime, state: BookingState = BookingState.HAPPENED) -> int:
    booking_id = book(walk_of(hill), hill.member, hill.peers[0], starts_at, now)
    if state is BookingState.CANCELLED:
        cancel(booking_id, now)
    with transaction() as session:
        session.execute(update(Booking).where(Booking.id == booking_id).values(state=state))
    return booking_id


def felt(hill: Hill, now: datetime) -> list[Felt | None]:
    read().rollback()
    return [one.felt for one in queries.last_chats(hill.peers[0], now)]


def test_a_peer_says_how_a_chat_was_and_may_say_otherwise_later(hill: Hill, now: datetime) -> None:
    booking_id = chat(hill, now - DAY, now)
    asked = queries.chat_to_feel(hill.peers[0], now)
    assert asked is not None
    assert (asked.booking_id, asked.felt) == (booking_id, None)
    for word in (Felt.HEAVY, Felt.LIGHT):
        services.say_felt(booking_id, hill.peers[0], word, now=now)
        assert felt(hill, now) == [word]
    assert queries.chat_to_feel(hill.peers[0], now) is None
    assert queries.felt_of(hill.peers[0], booking_id) is Felt.LIGHT
    read().rollback()
    verbs = read().scalars(select(AuditEntry.verb).where(AuditEntry.subject == "booking")).all()
    assert verbs.count("said how it was") == 2


def test_a_page_that_showed_another_word_changes_nothing(hill: Hill, now: datetime) -> None:
    booking_id, ben = chat(hill, now - DAY, now), hill.peers[0]
    services.say_felt(booking_id, ben, Felt.HEAVY, seen="", now=now)
    services.say_felt(booking_id, ben, Felt.HEAVY, seen="", now=now)
    with pytest.raises(Stale):
        services.say_felt(booking_id, ben, Felt.LIGHT, seen="", now=now)
    assert queries.felt_of(ben, booking_id) is Felt.HEAVY
    services.say_felt(booking_id, ben, Felt.LIGHT, seen="heavy", now=now)
    said = queries.chat_just_felt(ben, now)
    assert said is not None
    assert (said.booking_id, said.felt) == (booking_id, Felt.LIGHT)
    assert queries.chat_just_felt(ben, now + CHANGE_OFFERED_FOR) is None


def test_it_is_not_asked_for_longer_than_a_week(hill: Hill, now: datetime) -> None:
    chat(hill, now - DAY, now)
    assert queries.chat_to_feel(hill.peers[0], now + 6 * DAY) is not None
    assert queries.chat_to_feel(hill.peers[0], now + 7 * DAY) is None


def test_only_the_peer_of_the_chat_has_a_word(hill: Hill, now: datetime) -> None:
    booking_id = chat(hill, now - DAY, now)
    for person_id in (hill.member, hill.peers[1], hill.coordinator):
        with pytest.raises(NotFound):
            services.say_felt(booking_id, person_id, Felt.HEAVY, now=now)
    with pytest.raises(NotFound):
        services.say_felt(4711, hill.peers[0], Felt.HEAVY, now=now)
    assert felt(hill, now) == [None]


def test_before_a_chat_has_been_there_is_nothing_to_say(hill: Hill, now: datetime) -> None:
    booking_id = chat(hill, now + DAY, now, BookingState.BOOKED)
    with pytest.raises(Stale):
        services.say_felt(booking_id, hill.peers[0], Felt.HEAVY, now=now)
    services.say_felt(booking_id, hill.peers[0], Felt.HEAVY, now=now + 2 * DAY)
    assert felt(hill, now + 2 * DAY) == [Felt.HEAVY]


@pytest.mark.parametrize("state", [BookingState.CANCELLED, BookingState.NOT_MADE])
def test_of_a_chat_that_was_not_there_is_nothing_to_say(hill: Hill, now: datetime, state: BookingState) -> None:
    booking_id = chat(hill, now - DAY, now, state)
    with pytest.raises(NotFound):
        services.say_felt(booking_id, hill.peers[0], Felt.LIGHT, now=now)
    assert felt(hill, now) == []


def test_the_word_is_theirs_also_after_the_walk_has_ended(hill: Hill, now: datetime) -> None:
    booking_id, walk_id = chat(hill, now - DAY, now), walk_of(hill)
    matching.someone_else(walk_id, hill.member, revision=None, key="", now=now)
    services.say_felt(booking_id, hill.peers[0], Felt.HEAVY, now=now)
    assert felt(hill, now) == [Felt.HEAVY]


def test_two_words_at_once_leave_one(inside: Flask, hill: Hill, now: datetime) -> None:
    booking_id = chat(hill, now - DAY, now)
    found = at_once(
        inside,
        *[lambda word=word: services.say_felt(booking_id, hill.peers[0], word, now=now) for word in Felt],
    )
    assert found == [None] * 3
    read().rollback()
    assert len(read().scalars(select(ChatFelt)).all()) == 1


def wellbeing(peer_id: int, now: datetime) -> queries.Wellbeing:
    read().rollback()
    found = queries.wellbeing_of(peer_id, now)
    assert found is not None
    return found


def test_two_heavy_chats_offer_a_rest_and_what_is_long_past_does_not(hill: Hill, now: datetime) -> None:
    ben = hill.peers[0]
    for days in (1, 3):
        services.say_felt(chat(hill, now - days * DAY, now), ben, Felt.HEAVY, now=now)
    assert (wellbeing(ben, now).strains, wellbeing(ben, now).offers_rest) == ((Strain.HEAVY,), True)
    assert wellbeing(ben, now + LATELY).strains == ()
    services.say_fine(ben, now=now)
    assert not wellbeing(ben, now).offers_rest
    assert wellbeing(ben, now + 14 * DAY).offers_rest


def test_a_question_alone_fills_nobody_and_a_yes_does(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    ben = hill.peers[0]
    with transaction() as session:
        session.get_one(PeerProfile, ben).capacity_halves = 3
    walk_id = invited(hill, now)
    assert wellbeing(ben, now).strains == ()
    matching.say_yes(walk_id, ben, revision=None, key="", now=now)
    assert wellbeing(ben, now).strains == (Strain.FULL,)
    services.rest(ben, now=now)
    assert (wellbeing(ben, now).strains, wellbeing(ben, now).offers_rest) == ((), False)


def test_only_an_approved_peer_is_offered_anything(hill: Hill, now: datetime) -> None:
    assert queries.wellbeing_of(hill.member, now) is None


def talks() -> list[tuple[int, int | None]]:
    read().rollback()
    return [(wish.person_id, wish.settled_by) for wish in read().scalars(select(TalkWish).order_by(TalkWish.id))]


def test_one_talk_is_open_at_a_time_and_can_be_taken_back(hill: Hill, now: datetime) -> None:
    ben = hill.peers[0]
    first = services.wish_talk(ben, now=now)
    assert services.wish_talk(ben, now=now + DAY) == first
    assert (talks(), care.talk_wishes_open(), wellbeing(ben, now).talk_at) == ([(ben, None)], 1, now)
    for _tap in range(2):
        services.take_talk_back(ben, now=now)
        assert (talks(), care.talk_wishes_open()) == ([], 0)


def test_a_coordinator_settles_a_talk_and_a_new_one_may_be_wished(hill: Hill, now: datetime) -> None:
    ben, bob = hill.peers[0], add_person("Bob", now, Role.COORDINATOR)
    talk_id = services.wish_talk(ben, now=now)
    assert services.settle_talk(talk_id, hill.coordinator, now=now) == ben
    assert services.settle_talk(talk_id, bob, now=now + DAY) == ben
    services.take_talk_back(ben, now=now)
    assert (talks(), care.talk_wishes_open()) == ([(ben, hill.coordinator)], 0)
    again = services.wish_talk(ben, now=now + DAY)
    assert services.settle_talk(talk_id, bob, now=now + DAY) == ben  # an old page settles the old wish only
    assert (again != talk_id, care.talk_wishes_open()) == (True, 1)


def test_nobody_settles_their_own_talk_nor_one_that_is_not_there(hill: Hill, now: datetime) -> None:
    talk_id = services.wish_talk(hill.peers[0], now=now)
    with pytest.raises(NotAllowed):
        services.settle_talk(talk_id, hill.peers[0], now=now)
    with pytest.raises(NotFound):
        services.settle_talk(4711, hill.coordinator, now=now)
    with pytest.raises(NotFound):
        services.wish_talk(hill.member, now=now)


def test_two_wishes_at_once_are_one(inside: Flask, hill: Hill, now: datetime) -> None:
    found = at_once(inside, *[lambda: services.wish_talk(hill.peers[0], now=now)] * 3)
    assert len(set(found)) == 1
    assert len(talks()) == 1


def test_who_would_like_a_talk_stands_first_then_whom_a_kind_word_would_reach(
    inside: Flask, hill: Hill, now: datetime
) -> None:
    ben, cleo, dov = hill.peers
    services.look_after(ben, hill.coordinator, seen=None, actor_id=hill.coordinator, now=now)
    for days in (1, 3):
        services.say_felt(chat(hill, now - days * DAY, now), ben, Felt.HEAVY, now=now)
    services.wish_talk(dov, now=now)
    read().rollback()
    found = {peer.person_id: peer for peer in care.peers(now, hill.coordinator)}
    assert list(found) == [dov, ben, cleo]
    assert (found[ben].strains, found[ben].felt) == ((Strain.HEAVY,), (Felt.HEAVY, Felt.HEAVY))
    assert found[dov].talk is not None
