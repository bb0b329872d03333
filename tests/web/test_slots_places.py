"""A peer's page about the public places they like to meet at."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.queries import own_hours as queries
from portal.services import slots
from tests.booking_cast import signed_in
from tests.slots_cast import add_peer
from tests.web.account_steps import send
from tests.web.slots_pages import value_of, words


@pytest.fixture(autouse=True)
def _stopped(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    with app.app_context():
        return add_peer("maya@example.org", now)


@pytest.fixture
def peer(app: Flask, peer_id: int, now: datetime) -> FlaskClient:
    return signed_in(app, peer_id, now)


def ids(app: Flask, peer_id: int) -> dict[str, int]:
    with app.app_context():
        return {row.name: row.id for row in queries.places_of(peer_id)}


def test_places_are_added_put_in_order_changed_and_taken_away(peer: FlaskClient, app: Flask, peer_id: int) -> None:
    for name in ("Café Luz", "The library"):
        assert send(peer, "/times/places", name=name, address="Main Street", request_key=name).status_code == 303
    assert list(ids(app, peer_id)) == ["Café Luz", "The library"]
    library = ids(app, peer_id)["The library"]
    assert send(peer, f"/times/places/{library}/up", request_key="a").status_code == 303
    assert list(ids(app, peer_id)) == ["The library", "Café Luz"]
    assert value_of(peer.get(f"/times/places/{library}"), "name") == "The library"
    changed = {"name": "City library", "address": "By the stairs", "request_key": "b"}
    assert send(peer, f"/times/places/{library}", **changed).status_code == 303
    assert "City library By the stairs" in words(peer.get("/times/places"))
    assert "Places to meet City library; Café Luz" in words(peer.get("/times"))
    assert send(peer, f"/times/places/{library}/remove", request_key="c").status_code == 303
    assert list(ids(app, peer_id)) == ["Café Luz"]


def test_what_reads_like_a_home_is_asked_about_gently(peer: FlaskClient, app: Flask, peer_id: int) -> None:
    assert "It is a public place" not in peer.get("/times/places").text
    asked = send(peer, "/times/places", name="Kitchen", address="Apt 4, Oak Street", request_key="a")
    assert asked.status_code == 422
    assert "This reads like somebody’s home." in words(asked)
    assert (value_of(asked, "name"), value_of(asked, "address")) == ("Kitchen", "Apt 4, Oak Street")
    assert "It is a public place" in asked.text
    sure = send(peer, "/times/places", name="Kitchen", address="Apt 4, Oak Street", public="y", request_key="b")
    assert sure.status_code == 303
    assert list(ids(app, peer_id)) == ["Kitchen"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Please write what the place is called."), ("x" * 61, "Please use at most 60 characters.")],
)
def test_what_is_no_name_keeps_the_address(peer: FlaskClient, name: str, sentence: str) -> None:
    answer = send(peer, "/times/places", name=name, address="Main Street", request_key="a")
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert value_of(answer, "address") == "Main Street"


def test_a_strangers_place_is_not_found(peer: FlaskClient, app: Flask, now: datetime) -> None:
    with app.app_context():
        other = add_peer("sam@example.org", now)
        slots.add_place(other, "Café Luz", "", public=False, key="a", now=now)
    place = ids(app, other)["Café Luz"]
    assert peer.get(f"/times/places/{place}").status_code == 404
    for act in ("", "/up", "/remove"):
        fields = {"name": "Mine", "address": "", "request_key": f"b{act}"}
        assert send(peer, f"/times/places/{place}{act}", **fields).status_code == 404
    assert list(ids(app, other)) == ["Café Luz"]
