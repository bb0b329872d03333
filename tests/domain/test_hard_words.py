"""Words that may hurt: found whole, said once, each with what can be said instead."""

import pytest

from portal.domain.hard_words import hard_words
from portal.domain.words import N_


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ben is away until Monday.", []),
        ("You missed it. A Missed chat is a no-show.", ["missed", "no-show"]),
        ("He helps addicts", ["addict"]),
        ("The cleaner is here, and it scored well", []),
    ],
)
def test_hard_words_are_found_whole_and_once(text: str, found: list[str]) -> None:
    assert [word for word, _better in hard_words(text)] == found


def test_each_comes_with_what_can_be_said() -> None:
    assert hard_words("a relapse") == (("relapse", N_("say “setback” or “return to use”")),)
