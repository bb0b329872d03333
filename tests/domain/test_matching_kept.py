"""Promises about time: kept, run out, void or still open, by the steps a walk took."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.matching.kept import TERMS, AtRisk, Course, Promise, Taken, account, at_risk_within, note_wanted
from portal.domain.matching.measures import Share, Told
from portal.domain.matching.walk import TRANSITIONS, State, Step

NOW = datetime(2026, 3, 31, 10, tzinfo=UTC)
MONTH = NOW - timedelta(days=30)
HOUR = timedelta(hours=1)
P, S = Promise, Step


def course(
    begun_hours_ago: float,
    *steps: tuple[float, Step],
    notes: tuple[float, ...] = (),
    walk_id: int = 7,
    opened: float = 0,
) -> Course:
    """A walk that took these steps so many hours after its asking."""
    asked_at, state, taken = NOW - begun_hours_ago * HOUR, State.ASKED, []
    for hours, step in steps:
        became = TRANSITIONS[state, step]
        taken.append(Taken(asked_at + hours * HOUR, step, state, became))
        state = became
    written = tuple(asked_at + each * HOUR for each in notes)
    return Course(walk_id, "Ana", asked_at, asked_at + opened * HOUR, tuple(taken), written)


CHOSE = ((1.0, S.SHORTLIST), (2.0, S.RANK))
INVITED = (*CHOSE, (3.0, S.APPROVE))
BOTH = (*INVITED, (4.0, S.YES))


@pytest.mark.parametrize(
    ("promise", "walk", "kept"),
    [
        (P.SHORTLIST, course(200, (23.9, S.SHORTLIST)), [True]),
        (P.SHORTLIST, course(200, (24.0, S.SHORTLIST)), [False]),
        (P.SHORTLIST, course(24), [False]),
        (P.SHORTLIST, course(23.9), []),
        (P.SHORTLIST, course(200, (2.0, S.STOP)), []),
        (P.SHORTLIST, course(200, (30.0, S.STOP)), [False]),
        (P.SHORTLIST, course(200, (2.0, S.ASK_WHO_OFFERS), (9.0, S.NONE_LEFT), (10.0, S.SHORTLIST)), [True]),
        (P.SHORTLIST, course(200, *CHOSE, (5.0, S.NONE_LEFT)), [True, False]),
        (P.SHORTLIST, course(200, (1.0, S.SHORTLIST), (50.0, S.SHORTLIST)), [True]),
        (P.ANSWER, course(200, *INVITED, (50.9, S.YES)), [True]),
        (P.ANSWER, course(200, *INVITED, (50.9, S.NOT_NOW)), [True]),
        (P.ANSWER, course(200, *INVITED, (51.0, S.LAPSE)), [False]),
        (P.ANSWER, course(200, *INVITED, (9.0, S.HOLD)), []),
        (P.ANSWER, course(200, *INVITED, (51.0, S.LAPSE), (51.0, S.ASK_NEXT), (60.0, S.YES)), [False, True]),
        (P.ANSWER, course(200, *CHOSE), []),
        # A yes given with an offer, before anybody was asked, is no answer; people at once are people within a day.
        (P.ANSWER, course(200, *CHOSE, (3.0, S.APPROVE), (3.0, S.YES)), []),
        (P.SHORTLIST, course(200, (0.0, S.SHORTLIST)), [True]),
        # Looking for somebody else keeps the place: people are looked for from then on, and one wait is one wait.
        (P.SHORTLIST, course(200, (110.0, S.SHORTLIST), opened=100), [True]),
        (P.SHORTLIST, course(200, (124.0, S.SHORTLIST), opened=100), [False]),
        (P.LONGEST, course(600, *BOTH, (400.0, S.SOMEONE_ELSE)), []),
        (P.NOTE, course(600, *BOTH, (100.0, S.SOMEONE_ELSE)), []),
        (P.FIRST_CHAT, course(200, *BOTH, (75.9, S.BOOK)), [True]),
        (P.FIRST_CHAT, course(200, *BOTH, (76.0, S.BOOK)), [False]),
        (P.FIRST_CHAT, course(200, *BOTH, (5.0, S.BOOK), (6.0, S.UNBOOK), (7.0, S.BOOK)), [True, True]),
        (P.FIRST_CHAT, course(200, *BOTH, (5.0, S.SOMEONE_ELSE)), []),
        (P.NOTE, course(200, *BOTH, (72.0, S.BOOK)), []),
        (P.NOTE, course(200, notes=(80.0,)), [True]),
        (P.NOTE, course(200, notes=(96.0,)), [False]),
        (P.NOTE, course(95), []),
        # A note on day 0 says nothing to whoever still waits on day 3, nor does one to whoever no longer does.
        (P.NOTE, course(200, notes=(1.0,)), [False]),
        (P.NOTE, course(200, *BOTH, (60.0, S.BOOK), notes=(1.0, 73.0)), []),
        (P.NOTE, course(200, *BOTH, (80.0, S.BOOK), notes=(73.0,)), [True]),
        (P.NOTE, course(200, *BOTH, (80.0, S.BOOK), notes=(90.0,)), []),
        (P.NOTE, course(200, *BOTH, (60.0, S.BOOK), (80.0, S.UNBOOK)), [False]),
        (P.LONGEST, course(600, *BOTH, (9.0, S.BOOK), (335.9, S.HAPPENED)), [True]),
        (P.LONGEST, course(600, *BOTH, (9.0, S.BOOK), (336.0, S.HAPPENED)), [False]),
        # A time is no chat yet: one that is called off leaves the member waiting since they asked.
        (P.LONGEST, course(1000, *BOTH, (324.0, S.BOOK), (326.4, S.UNBOOK)), [False]),
        (P.LONGEST, course(600, *BOTH, (9.0, S.BOOK), (10.0, S.UNBOOK), (11.0, S.BOOK), (12.0, S.HAPPENED)), [True]),
        (P.LONGEST, course(300, *BOTH, (9.0, S.BOOK), (10.0, S.UNBOOK)), []),
        (P.LONGEST, course(600, *BOTH, (9.0, S.BOOK), (10.0, S.SOMEONE_ELSE)), []),
        (P.LONGEST, course(335), []),
        (P.LONGEST, course(336), [False]),
        (P.LONGEST, course(600, (9.0, S.STOP)), []),
    ],
)
def test_a_promise_is_kept_runs_out_or_is_neither(promise: Promise, walk: Course, kept: list[bool]) -> None:
    # Five of the same, so that all of them may be told.
    found = account(promise, [walk] * 5, MONTH, NOW).kept
    of = 5 * len(kept)
    assert (found.of or 0) == of
    assert found.part == (5 * sum(kept) if kept else None)


def test_only_what_came_to_an_end_in_the_window_counts() -> None:
    long_ago = course(31 * 24 + 2, (1.0, S.SHORTLIST))
    lately = course(31 * 24, (20.0, S.SHORTLIST), (21.0, S.ASK_WHO_OFFERS), (22.0, S.NONE_LEFT), (30.0, S.SHORTLIST))
    assert account(P.SHORTLIST, [long_ago] * 9, MONTH, NOW).kept == Share(Told.NOBODY)
    assert account(P.SHORTLIST, [lately] * 9, MONTH, NOW).kept == Share(Told.ALL, 9, 9)


@pytest.mark.parametrize(
    ("promise", "hours"),
    [(P.SHORTLIST, 12), (P.ANSWER, 12), (P.FIRST_CHAT, 18), (P.NOTE, 24), (P.LONGEST, 84)],
)
def test_a_promise_is_at_risk_for_a_quarter_of_its_length_or_twelve_hours(promise: Promise, hours: int) -> None:
    assert at_risk_within(promise) == hours * HOUR


def test_walks_at_risk_are_named_the_most_pressing_first() -> None:
    walks = [
        course(11.9, walk_id=1),
        course(12, walk_id=2),
        course(30, walk_id=3),
        course(20, (1.0, S.SHORTLIST), walk_id=4),
    ]
    assert account(P.SHORTLIST, walks, MONTH, NOW).at_risk == (
        AtRisk(3, "Ana", NOW - 6 * HOUR, True),
        AtRisk(2, "Ana", NOW + 12 * HOUR, False),
    )


def test_whoever_was_written_to_is_not_at_risk_of_silence() -> None:
    walks = [
        course(80, notes=(75.0,), walk_id=1),
        course(80, walk_id=2),
        course(120, notes=(75.0,), walk_id=3),
        course(80, notes=(60.0,), walk_id=4),
        course(71, walk_id=5),
    ]
    at_risk = [one.walk_id for one in account(P.NOTE, walks, MONTH, NOW).at_risk]
    assert at_risk == [2, 4]
    for walk in walks:
        last = max(walk.notes, default=None)
        assert note_wanted(State.ASKED, walk.asked_at, last, NOW) == (walk.walk_id in at_risk)


@pytest.mark.parametrize(
    ("hours", "note_hours", "wanted"),
    [(71, None, False), (72, None, True), (80, 60, True), (80, 72, False), (168, 72, True), (170, 169, False)],
)
def test_a_note_is_wanted_on_its_days_until_somebody_wrote(hours: int, note_hours: int | None, wanted: bool) -> None:
    asked_at = NOW - hours * HOUR
    last = None if note_hours is None else asked_at + note_hours * HOUR
    assert note_wanted(State.CHOSEN, asked_at, last, NOW) is wanted
    assert note_wanted(State.WALKING, asked_at, last, NOW) is False


def test_every_promise_says_what_happens_when_it_runs_out() -> None:
    assert [promise for promise in Promise if not (TERMS[promise].words and TERMS[promise].then)] == []
