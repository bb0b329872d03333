"""Resting, walking on and ending at one's own pace, on both databases: either of the two; the other gets a letter."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.booking import BookingState
from portal.domain.errors import NoRoom, NotAllowed, NotFound, PortalError, Stale
from portal.domain.matching.ending import Taper
from portal.domain.matching.timers import TIMERS, Clock, Counted
from portal.domain.matching.walk import State, Step
from portal.domain.notice import Kind
from portal.models import Booking, Hold, PeerProfile, WalkStep
from portal.queries import matching as queries
from portal.services import matching
from tests.matching_cast import (
    Hill,
    add_asker,
    add_hill,
    asked,
    both_yes,
    invited,
    owed,
    ranks,
    seats,
    set_walk,
    steps_of,
    walk_row,
    walking,
)
from tests.services.outbox import book

TAPERS = [Taper.ONE_CHAT, Taper.FEW_WEEKS, Taper.SLOWLY]


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


@pytest.fixture
def walk_id(hill: Hill, now: datetime) -> int:
    """Ana and Ben walk together."""
    return walking(hill, now)


@pytest.fixture
def resting(hill: Hill, walk_id: int, now: datetime) -> int:
    return matching.rest(walk_id, hill.member, revision=None, key="", now=now)


@pytest.fixture
def ending(hill: Hill, walk_id: int, now: datetime) -> int:
    return matching.end(walk_id, hill.member, Taper.ONE_CHAT, revision=None, key="", now=now)


def both(hill: Hill) -> list[tuple[int, int]]:
    """Each of the two with the other."""
    return [(hill.member, hill.peers[0]), (hill.peers[0], hill.member)]


@pytest.mark.parametrize("who", [0, 1])
def test_either_lets_it_rest_and_the_place_is_kept(hill: Hill, walk_id: int, now: datetime, who: int) -> None:
    one, other = both(hill)[who]
    assert matching.rest(walk_id, one, revision=4, key="k", now=now) == walk_id
    assert matching.rest(walk_id, one, revision=4, key="k", now=now) == walk_id
    walk = walk_row(walk_id)
    assert (walk.state, walk.open, walk.revision) == (State.RESTING, True, 5)
    assert seats() == [(walk_id, hill.peers[0], 3)]
    assert owed(walk_id) == [(Kind.WALK_RESTS, other)]


@pytest.mark.parametrize("who", [0, 1])
def test_either_takes_it_up_again_whoever_let_it_rest(hill: Hill, resting: int, now: datetime, who: int) -> None:
    one, other = both(hill)[who]
    matching.walk_on(resting, one, revision=5, key="", now=now)
    assert (walk_row(resting).state, steps_of(resting)[-2:]) == (State.WALKING, ["rest", "walk_on"])
    assert owed(resting) == [(Kind.WALK_GOES_ON, other)]
    assert seats() == [(resting, hill.peers[0], 3)]


def test_a_chat_ahead_stays_when_a_walk_rests(hill: Hill, walk_id: int, now: datetime) -> None:
    booking_id = book(walk_id, hill.member, hill.peers[0], now + timedelta(days=2), now)
    matching.rest(walk_id, hill.member, revision=None, key="", now=now)
    read().rollback()
    assert read().get_one(Booking, booking_id).state is BookingState.BOOKED


def test_a_chat_ahead_is_called_off_where_that_is_wished(hill: Hill, walk_id: int, now: datetime) -> None:
    booking_id = book(walk_id, hill.member, hill.peers[0], now + timedelta(days=2), now)
    matching.rest(walk_id, hill.member, cancel_chats=True, revision=None, key="", now=now)
    read().rollback()
    assert read().get_one(Booking, booking_id).state is BookingState.CANCELLED
    assert set(read().scalars(select(Hold.active).where(Hold.booking_id == booking_id))) <= {False}


@pytest.mark.parametrize(
    ("taper", "last"),
    [(Taper.ONE_CHAT, date(2026, 3, 16)), (Taper.FEW_WEEKS, date(2026, 3, 30)), (Taper.SLOWLY, date(2026, 4, 27))],
)
@pytest.mark.parametrize("who", [0, 1])
def test_either_ends_it_at_a_pace_of_their_own(
    hill: Hill, walk_id: int, now: datetime, who: int, taper: Taper, last: date
) -> None:
    one, other = both(hill)[who]
    assert matching.end(walk_id, one, taper, revision=4, key="k", now=now) == walk_id
    walk = walk_row(walk_id)
    assert (walk.state, walk.open, walk.ends_on) == (State.ENDING, True, last)
    assert seats() == [(walk_id, hill.peers[0], 1)]
    assert owed(walk_id) == [(Kind.WALK_ENDING, other)]


def test_the_last_day_is_the_member_s_own(hill: Hill, walk_id: int, now: datetime) -> None:
    late = now.replace(hour=23, minute=30)  # past midnight in Berlin, where Ana lives
    matching.end(walk_id, hill.peers[0], Taper.ONE_CHAT, revision=None, key="", now=late)
    assert walk_row(walk_id).ends_on == date(2026, 3, 17)


def test_a_resting_walk_may_end_too(hill: Hill, resting: int, now: datetime) -> None:
    matching.end(resting, hill.peers[0], Taper.FEW_WEEKS, revision=None, key="", now=now)
    assert (walk_row(resting).state, seats()) == (State.ENDING, [(resting, hill.peers[0], 1)])


def test_an_ending_leaves_the_chat_that_is_ahead(hill: Hill, walk_id: int, now: datetime) -> None:
    booking_id = book(walk_id, hill.member, hill.peers[0], now + timedelta(days=2), now)
    matching.end(walk_id, hill.member, Taper.ONE_CHAT, revision=None, key="", now=now)
    read().rollback()
    assert read().get_one(Booking, booking_id).state is BookingState.BOOKED


@pytest.mark.parametrize("who", [0, 1])
def test_it_can_end_today_and_both_get_the_page_to_keep(hill: Hill, walk_id: int, now: datetime, who: int) -> None:
    matching.end(walk_id, both(hill)[who][0], Taper.TODAY, revision=4, key="", now=now)
    walk = walk_row(walk_id)
    assert (walk.state, walk.open, walk.peer_id, walk.revision) == (State.ENDED, False, hill.peers[0], 6)
    assert steps_of(walk_id)[-2:] == ["end", "farewell"]
    assert seats() == []
    assert owed(walk_id) == [(Kind.KEEPSAKE, hill.member), (Kind.KEEPSAKE, hill.peers[0])]


@pytest.mark.parametrize("who", [0, 1])
def test_a_farewell_ends_it_before_the_last_day_and_calls_off_what_is_ahead(
    hill: Hill, ending: int, now: datetime, who: int
) -> None:
    booking_id = book(ending, hill.member, hill.peers[0], now + timedelta(days=2), now)
    matching.farewell(ending, both(hill)[who][0], revision=5, key="k", now=now)
    assert matching.farewell(ending, both(hill)[who][0], revision=5, key="k", now=now) == ending
    walk = walk_row(ending)
    assert (walk.state, walk.open, seats()) == (State.ENDED, False, [])
    assert owed(ending) == [(Kind.KEEPSAKE, hill.member), (Kind.KEEPSAKE, hill.peers[0])]
    assert read().get_one(Booking, booking_id).state is BookingState.CANCELLED


def test_no_step_of_these_asks_for_a_reason_or_keeps_one(hill: Hill, ending: int, now: datetime) -> None:
    matching.farewell(ending, hill.member, revision=None, key="", now=now)
    assert set(read().scalars(select(WalkStep.reason).where(WalkStep.walk_id == ending))) == {""}


def test_after_it_the_member_may_ask_again_and_meets_the_same_people(hill: Hill, ending: int, now: datetime) -> None:
    matching.farewell(ending, hill.member, revision=None, key="", now=now)
    again = asked(hill, now)
    assert again != ending
    assert [peer_id for peer_id, _ in ranks(again)] == list(hill.peers)


def test_the_clock_ends_it_the_day_after_its_last(hill: Hill, ending: int, now: datetime) -> None:
    midnight = datetime.fromisoformat("2026-03-16T23:00Z")  # the 17th begins in Berlin
    assert matching.end_due(now=midnight - timedelta(seconds=1)) == 0
    assert matching.end_due(now=midnight) == 1
    assert (walk_row(ending).state, steps_of(ending)[-1], seats()) == (State.ENDED, "farewell", [])
    assert read().scalars(select(WalkStep.actor_id).order_by(WalkStep.id.desc())).first() is None
    assert owed(ending) == [(Kind.KEEPSAKE, hill.member), (Kind.KEEPSAKE, hill.peers[0])]
    assert matching.end_due(now=midnight) == 0


def test_the_clock_waits_for_a_last_chat_that_is_still_ahead(hill: Hill, ending: int, now: datetime) -> None:
    after = datetime.fromisoformat("2026-03-18T12:00Z")
    book(ending, hill.member, hill.peers[0], after + timedelta(hours=1), now)
    assert matching.end_due(now=after) == 0
    assert walk_row(ending).state == State.ENDING
    assert matching.end_due(now=after + timedelta(hours=2)) == 1


def test_the_clock_leaves_a_walk_that_was_taken_up_again(hill: Hill, ending: int, now: datetime) -> None:
    matching.walk_on(ending, hill.member, revision=None, key="", now=now)
    assert matching.end_due(now=now + timedelta(weeks=9)) == 0
    walk = walk_row(ending)
    assert (walk.state, walk.ends_on) == (State.WALKING, None)


@pytest.mark.parametrize(("after", "halves"), [(timedelta(0), 3), (timedelta(weeks=4), 2)])
def test_taking_an_ending_back_takes_the_room_of_its_age_back(
    hill: Hill, walk_id: int, now: datetime, after: timedelta, halves: int
) -> None:
    at = now + after
    matching.end(walk_id, hill.member, Taper.FEW_WEEKS, revision=None, key="", now=at)
    matching.walk_on(walk_id, hill.member, revision=None, key="", now=at)
    assert seats() == [(walk_id, hill.peers[0], halves)]
    assert owed(walk_id) == [(Kind.WALK_GOES_ON, hill.peers[0])]


def test_where_the_room_has_gone_the_ending_stays_and_says_so_kindly(hill: Hill, ending: int, now: datetime) -> None:
    with transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).capacity_halves = 4
    ida = add_asker(now, "Ida")
    other = matching.ask(ida, key="", now=now)
    matching.rank(other, ida, [hill.peers[0]], revision=None, key="", now=now)
    matching.approve(other, hill.coordinator, None, revision=None, key="", now=now)
    with pytest.raises(NoRoom, match="The ending stays as it is"):
        matching.walk_on(ending, hill.member, revision=None, key="", now=now)
    walk = walk_row(ending)
    assert (walk.state, walk.revision, walk.ends_on) == (State.ENDING, 5, date(2026, 3, 16))
    assert seats() == [(ending, hill.peers[0], 1), (other, hill.peers[0], 3)]
    assert owed(ending) == [(Kind.WALK_ENDING, hill.peers[0])]


def test_a_resting_walk_grows_lighter_like_any_other_and_an_ending_does_not_change(
    hill: Hill, resting: int, now: datetime
) -> None:
    later = now + timedelta(weeks=4)
    assert matching.ease_seats(now=later) == 1
    assert seats() == [(resting, hill.peers[0], 2)]
    matching.end(resting, hill.member, Taper.SLOWLY, revision=None, key="", now=later)
    assert matching.ease_seats(now=later) == 0
    assert seats() == [(resting, hill.peers[0], 1)]


def test_a_letter_of_an_earlier_turn_is_taken_back_by_the_next(hill: Hill, resting: int, now: datetime) -> None:
    matching.walk_on(resting, hill.member, revision=None, key="", now=now)
    matching.end(resting, hill.peers[0], Taper.ONE_CHAT, revision=None, key="", now=now)
    assert owed(resting) == [(Kind.WALK_ENDING, hill.member)]


@pytest.mark.parametrize(
    ("state", "who"), [(State.WALKING, 0), (State.WALKING, 1), (State.RESTING, 0), (State.ENDING, 0)]
)
def test_somebody_else_stays_one_tap_away(hill: Hill, walk_id: int, now: datetime, state: State, who: int) -> None:
    set_walk(walk_id, state=state)
    new_id = matching.someone_else(walk_id, both(hill)[who][0], revision=None, key="", now=now)
    assert (walk_row(walk_id).state, seats()) == (State.SOMEONE_ELSE, [])
    assert ranks(new_id) == [(hill.peers[1], None), (hill.peers[2], None)]


@pytest.mark.parametrize("state", [State.RESTING, State.ENDING])
def test_a_peer_ends_what_rests_or_ends_without_a_search_the_member_did_not_ask_for(
    hill: Hill, walk_id: int, now: datetime, state: State
) -> None:
    set_walk(walk_id, state=state)
    ben = hill.peers[0]
    with pytest.raises(NotAllowed):
        matching.someone_else(walk_id, ben, revision=None, key="", now=now)
    if state is State.RESTING:
        matching.end(walk_id, ben, Taper.TODAY, revision=None, key="", now=now)
    else:
        matching.farewell(walk_id, ben, revision=None, key="", now=now)
    assert (walk_row(walk_id).state, queries.open_walk_of(hill.member)) == (State.ENDED, None)
    assert queries.keepsake_of(hill.member, walk_id) is not None


@pytest.mark.parametrize("who", [0, 1])
def test_an_ending_is_taken_back_by_whoever_chose_it_and_nobody_else(
    hill: Hill, walk_id: int, now: datetime, who: int
) -> None:
    one, other = both(hill)[who]
    matching.end(walk_id, other, Taper.FEW_WEEKS, revision=None, key="", now=now)
    matching.walk_on(walk_id, other, revision=None, key="", now=now)
    matching.end(walk_id, one, Taper.FEW_WEEKS, revision=None, key="", now=now)
    with pytest.raises(NotAllowed, match="Whoever brought it to its end"):
        matching.walk_on(walk_id, other, revision=None, key="", now=now)
    assert walk_row(walk_id).state == State.ENDING
    seen = [queries.walk_for(person_id, walk_id) for person_id in (one, other)]
    assert [Step.WALK_ON in view.steps for view in seen if view is not None] == [True, False]
    matching.walk_on(walk_id, one, revision=None, key="", now=now)
    assert walk_row(walk_id).state == State.WALKING


def verbs(walk_id: int, person_id: int, revision: int | None, now: datetime) -> list[object]:
    """What each of the verbs leads to, or raises, one after the other."""
    found: list[object] = []
    deeds: tuple[Callable[[], int], ...] = (
        lambda: matching.rest(walk_id, person_id, revision=revision, key="", now=now),
        lambda: matching.walk_on(walk_id, person_id, revision=revision, key="", now=now),
        lambda: matching.end(walk_id, person_id, Taper.TODAY, revision=revision, key="", now=now),
        lambda: matching.farewell(walk_id, person_id, revision=revision, key="", now=now),
    )
    for deed in deeds:
        try:
            found.append(deed())
        except PortalError as error:
            found.append(type(error))
    return found


@pytest.mark.parametrize("state", [State.WALKING, State.RESTING, State.ENDING])
def test_an_old_page_overwrites_nothing(hill: Hill, walk_id: int, now: datetime, state: State) -> None:
    set_walk(walk_id, state=state)
    for old in (0, 3, 5):
        assert verbs(walk_id, hill.member, old, now) == [Stale] * 4
    assert (walk_row(walk_id).state, walk_row(walk_id).revision) == (state, 4)


def test_nobody_but_the_two_takes_these_steps(hill: Hill, walk_id: int, now: datetime) -> None:
    for state in (State.WALKING, State.RESTING, State.ENDING):
        set_walk(walk_id, state=state)
        for stranger in (hill.peers[1], hill.coordinator, add_asker(now, f"Eve{state}")):
            assert verbs(walk_id, stranger, None, now) == [NotFound] * 4
        assert walk_row(walk_id).state == state


def test_before_they_walk_together_there_is_nothing_to_rest_or_end(hill: Hill, now: datetime) -> None:
    walk_id = both_yes(hill, now)
    assert verbs(walk_id, hill.member, None, now) == [Stale] * 4
    assert walk_row(walk_id).state == State.BOTH_YES


def test_three_days_after_both_yeses_both_are_reminded_of_a_time_once(hill: Hill, now: datetime) -> None:
    walk_id, due = both_yes(hill, now), now + timedelta(days=3)
    assert matching.remind_of_times(now=due - timedelta(seconds=1)) == 0
    assert matching.remind_of_times(now=due) == 1
    assert set(owed(walk_id)) >= {(Kind.FIND_A_TIME, hill.member), (Kind.FIND_A_TIME, hill.peers[0])}
    assert matching.remind_of_times(now=due + timedelta(days=9)) == 0
    assert len([kind for kind, _ in owed(walk_id) if kind is Kind.FIND_A_TIME]) == 2


def test_a_first_chat_that_was_called_off_gives_them_their_three_days_again(hill: Hill, now: datetime) -> None:
    walk_id, off = both_yes(hill, now), now + timedelta(days=2)
    assert TIMERS[Clock.FIRST_CHAT].counted is Counted.SINCE
    set_walk(walk_id, since=off)
    assert matching.remind_of_times(now=now + timedelta(days=4)) == 0
    assert matching.remind_of_times(now=off + TIMERS[Clock.FIRST_CHAT].after) == 1


def test_who_has_found_a_time_is_not_reminded(hill: Hill, now: datetime) -> None:
    set_walk(both_yes(hill, now), state=State.FIRST_COFFEE)
    assert matching.remind_of_times(now=now + timedelta(days=4)) == 0


def test_nobody_is_reminded_before_both_have_said_yes(hill: Hill, now: datetime) -> None:
    invited(hill, now)
    assert matching.remind_of_times(now=now + timedelta(days=4)) == 0


def test_what_the_two_may_do_is_told_with_the_walk(hill: Hill, resting: int, now: datetime) -> None:
    for person_id, _other in both(hill):
        view = queries.walk_for(person_id, resting)
        assert view is not None
        assert set(view.steps) >= {Step.WALK_ON, Step.END}
        assert view.other_name != ""
