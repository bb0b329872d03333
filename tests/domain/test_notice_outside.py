"""When somebody's own words stand on the outside of a letter."""

import pytest

from portal.domain.account import Discretion
from portal.domain.notice import LONGEST_WORDS, own_words


@pytest.mark.parametrize(
    ("chosen", "discretion", "stands"),
    [
        (" Books\r\nare due ", Discretion.DISCREET, "Books are due"),
        ("x" * LONGEST_WORDS, Discretion.DISCREET, "x" * LONGEST_WORDS),
        ("x" * (LONGEST_WORDS + 1), Discretion.DISCREET, ""),
        ("\u202e\u0000 ", Discretion.DISCREET, ""),
        ("Books are due", Discretion.OPEN, ""),
        ("Books are due", Discretion.DOT, ""),
    ],
)
def test_own_words_stand_on_one_short_line_where_letters_are_quiet(
    chosen: str, discretion: Discretion, stands: str
) -> None:
    assert own_words(chosen, discretion) == stands
