"""How a typed name is searched, and which distances are taken."""

import pytest

from portal.domain.errors import BadInput
from portal.domain.towns import RADII, asked_for, checked_radius, plain


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("St. John's", "st johns"),
        ("  São   Paulo ", "sao paulo"),
        ("Winston-Salem", "winston salem"),
        ("Łódź", "lodz"),
        ("Gießen", "giessen"),
        ("Tromsø", "tromso"),
        ("O’Fallon", "ofallon"),
        ("%_", ""),
        ("東京", ""),
    ],
)
def test_a_name_is_searched_in_plain_letters(typed: str, searched: str) -> None:
    assert plain(typed) == searched


def test_what_follows_a_comma_is_the_region_or_country() -> None:
    assert asked_for("Springfield, Illinois") == ("springfield", "illinois")
    assert asked_for("Cork") == ("cork", "")
    assert asked_for("a" * 500) == ("a" * 80, "")


def test_the_distances_offered_are_taken_and_no_other() -> None:
    assert [checked_radius(str(km)) for km in RADII] == [5, 10, 25, 50, 100]
    assert checked_radius("") is None
    for given in ("7", "-5", "nan", "25.0"):
        with pytest.raises(BadInput) as refused:
            checked_radius(given)
        assert refused.value.field == "radius"
