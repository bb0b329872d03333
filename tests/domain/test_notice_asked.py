"""What a text of one word asks for."""

import pytest

from portal.domain.notice import GROUP_OF, ONE_WAY, Asked, Kind, asked_of


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("STOP", Asked.STOP),
        ("stop", Asked.STOP),
        (" Stop. ", Asked.STOP),
        ("“Stop!”\n", Asked.STOP),
        ("StopAll", Asked.STOP),
        ("unsubscribe", Asked.STOP),
        ("Cancel", Asked.STOP),
        ("END", Asked.STOP),
        ("quit", Asked.STOP),
        ("START", Asked.START),
        ("unstop", Asked.START),
        ("Yes", Asked.START),
        ("HELP", Asked.HELP),
        ("info", Asked.HELP),
        ("help?", Asked.HELP),
        ("please stop", Asked.OTHER),
        ("yes please", Asked.OTHER),
        ("I need help", Asked.OTHER),
        ("", Asked.OTHER),
    ],
)
def test_one_word_asks_and_more_words_do_not(text: str, asked: Asked) -> None:
    assert asked_of(text) is asked


def test_each_kind_of_notice_belongs_to_one_group_or_has_one_way() -> None:
    assert set(GROUP_OF) | ONE_WAY == set(Kind)
    assert set(GROUP_OF) & ONE_WAY == set()
