"""What people read keeps to the words: no file-number language, no blame, no urgency."""

import pytest

from tests.house.words import marked_sentences, never_said, texts, words_of_template


def test_no_text_for_people_uses_a_word_that_is_ruled_out() -> None:
    found = {f"{path}: {word}" for path, text in texts() for word in never_said(text)}
    assert sorted(found) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Our clients are welcome", ["clients"]),
        ("You missed your chat", ["missed"]),
        ("Welcome back! Sit down", ["!"]),
        ("A setback is a place on the map", []),
        ("988 Suicide & Crisis Lifeline", []),
        ("Be patient with yourself", ["patient"]),
    ],
)
def test_the_checker_sees_such_words(text: str, words: list[str]) -> None:
    assert never_said(text) == words


def test_the_checker_reads_templates_and_code() -> None:
    template = '{# inmate #}<p class="score">Sit with us {{ _("No clients here") }} {{ x.score }}</p>'
    assert never_said(words_of_template(template)) == ["clients"]
    assert list(marked_sentences('x = N_("Hello"); y = "not marked"; flash("Said")')) == ["Hello", "Said"]
