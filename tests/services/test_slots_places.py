"""The public places of a peer, on both databases, and what reads like a home."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask

from portal.domain.errors import BadInput, NotFound
from portal.domain.slots import looks_like_a_home
from portal.queries import own_hours as queries
from portal.services import slots
from tests.slots_cast import add_peer


@pytest.fixture(autouse=True)
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    with app.app_context():
        return add_peer("maya@example.org", now)


def add(peer_id: int, now: datetime, *names: str) -> None:
    for name in names:
        slots.add_place(peer_id, name, "", public=False, key=f"add {name}", now=now)


def names(peer_id: int) -> list[str]:
    return [row.name for row in queries.places_of(peer_id)]


def test_places_stand_in_an_order_of_their_own(peer_id: int, now: datetime) -> None:
    add(peer_id, now, "Café Luz", "The library", "Riverside park")
    park = queries.places_of(peer_id)[2].id
    slots.move_place(peer_id, park, key="a", now=now)
    assert names(peer_id) == ["Café Luz", "Riverside park", "The library"]
    slots.move_place(peer_id, park, key="b", now=now)
    slots.move_place(peer_id, park, key="c", now=now)
    assert names(peer_id) == ["Riverside park", "Café Luz", "The library"]
    slots.remove_place(peer_id, park, key="d", now=now)
    add(peer_id, now, "Museum garden")
    assert names(peer_id) == ["Café Luz", "The library", "Museum garden"]


def test_a_place_is_changed_and_kept_on_one_line(peer_id: int, now: datetime) -> None:
    add(peer_id, now, "Café Luz")
    place = queries.places_of(peer_id)[0].id
    slots.change_place(peer_id, place, " Café \n Luz ", "12 Main\tStreet", public=False, key="b", now=now)
    (row,) = queries.places_of(peer_id)
    assert (row.name, row.address) == ("Café Luz", "12 Main Street")


@pytest.mark.parametrize(
    ("name", "address", "field"),
    [("", "", "name"), ("x" * 61, "", "name"), ("Café", "x" * 161, "address"), ("My place", "", "address")],
)
def test_what_is_no_place_is_refused_at_its_field(
    peer_id: int, now: datetime, name: str, address: str, field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        slots.add_place(peer_id, name, address, public=False, key="a", now=now)
    assert refusal.value.field == field
    assert names(peer_id) == []


def test_what_reads_like_a_home_is_kept_once_it_is_said_to_be_public(peer_id: int, now: datetime) -> None:
    slots.add_place(peer_id, "Community kitchen", "Apt 2, 5 Oak Street", public=True, key="a", now=now)
    assert names(peer_id) == ["Community kitchen"]


def test_a_list_of_places_ends_somewhere(peer_id: int, now: datetime) -> None:
    add(peer_id, now, *(f"Park {number}" for number in range(8)))
    with pytest.raises(BadInput) as refusal:
        add(peer_id, now, "Park 9")
    assert refusal.value.field == "name"


def test_nobody_touches_a_strangers_places(peer_id: int, now: datetime) -> None:
    stranger = add_peer("sam@example.org", now)
    add(peer_id, now, "Café Luz")
    place = queries.places_of(peer_id)[0].id
    with pytest.raises(NotFound):
        slots.change_place(stranger, place, "Mine", "", public=True, key="b", now=now)
    with pytest.raises(NotFound):
        slots.move_place(stranger, place, key="c", now=now)
    with pytest.raises(NotFound):
        slots.remove_place(stranger, place, key="d", now=now)
    assert names(peer_id) == ["Café Luz"]


@pytest.mark.parametrize(
    ("name", "address", "home"),
    [
        ("My place", "", True),
        ("Home", "", True),
        ("Kitchen table", "12 Main Street, apt. 4", True),
        ("At mine", "", True),
        ("Chez moi", "", True),
        ("Homestead Café", "Flatiron district", False),
        ("Public library", "Main Street 12, second floor", False),
        ("House of Tea", "", False),
        ("City park", "the bench by the fountain", False),
    ],
)
def test_a_home_is_told_from_a_public_place_by_its_words(name: str, address: str, home: bool) -> None:
    assert looks_like_a_home(name, address) is home
