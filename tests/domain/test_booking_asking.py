"""How long a time that was asked for waits, and what became of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.booking import BookingState
from portal.domain.booking.asking import ANSWER_WITHIN, Became, answer_by, became, waits

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MEMBER, PEER = 1, 2


@pytest.mark.parametrize(
    ("ahead", "waits_for"),
    [
        (timedelta(days=9), timedelta(hours=48)),
        (timedelta(hours=51), timedelta(hours=48)),
        (timedelta(hours=50), timedelta(hours=47)),
        (timedelta(hours=6), timedelta(hours=3)),
        (timedelta(hours=4), timedelta(hours=2)),
        (timedelta(hours=1), timedelta(minutes=30)),
    ],
)
def test_a_time_waits_two_days_and_always_ends_some_hours_before_it_starts(
    ahead: timedelta, waits_for: timedelta
) -> None:
    assert answer_by(NOW + ahead, NOW) == NOW + waits_for


@given(minutes=st.integers(1, 60 * 24 * 90))
def test_there_is_always_time_to_answer_and_it_is_over_before_the_start(minutes: int) -> None:
    starts_at = NOW + timedelta(minutes=minutes)
    assert NOW < answer_by(starts_at, NOW) < starts_at
    assert answer_by(starts_at, NOW) - NOW <= ANSWER_WITHIN


@pytest.mark.parametrize("state", list(BookingState))
def test_only_what_is_asked_or_offered_waits_and_only_until_its_time(state: BookingState) -> None:
    still = state in (BookingState.ASKED, BookingState.OFFERED)
    assert waits(state, NOW + timedelta(minutes=1), NOW) is still
    assert not waits(state, NOW, NOW)
    assert not waits(state, None, NOW)


@pytest.mark.parametrize(
    ("state", "until", "by", "expected"),
    [
        (BookingState.ASKED, NOW + timedelta(hours=1), None, Became.WAITS),
        (BookingState.ASKED, NOW, None, Became.LAPSED),
        (BookingState.LAPSED, None, None, Became.LAPSED),
        (BookingState.RELEASED, None, PEER, Became.NOT_THIS_TIME),
        (BookingState.RELEASED, None, MEMBER, Became.TAKEN_BACK),
        (BookingState.RELEASED, None, None, Became.LET_GO),
        (BookingState.BOOKED, None, None, Became.YES),
        (BookingState.HAPPENED, None, None, Became.YES),
    ],
)
def test_what_became_of_a_question_is_told_by_its_state_and_who_let_it_go(
    state: BookingState, until: datetime | None, by: int | None, expected: Became
) -> None:
    assert became(state, until, by, MEMBER, NOW) is expected
