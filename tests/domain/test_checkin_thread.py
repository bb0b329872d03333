"""Lines of a thread, silence, when a notice is due, and which words bring the help lines near."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.checkin import (
    HEIGHT_WORDS,
    HEIGHTS,
    LONGEST_LINE,
    checked_words,
    is_silent,
    notice_due,
    on_the_board,
    suggests_lines,
    usual_words,
)
from portal.domain.checkin.words import LONGEST_WORDS, USUAL_WORDS
from portal.domain.errors import BadInput
from portal.domain.notice import QuietHours

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_there_are_five_heights_and_none_is_a_number() -> None:
    assert sorted(HEIGHTS) == [1, 2, 3, 4, 5]
    assert not any(character.isdigit() for words in HEIGHT_WORDS.values() for character in words)


def test_words_stay_as_they_were_written_without_what_cannot_be_seen() -> None:
    assert checked_words("  It is\r\nsteep\x00 today.\n ") == "It is\nsteep today."
    assert checked_words("x" * LONGEST_LINE) == "x" * LONGEST_LINE
    assert checked_words(" ", needed=False) == ""


@pytest.mark.parametrize("typed", ["", " \n ", "x" * (LONGEST_LINE + 1)])
def test_no_words_and_too_many_are_said_at_the_field(typed: str) -> None:
    with pytest.raises(BadInput) as refusal:
        checked_words(typed)
    assert refusal.value.field == "words"


@pytest.mark.parametrize("every", [1, 7])
def test_the_usual_words_go_round(every: int) -> None:
    days = [date(2026, 3, 2) + timedelta(days=every * time) for time in range(len(USUAL_WORDS))]
    assert {usual_words(day) for day in days} == set(USUAL_WORDS)
    assert max(map(len, USUAL_WORDS)) <= LONGEST_WORDS


@pytest.mark.parametrize(
    ("days", "since", "page", "board"),
    [
        (None, 400 * DAY, False, False),
        (3, 3 * DAY - MINUTE, False, False),
        (3, 3 * DAY, True, False),
        (3, 6 * DAY - MINUTE, True, False),
        (3, 6 * DAY, True, True),
    ],
)
def test_silence_is_spoken_of_when_the_member_said_and_later_on_the_board(
    days: int | None, since: timedelta, page: bool, board: bool
) -> None:
    assert (is_silent(days, NOW - since, NOW), on_the_board(days, NOW - since, NOW)) == (page, board)


@pytest.mark.parametrize(
    ("now", "last", "due"),
    [
        (NOW, None, NOW + 5 * MINUTE),
        (NOW, NOW - 2 * DAY, NOW + 5 * MINUTE),
        (NOW, NOW - 20 * MINUTE, NOW + 40 * MINUTE),
        # Eight in the evening in Berlin is still fine; five to nine is not.
        (NOW.replace(hour=19), None, NOW.replace(hour=19) + 5 * MINUTE),
        (NOW.replace(hour=19, minute=55), None, NOW.replace(hour=8) + DAY),
        (NOW.replace(hour=2), None, NOW.replace(hour=8)),
    ],
)
def test_a_notice_waits_for_further_lines_and_for_the_morning(
    now: datetime, last: datetime | None, due: datetime
) -> None:
    assert notice_due(now, last, "Europe/Berlin", QuietHours()) == due


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "i just don’t want to be here anymore",
        "I don't want to wake up",
        "They would be better off without me.",
        "I keep thinking about ending it all",
        "some days I think of killing\nmyself",
        "There is no point in going on",
        "I can't go on",
        "I have been feeling suicidal again",
        "I cut myself last night",
        "He says he will kill me if I leave",
        "He hit me again",
        "I wish I were dead",
    ],
)
def test_words_that_bring_the_help_lines_near(text: str) -> None:
    assert suggests_lines(text)


@pytest.mark.parametrize(
    "text",
    [
        "It was a long day and I am tired.",
        "I cut myself a slice of cake",
        "My feet are killing me",
        "I was dying for a coffee",
        "He hit me up for lunch",
        "It hit me that spring is here",
        "I don't want to be here on Monday, can we meet Tuesday?",
        "I could live like this",
        "She beat me at chess, finally",
        "The end of it all was that we laughed",
        "That film killed me",
        "I hurt my knee running",
    ],
)
def test_words_of_an_ordinary_day_do_not(text: str) -> None:
    assert not suggests_lines(text)
