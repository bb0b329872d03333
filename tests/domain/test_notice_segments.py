"""Segments of text messages: known cases of the two alphabets, and words that are made to fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.notice import MOST_SEGMENTS, segments, text_of

LINK = "https://portal.example.org/n/1234567"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("[" + "a" * 158, 1),
        ("[" + "a" * 159, 2),
        ("é" * 160, 1),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("“" + "a" * 69, 1),
        ("“" + "a" * 70, 2),
    ],
)
def test_a_text_takes_as_many_segments_as_its_alphabet_says(text: str, count: int) -> None:
    assert segments(text) == count


def test_what_takes_two_places_is_not_torn_between_two_segments() -> None:
    assert segments("a" * 152 + "€" + "a" * 151) == 2
    assert segments("a" * 152 + "€" + "a" * 152) == 3
    assert segments("ê" * 66 + "😀" + "ê" * 66) == 3


def test_words_that_fit_stay_as_they_are() -> None:
    assert text_of("Your coffee chat, Tuesday 4 pm", LINK) == f"Your coffee chat, Tuesday 4 pm {LINK}"


def test_marks_with_a_twin_in_the_small_alphabet_cost_nothing() -> None:
    assert text_of("“Maya’s” chat – 4:00\u202fPM…", LINK) == f'"Maya\'s" chat - 4:00 PM... {LINK}'


def test_words_that_are_too_long_are_cut_after_a_whole_word() -> None:
    text = text_of("coffee " * 60, LINK)
    assert segments(text) == MOST_SEGMENTS
    assert text.endswith(f"coffee... {LINK}")
    assert segments(text.replace("...", " coffee coffee...")) > MOST_SEGMENTS


def test_a_link_that_does_not_fit_is_an_error_and_not_cut() -> None:
    with pytest.raises(ValueError, match="link"):
        text_of("A note", "https://" + "long" * 80)


@given(st.text(max_size=700))
def test_no_text_takes_more_than_two_segments_and_each_keeps_its_link(words: str) -> None:
    text = text_of(words, LINK)
    assert segments(text) <= MOST_SEGMENTS
    assert text.endswith(LINK)
