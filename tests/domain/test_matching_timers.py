"""The times that run out by themselves: each says what happens then, and on which days of a wait a person writes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.matching.ending import TAPER_WORDS, TAPERS, Taper, is_over, last_day
from portal.domain.matching.promises import PROMISES, WAITING
from portal.domain.matching.timers import TIMERS, Clock, Counted, note_day
from portal.domain.matching.walk import FINAL, Actor, State, Step, may

ASKED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_each_time_that_runs_out_says_when_and_what_happens_then() -> None:
    assert set(TIMERS) == set(Clock)
    for clock, timer in TIMERS.items():
        assert timer.what, clock
        assert timer.then, clock
        assert not timer.states & FINAL, clock
    assert {clock: timer.after for clock, timer in TIMERS.items()} == {
        Clock.SHORTLIST: timedelta(hours=24),
        Clock.OFFERS: timedelta(days=3),
        Clock.ANSWER: timedelta(hours=48),
        Clock.FIRST_CHAT: timedelta(days=3),
        Clock.NOTE: timedelta(days=3),
        Clock.WEEK: timedelta(days=7),
        Clock.LONGEST: timedelta(days=14),
        Clock.STEADY: timedelta(weeks=4),
        Clock.LAST_DAY: timedelta(0),
    }


def test_every_promise_about_a_state_has_its_time_here() -> None:
    timed = {(state, timer.after) for timer in TIMERS.values() for state in timer.states}
    assert set(PROMISES.items()) <= timed


def test_what_the_clock_does_by_itself_is_a_step_of_the_portal_and_never_a_yes() -> None:
    by_itself = {Clock.OFFERS: Step.OFFERS_CLOSE, Clock.ANSWER: Step.LAPSE, Clock.LAST_DAY: Step.FAREWELL}
    for clock, step in by_itself.items():
        assert all(may(Actor.PORTAL, state, step) for state in TIMERS[clock].states)
    assert not any(may(Actor.PORTAL, state, Step.YES) for state in State)


@pytest.mark.parametrize(
    ("days", "reached"), [(0, None), (2.99, None), (3, 3), (6.99, 3), (7, 7), (13.99, 7), (14, 14), (60, 14)]
)
def test_a_person_writes_on_day_three_seven_and_fourteen(days: float, reached: int | None) -> None:
    assert note_day(State.CHOSEN, ASKED, ASKED + timedelta(days=days)) == reached


@pytest.mark.parametrize("state", sorted(set(State) - WAITING))
def test_nobody_who_does_not_wait_is_counted(state: State) -> None:
    assert note_day(state, ASKED, ASKED + timedelta(days=20)) is None
    assert [clock for clock, timer in TIMERS.items() if timer.counted is Counted.ASKED and state in timer.states] == []


def test_each_pace_of_an_ending_has_words_and_a_last_day() -> None:
    assert set(TAPERS) == set(TAPER_WORDS) == set(Taper)
    assert [last_day(taper, "Europe/Berlin", ASKED) for taper in Taper] == [
        date(2026, 3, 16),
        date(2026, 3, 30),
        date(2026, 4, 27),
        date(2026, 3, 2),
    ]


@pytest.mark.parametrize(
    ("zone", "hour", "over"), [("UTC", 23, False), ("Pacific/Kiritimati", 9, False), ("Pacific/Kiritimati", 10, True)]
)
def test_the_whole_last_day_belongs_to_the_walk_where_the_member_lives(zone: str, hour: int, over: bool) -> None:
    assert is_over(date(2026, 3, 2), zone, datetime(2026, 3, 2, hour, 59, tzinfo=UTC)) is over
