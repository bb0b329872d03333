"""Phone numbers as people write them, country by country."""

import pytest

from portal.channels.numbers import calling_code, country_of, number_of, shown


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("(202) 555-0123", "US", "+12025550123"),
        ("202.555.0123", "US", "+12025550123"),
        ("+1 202 555 0123", "GB", "+12025550123"),
        ("07400 123456", "GB", "+447400123456"),
        ("085 012 3456", "IE", "+353850123456"),
        ("0412 345 678", "AU", "+61412345678"),
        ("021 123 4567", "NZ", "+64211234567"),
        ("(204) 234-5678", "CA", "+12042345678"),
    ],
)
def test_a_number_is_read_as_its_country_writes_it(typed: str, country: str, number: str) -> None:
    assert number_of(typed, country) == number
    assert number_of(shown(number), "US") == number


@pytest.mark.parametrize("typed", ["", "hello", "123", "+1 555 555 0123", "911", "+12025550123; +12025550124", "０"])
def test_what_is_no_number_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        number_of(typed, "US")


@pytest.mark.parametrize(
    ("typed", "country"), [("020 7946 0958", "GB"), ("800 234 5678", "US"), ("900 234 5678", "US")]
)
def test_a_number_that_takes_no_texts_is_known_by_its_kind(typed: str, country: str) -> None:
    with pytest.raises(ValueError, match="takes no texts"):
        number_of(typed, country)


def test_a_number_belongs_to_a_country() -> None:
    assert [country_of(number) for number in ("+12025550123", "+12042345678", "+447400123456")] == ["US", "CA", "GB"]
    assert calling_code("GB") == "+44"
