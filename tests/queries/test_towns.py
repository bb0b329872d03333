"""Towns are found by the beginning of their name, the largest first, alike on both databases."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.domain.towns import MOST_FOUND
from portal.queries import experience as queries


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def found(words: str) -> list[tuple[str, str, str]]:
    return [(town.name, town.region, town.country) for town in queries.find_towns(words)]


def test_a_town_is_found_by_the_beginning_of_its_name() -> None:
    (chicago,) = queries.find_towns("chicag")
    assert (chicago.id, chicago.name, chicago.region, chicago.country) == (4887398, "Chicago", "Illinois", "US")
    assert (chicago.lat, chicago.lon, chicago.zone) == (41.9, -87.7, "America/Chicago")
    assert queries.town_of(chicago.id) == chicago
    assert found("hicag") == []


@pytest.mark.parametrize("typed", ["São Paulo", "sao paulo", "  SAO  PAULO "])
def test_marks_and_capitals_do_not_matter(typed: str) -> None:
    assert found(typed)[0] == ("São Paulo", "", "BR")


def test_the_largest_come_first_and_at_most_eight() -> None:
    towns = queries.find_towns("san")
    sizes = [town.population for town in towns]
    assert (len(towns), sizes) == (MOST_FOUND, sorted(sizes, reverse=True))


def test_a_region_or_a_country_may_follow_after_a_comma() -> None:
    assert found("Springfield, Illinois") == [("Springfield", "Illinois", "US")]
    assert found("london, ca") == [("London", "Ontario", "CA")]
    assert found("London, On") == [("London", "Ontario", "CA")]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "東京", "'", "x" * 500, "chicago, x"])
def test_what_names_no_town_finds_none(typed: str) -> None:
    assert found(typed) == []


def test_a_number_of_no_town_is_none() -> None:
    assert queries.town_of(1) is None
    assert not queries.no_towns_yet()
