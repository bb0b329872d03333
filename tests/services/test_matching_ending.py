"""After both yeses, on both databases: reflecting in private, somebody else, stopping, seats that grow lighter."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read
from portal.domain.booking import BookingState
from portal.domain.errors import BadInput, NotAllowed, NotFound, Stale
from portal.domain.matching.walk import State, Step
from portal.domain.notice import Kind
from portal.models import Booking, Hold, Reflection
from portal.queries import matching as queries
from portal.services import matching
from portal.services.booking import settle_past
from tests.matching_cast import (
    Hill,
    add_hill,
    asked,
    both_yes,
    chosen,
    invited,
    owed,
    ranks,
    seats,
    set_walk,
    steps_of,
    walk_row,
)
from tests.services.outbox import add_person, book


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


@pytest.fixture
def met(hill: Hill, now: datetime) -> int:
    walk_id = both_yes(hill, now)
    set_walk(walk_id, state=State.REFLECTION)
    return walk_id


def reflect(walk_id: int, person_id: int, answer: Step, now: datetime, words: str = "", key: str = "") -> int:
    return matching.reflect(walk_id, person_id, answer, words, key=key, now=now)


def test_they_walk_on_once_both_keep_going(hill: Hill, met: int, now: datetime) -> None:
    reflect(met, hill.member, Step.KEEP_GOING, now, " It was good. ")
    assert walk_row(met).state == State.REFLECTION
    reflect(met, hill.peers[0], Step.KEEP_GOING, now)
    assert walk_row(met).state == State.WALKING
    assert steps_of(met)[-1] == "keep_going"
    assert list(read().scalars(select(Reflection.words).order_by(Reflection.id))) == ["It was good.", ""]
    assert seats() == [(met, hill.peers[0], 3)]


def test_one_who_keeps_going_twice_does_not_decide_for_the_other(hill: Hill, met: int, now: datetime) -> None:
    for _time in range(2):
        reflect(met, hill.member, Step.KEEP_GOING, now)
    assert walk_row(met).state == State.REFLECTION


def test_unsure_may_become_keep_going(hill: Hill, met: int, now: datetime) -> None:
    reflect(met, hill.member, Step.KEEP_GOING, now)
    reflect(met, hill.peers[0], Step.UNSURE, now)
    assert walk_row(met).state == State.REFLECTION
    reflect(met, hill.peers[0], Step.KEEP_GOING, now)
    assert walk_row(met).state == State.WALKING


def test_whoever_was_not_sure_is_asked_again_after_the_next_chat_and_nobody_else(
    hill: Hill, met: int, now: datetime
) -> None:
    ben = hill.peers[0]
    reflect(met, hill.member, Step.UNSURE, now)
    reflect(met, ben, Step.KEEP_GOING, now)
    assert asked_how_it_was(hill, met) == [False, False]
    book(met, hill.member, ben, now + timedelta(days=2), now)
    after = now + timedelta(days=3)
    assert settle_past(now=after) == 1
    walk = walk_row(met)
    assert (walk.state, steps_of(met)[-1], walk.revision) == (State.REFLECTION, "happened", 5)
    assert asked_how_it_was(hill, met) == [True, False]
    assert owed(met) == [(Kind.REFLECT, hill.member)]
    reflect(met, hill.member, Step.KEEP_GOING, after)
    assert walk_row(met).state == State.WALKING


def test_not_sure_twice_is_as_fine_as_once(hill: Hill, met: int, now: datetime) -> None:
    for days in (2, 4, 6):
        reflect(met, hill.member, Step.UNSURE, now + timedelta(days=days - 1))
        book(met, hill.member, hill.peers[0], now + timedelta(days=days), now)
        settle_past(now=now + timedelta(days=days, hours=1))
        assert asked_how_it_was(hill, met) == [True, True]
        assert (Kind.REFLECT, hill.member) in owed(met)
    assert (walk_row(met).state, walk_row(met).open) == (State.REFLECTION, True)


def asked_how_it_was(hill: Hill, walk_id: int) -> list[bool]:
    """Whether the member and the peer are asked now."""
    views = [queries.walk_for(person_id, walk_id) for person_id in (hill.member, hill.peers[0])]
    return [view is not None and view.asks_how_it_was for view in views]


@pytest.mark.parametrize("answer", [Step.KEEP_GOING, Step.UNSURE])
def test_what_one_answered_is_for_a_coordinator_and_not_for_the_other(
    hill: Hill, met: int, now: datetime, answer: Step
) -> None:
    before = queries.walk_for(hill.peers[0], met)
    reflect(met, hill.member, answer, now, "We laughed.")
    assert queries.walk_for(hill.peers[0], met) == before
    own, choice = queries.walk_for(hill.member, met), queries.choice(met, now)
    assert own is not None
    assert own.answered == answer
    assert choice is not None
    assert choice.reflections == (queries.Reflected("Ana", answer, "We laughed.", now),)


def test_a_reflection_is_one_of_three_and_from_one_of_the_two(hill: Hill, met: int, now: datetime) -> None:
    with pytest.raises(BadInput):
        reflect(met, hill.member, Step.STOP, now)
    with pytest.raises(BadInput):
        reflect(met, hill.member, Step.UNSURE, now, "a" * 2001)
    with pytest.raises(NotFound):
        reflect(met, hill.peers[1], Step.KEEP_GOING, now)
    with pytest.raises(NotFound):
        reflect(met, hill.coordinator, Step.KEEP_GOING, now)


def test_before_they_have_met_there_is_nothing_to_reflect(hill: Hill, now: datetime) -> None:
    with pytest.raises(Stale):
        reflect(both_yes(hill, now), hill.member, Step.KEEP_GOING, now)


def test_somebody_else_as_a_reflection_opens_a_new_asking(hill: Hill, met: int, now: datetime) -> None:
    new_id = reflect(met, hill.member, Step.SOMEONE_ELSE, now, key="k")
    assert reflect(met, hill.member, Step.SOMEONE_ELSE, now, key="k") == new_id
    assert walk_row(met).state == State.SOMEONE_ELSE
    assert ranks(new_id) == [(hill.peers[1], None), (hill.peers[2], None)]


@pytest.mark.parametrize("who", ["member", "peer"])
def test_somebody_else_ends_it_at_once_and_never_brings_that_peer_again(hill: Hill, now: datetime, who: str) -> None:
    walk_id = both_yes(hill, now)
    person = {"member": hill.member, "peer": hill.peers[0]}[who]
    later = now + timedelta(days=1)
    new_id = matching.someone_else(walk_id, person, revision=None, key="", now=later)
    old, new = walk_row(walk_id), walk_row(new_id)
    assert (old.state, old.open, old.peer_id) == (State.SOMEONE_ELSE, False, hill.peers[0])
    assert (new.state, new.member_id, new.open, new.asked_at) == (State.SHORTLISTED, hill.member, True, now)
    assert ranks(new_id) == [(hill.peers[1], None), (hill.peers[2], None)]
    assert seats() == []
    assert owed(walk_id) == []
    assert owed(new_id) == [(Kind.SHORTLIST_READY, hill.member)]
    assert hill.peers[0] in queries.member_value(hill.member).apart


def test_access_ends_in_the_same_instant(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    matching.someone_else(walk_id, hill.member, revision=None, key="", now=now)
    assert queries.walk_for(hill.peers[0], walk_id) is None
    assert queries.revealed(walk_id, hill.peers[0]) is None
    assert queries.revealed(walk_id, hill.member) is None
    with pytest.raises(NotFound):
        matching.someone_else(walk_id, hill.peers[0], revision=None, key="", now=now)


def test_a_coordinator_does_not_come_in_by_the_door_of_the_two(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    with pytest.raises(NotFound):
        matching.someone_else(walk_id, hill.coordinator, revision=None, key="", now=now)
    assert walk_row(walk_id).state == State.BOTH_YES


def test_a_chat_ahead_is_called_off(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    booking_id = book(walk_id, hill.member, hill.peers[0], now + timedelta(days=2), now)
    set_walk(walk_id, state=State.FIRST_COFFEE)
    matching.someone_else(walk_id, hill.member, revision=None, key="", now=now)
    read().rollback()
    assert read().get_one(Booking, booking_id).state == BookingState.CANCELLED
    assert set(read().scalars(select(Hold.active).where(Hold.booking_id == booking_id))) <= {False}


def test_a_peer_who_is_only_asked_says_not_now_instead(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    with pytest.raises(NotAllowed):
        matching.someone_else(walk_id, hill.peers[0], revision=None, key="", now=now)


def test_after_walking_together_a_new_asking_begins_anew(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    set_walk(walk_id, state=State.WALKING)
    later = now + timedelta(days=3)
    assert walk_row(matching.someone_else(walk_id, hill.member, revision=None, key="", now=later)).asked_at == later


def test_whoever_leaves_before_the_first_chat_keeps_their_place(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    asked_at = walk_row(walk_id).asked_at
    set_walk(walk_id, state=State.FIRST_COFFEE)
    later = now + timedelta(days=3)
    new_id = matching.someone_else(walk_id, hill.member, revision=None, key="", now=later)
    assert walk_row(new_id).asked_at == asked_at


def test_a_member_stops_and_may_ask_again(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    matching.stop(walk_id, hill.member, revision=2, key="", now=now)
    assert (walk_row(walk_id).state, queries.open_walk_of(hill.member)) == (State.CLOSED, None)
    assert queries.latest_walk_of(hill.member) == walk_id
    again = asked(hill, now)
    assert again != walk_id
    assert [peer_id for peer_id, _ in ranks(again)] == list(hill.peers)


def test_stopping_frees_the_peers_room_and_takes_the_letters_back(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    matching.stop(walk_id, hill.member, revision=None, key="", now=now)
    assert (seats(), owed(walk_id)) == ([], [])


def test_only_its_member_stops_a_walk(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    for other in (add_person("Eve", now), hill.peers[0], hill.coordinator):
        with pytest.raises(NotFound):
            matching.stop(walk_id, other, revision=None, key="", now=now)
    with pytest.raises(Stale):
        matching.stop(walk_id, hill.member, revision=0, key="", now=now)
    assert walk_row(walk_id).state == State.BOTH_YES


def test_after_four_weeks_a_match_weighs_less(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    assert matching.ease_seats(now=now + timedelta(weeks=4) - timedelta(seconds=1)) == 0
    assert matching.ease_seats(now=now + timedelta(weeks=4)) == 1
    assert seats() == [(walk_id, hill.peers[0], 2)]
    assert matching.ease_seats(now=now + timedelta(weeks=5)) == 0
