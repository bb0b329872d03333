"""How many chats may lie ahead, until when one can be had back, and when one may be said not to have taken place."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.booking import BookingState, full_sentence, may_say_not_made, note_of, room_ahead, undone_until
from portal.domain.matching.walk import State

TEN = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "ahead", "room"),
    [
        (State.BOTH_YES, 0, 1),
        (State.BOTH_YES, 1, 0),
        (State.FIRST_COFFEE, 1, 0),
        (State.REFLECTION, 0, 12),
        (State.WALKING, 11, 1),
        (State.WALKING, 12, 0),
        (State.ENDING, 2, 10),
        (State.RESTING, 0, 0),
        (State.INVITED, 0, 0),
    ],
)
def test_one_chat_lies_ahead_until_the_first_has_been_then_twelve(state: State, ahead: int, room: int) -> None:
    assert room_ahead(state, ahead) == room


def test_the_sentence_says_which_of_the_two_limits_it_is() -> None:
    assert full_sentence(State.FIRST_COFFEE) != full_sentence(State.WALKING)


def test_a_cancelled_chat_can_be_had_back_for_ten_minutes_and_not_past_its_start() -> None:
    assert undone_until(BookingState.CANCELLED, TEN - DAY, TEN) == TEN - DAY + timedelta(minutes=10)
    assert undone_until(BookingState.CANCELLED, TEN - timedelta(minutes=3), TEN) == TEN
    assert undone_until(BookingState.BOOKED, TEN - DAY, TEN) is None
    assert undone_until(BookingState.CANCELLED, None, TEN) is None


@pytest.mark.parametrize(
    ("state", "at", "may"),
    [
        (BookingState.BOOKED, TEN, True),
        (BookingState.BOOKED, TEN - timedelta(seconds=1), False),
        (BookingState.HAPPENED, TEN + 7 * DAY - timedelta(seconds=1), True),
        (BookingState.HAPPENED, TEN + 7 * DAY, False),
        (BookingState.CANCELLED, TEN, False),
    ],
)
def test_from_its_start_on_and_for_seven_days(state: BookingState, at: datetime, may: bool) -> None:
    assert may_say_not_made(state, TEN, at) is may


@pytest.mark.parametrize(("typed", "kept"), [(" a \r\n b ", "a\nb"), ("  \n ", None), ("", None)])
def test_a_note_keeps_its_lines_tidy_and_nothing_is_no_note(typed: str, kept: str | None) -> None:
    assert note_of(typed) == kept
