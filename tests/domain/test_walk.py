"""The walk: every step from every state, who may take it, the words for it, and the promises about time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.care import DONE_WORDS
from portal.domain.errors import NotAllowed, Stale
from portal.domain.matching.promises import ANSWER_HOURS, due, overdue, too_long
from portal.domain.matching.walk import (
    ACTORS,
    FINAL,
    TRANSITIONS,
    Actor,
    State,
    Step,
    after_no_answer,
    may,
    next_state,
    steps_for,
    take,
)
from portal.domain.matching.walk_words import LONGER_LINE, ONE_TO_CHOOSE, STATE_WORDS, waiting_line

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

WHOLE_WAY = [
    (Actor.PORTAL, Step.SHORTLIST, State.SHORTLISTED),
    (Actor.MEMBER, Step.RANK, State.CHOSEN),
    (Actor.COORDINATOR, Step.APPROVE, State.INVITED),
    (Actor.PEER, Step.YES, State.BOTH_YES),
    (Actor.MEMBER, Step.BOOK, State.FIRST_COFFEE),
    (Actor.PORTAL, Step.HAPPENED, State.REFLECTION),
    (Actor.MEMBER, Step.UNSURE, State.REFLECTION),
    (Actor.PEER, Step.KEEP_GOING, State.WALKING),
    (Actor.PEER, Step.REST, State.RESTING),
    (Actor.MEMBER, Step.WALK_ON, State.WALKING),
    (Actor.MEMBER, Step.END, State.ENDING),
    (Actor.PORTAL, Step.FAREWELL, State.ENDED),
]


def test_the_whole_way_from_asking_to_walking_together() -> None:
    state = State.ASKED
    for actor, step, after in WHOLE_WAY:
        state = take(actor, state, step)
        assert state is after


@pytest.mark.parametrize(
    ("state", "step", "after"),
    [
        (State.SHORTLISTED, Step.CHOOSE_WITH_ME, State.CHOSEN),
        (State.CHOSEN, Step.CHOOSE_AGAIN, State.SHORTLISTED),
        (State.SHORTLISTED, Step.ASK_WHO_OFFERS, State.OFFERING),
        (State.OFFERING, Step.RANK, State.CHOSEN),
        (State.OFFERING, Step.OFFERS_CLOSE, State.SHORTLISTED),
        (State.ENDING, Step.WALK_ON, State.WALKING),
        (State.WALKING, Step.SOMEONE_ELSE, State.SOMEONE_ELSE),
        (State.CHOSEN, Step.HOLD, State.HELD),
        (State.HELD, Step.RELEASE, State.CHOSEN),
        (State.CHOSEN, Step.SWAP, State.SHORTLISTED),
        (State.INVITED, Step.NOT_NOW, State.CHOSEN),
        (State.INVITED, Step.LAPSE, State.CHOSEN),
        (State.CHOSEN, Step.ASK_NEXT, State.INVITED),
        (State.CHOSEN, Step.NONE_LEFT, State.ASKED),
        (State.FIRST_COFFEE, Step.UNBOOK, State.BOTH_YES),
    ],
)
def test_the_turns_on_the_way(state: State, step: Step, after: State) -> None:
    assert next_state(state, step) is after


@pytest.mark.parametrize(("left", "step"), [(2, Step.ASK_NEXT), (1, Step.ASK_NEXT), (0, Step.NONE_LEFT)])
def test_after_not_now_or_silence_the_next_choice_is_asked_by_itself(left: int, step: Step) -> None:
    assert after_no_answer(left) is step


@given(st.sampled_from(State), st.sampled_from(Step))
def test_a_step_that_does_not_belong_to_a_state_is_stale_with_a_kind_sentence(state: State, step: Step) -> None:
    if (state, step) in TRANSITIONS:
        assert next_state(state, step) is TRANSITIONS[state, step]
        return
    with pytest.raises(Stale) as refused:
        next_state(state, step)
    assert refused.value.sentence == "This has moved on in the meantime. Nothing is lost; here is how it stands now."


def test_every_state_can_be_reached() -> None:
    reached, before = {State.ASKED}, set[State]()
    while reached != before:
        before = set(reached)
        reached |= {after for (state, _), after in TRANSITIONS.items() if state in before}
    assert reached == set(State)


def test_a_final_state_has_no_step_and_every_other_leads_to_a_final_one() -> None:
    assert {state for state, _ in TRANSITIONS} == set(State) - FINAL
    ending, before = set(FINAL), set[State]()
    while ending != before:
        before = set(ending)
        ending |= {state for (state, _), after in TRANSITIONS.items() if after in before}
    assert ending == set(State)


def test_every_step_is_used_and_belongs_to_somebody() -> None:
    assert {step for _, step in TRANSITIONS} == set(Step) == set(ACTORS)
    assert all(ACTORS.values())


def test_every_state_that_goes_on_leaves_a_step_to_a_person() -> None:
    stuck = [state for state in set(State) - FINAL if not {*steps_for(Actor.MEMBER, state)}]
    assert stuck == []


def test_a_member_can_stop_in_every_state_and_nobody_can_be_stopped_by_a_peer() -> None:
    assert {state for state in State if not may(Actor.MEMBER, state, Step.STOP)} == FINAL
    assert [state for state in State if may(Actor.PEER, state, Step.STOP)] == []


@pytest.mark.parametrize("state", [State.RESTING, State.ENDING])
def test_while_a_walk_rests_or_ends_only_its_member_has_somebody_else_looked_for(state: State) -> None:
    assert may(Actor.MEMBER, state, Step.SOMEONE_ELSE)
    assert not may(Actor.PEER, state, Step.SOMEONE_ELSE)
    assert {Step.END, Step.FAREWELL} & {*steps_for(Actor.PEER, state)}


@pytest.mark.parametrize("actor", [actor for actor in Actor if actor is not Actor.PEER])
def test_only_the_peer_can_say_the_peers_yes(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        take(actor, State.INVITED, Step.YES)


def test_silence_is_never_a_yes() -> None:
    ways = {(state, step) for (state, step), after in TRANSITIONS.items() if after is State.BOTH_YES}
    assert ways == {(State.INVITED, Step.YES), (State.FIRST_COFFEE, Step.UNBOOK), (State.REFLECTION, Step.UNBOOK)}
    assert may(Actor.PORTAL, State.INVITED, Step.LAPSE)
    assert not may(Actor.PORTAL, State.INVITED, Step.YES)


def test_a_peer_who_was_only_asked_answers_yes_or_not_now_and_nothing_else() -> None:
    assert steps_for(Actor.PEER, State.INVITED) == (Step.YES, Step.NOT_NOW)
    with pytest.raises(NotAllowed):
        take(Actor.PEER, State.INVITED, Step.SOMEONE_ELSE)


def test_a_coordinator_approves_holds_or_swaps() -> None:
    assert steps_for(Actor.COORDINATOR, State.CHOSEN) == (Step.APPROVE, Step.HOLD, Step.SWAP, Step.STOP)


def test_a_late_step_is_stale_and_a_strangers_step_is_not_allowed() -> None:
    with pytest.raises(Stale):
        take(Actor.COORDINATOR, State.INVITED, Step.APPROVE)
    with pytest.raises(NotAllowed):
        take(Actor.MEMBER, State.CHOSEN, Step.APPROVE)
    with pytest.raises(NotAllowed):
        take(Actor.MEMBER, State.INVITED, Step.APPROVE)


@pytest.mark.parametrize("audience", list(STATE_WORDS))
def test_every_state_has_words_for_each_audience(audience: Actor) -> None:
    assert set(STATE_WORDS[audience]) == set(State)


def test_there_are_words_for_member_peer_and_coordinator_and_for_every_step() -> None:
    assert set(STATE_WORDS) == {Actor.MEMBER, Actor.PEER, Actor.COORDINATOR}
    assert set(DONE_WORDS) == set(Step)


@pytest.mark.parametrize("word", ["reject", "declin", "refus", "denied", "said no", "failed", "expired", "!"])
def test_a_no_is_never_shown_as_a_no(word: str) -> None:
    sentences = [sentence for words in STATE_WORDS.values() for sentence in words.values()]
    assert [sentence for sentence in sentences if word in sentence.lower()] == []


@pytest.mark.parametrize(
    ("state", "age", "expected"),
    [
        (State.ASKED, timedelta(hours=23, minutes=59), False),
        (State.ASKED, timedelta(hours=24), True),
        (State.INVITED, timedelta(hours=47, minutes=59), False),
        (State.INVITED, timedelta(hours=48), True),
        (State.BOTH_YES, timedelta(days=3), True),
        (State.SHORTLISTED, timedelta(days=300), False),
        (State.HELD, timedelta(days=300), False),
        (State.WALKING, timedelta(days=300), False),
    ],
)
def test_a_promise_is_late_from_its_very_end(state: State, age: timedelta, expected: bool) -> None:
    assert overdue(state, NOW - age, NOW) is expected


def test_a_peer_has_forty_eight_hours() -> None:
    assert ANSWER_HOURS == 48
    assert due(State.INVITED, NOW) == NOW + timedelta(hours=48)
    assert due(State.CHOSEN, NOW) is None


@pytest.mark.parametrize(
    ("state", "days", "long"),
    [
        (State.HELD, 14, False),
        (State.CHOSEN, 15, True),
        (State.FIRST_COFFEE, 15, False),
        (State.CLOSED, 15, False),
    ],
)
def test_whoever_still_waits_is_seen_after_fourteen_days(state: State, days: int, long: bool) -> None:
    assert too_long(state, NOW - timedelta(days=days), NOW) == long


def test_only_the_member_takes_a_choice_back_and_only_before_somebody_is_asked() -> None:
    assert [actor for actor in Actor if may(actor, State.CHOSEN, Step.CHOOSE_AGAIN)] == [Actor.MEMBER]
    assert [state for state in State if may(Actor.MEMBER, state, Step.CHOOSE_AGAIN)] == [State.OFFERING, State.CHOSEN]


@pytest.mark.parametrize(
    ("state", "hours", "to_choose", "line"),
    [
        (State.ASKED, 23, 0, ""),
        (State.ASKED, 24, 0, LONGER_LINE),
        (State.SHORTLISTED, 0, 0, LONGER_LINE),
        (State.SHORTLISTED, 0, 1, ONE_TO_CHOOSE),
        (State.SHORTLISTED, 900, 3, ""),
        (State.INVITED, 900, 0, ""),
    ],
)
def test_a_promise_that_was_not_kept_is_not_said_again(state: State, hours: int, to_choose: int, line: str) -> None:
    assert waiting_line(state, NOW, NOW + timedelta(hours=hours), to_choose=to_choose) == line
