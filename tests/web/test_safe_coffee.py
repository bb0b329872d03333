"""The pages of a safe coffee: whom the two let know, and what the other of the two sees."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.experience import Format
from portal.queries.booking import safe_coffee as queries
from portal.services import booking as services
from tests.booking_cast import TUESDAY_TEN, Pair, add_member, add_pair, signed_in
from tests.web.account_steps import Watch

pytestmark = pytest.mark.usefixtures("no_tokens")

FORM = {"name": "Sam", "address": "sam@example.net", "tells": ["arrived", "home"], "hours": "2"}
VERBS = ("arrived", "home", "safe/nobody")


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now)


@pytest.fixture
def chat_id(app: Flask, pair: Pair, now: datetime) -> int:
    with app.app_context():
        return services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "Juniper Café", key="", now=now)


@pytest.fixture
def member(app: Flask, pair: Pair, watch: Watch, now: datetime) -> FlaskClient:
    return signed_in(app, pair.member_id, now)


@pytest.fixture
def peer(app: Flask, pair: Pair, watch: Watch, now: datetime) -> FlaskClient:
    return signed_in(app, pair.peer_id, now)


def test_a_person_of_trust_is_named_and_stands_on_the_page_of_the_chat(
    app: Flask, member: FlaskClient, peer: FlaskClient, chat_id: int
) -> None:
    assert "Let somebody you trust know" in member.get(f"/chat/{chat_id}").text
    answer = member.post(f"/chat/{chat_id}/safe", data=FORM)
    assert (answer.status_code, answer.location) == (303, f"/chat/{chat_id}")
    assert "Sam hears what you ticked." in member.get(f"/chat/{chat_id}").text
    assert "Sam" not in peer.get(f"/chat/{chat_id}").text
    member.post(f"/chat/{chat_id}/safe/nobody")
    assert "Sam" not in member.get(f"/chat/{chat_id}").text


def test_the_hours_that_were_kept_stand_there_again(member: FlaskClient, chat_id: int) -> None:
    member.post(f"/chat/{chat_id}/safe", data=FORM | {"tells": ["waits"], "hours": "3"})
    assert '<option selected value="3">' in member.get(f"/chat/{chat_id}/safe").text


def test_arriving_shows_to_both_and_home_only_to_oneself(app: Flask, pair: Pair, chat_id: int, watch: Watch) -> None:
    watch.time = TUESDAY_TEN - timedelta(minutes=70)
    member, peer = (signed_in(app, person_id, watch.time) for person_id in (pair.member_id, pair.peer_id))
    assert "I have arrived" not in _buttons(member.get(f"/chat/{chat_id}").text)
    watch.time = TUESDAY_TEN - timedelta(minutes=55)
    assert "I have arrived" in _buttons(member.get(f"/chat/{chat_id}").text)
    assert member.post(f"/chat/{chat_id}/arrived").status_code == 303
    assert "Ana has arrived." in peer.get(f"/chat/{chat_id}").text
    watch.time = TUESDAY_TEN + timedelta(minutes=20)
    assert member.post(f"/chat/{chat_id}/home").status_code == 303
    assert "that you are home" in member.get(f"/chat/{chat_id}").text
    assert "You said" not in peer.get(f"/chat/{chat_id}").text


def test_of_a_chat_that_lies_behind_only_what_was_said_still_stands_there(
    app: Flask, pair: Pair, chat_id: int, watch: Watch
) -> None:
    watch.time = TUESDAY_TEN + timedelta(minutes=5)
    signed_in(app, pair.member_id, watch.time).post(f"/chat/{chat_id}/arrived")
    watch.time = TUESDAY_TEN + timedelta(days=3)
    for person_id, said in ((pair.member_id, "that you have arrived."), (pair.peer_id, "Ana has arrived.")):
        page = signed_in(app, person_id, watch.time).get(f"/chat/{chat_id}").text
        assert (said in page, "Meet in a public place." in page, "never asked or kept" in page) == (True, False, False)


def test_of_a_chat_that_lies_behind_without_a_word_nothing_stands_there(
    app: Flask, pair: Pair, chat_id: int, watch: Watch
) -> None:
    watch.time = TUESDAY_TEN + timedelta(days=3)
    assert "There and back" not in signed_in(app, pair.member_id, watch.time).get(f"/chat/{chat_id}").text


def test_what_was_typed_stays_beside_the_sentence(member: FlaskClient, chat_id: int) -> None:
    page = member.post(f"/chat/{chat_id}/safe", data=FORM | {"address": "sam at home"})
    assert page.status_code == 422
    assert "Please write an e-mail address, such as sam@example.org." in page.text
    assert 'value="sam at home"' in page.text


def test_too_early_is_said_and_nothing_is_kept(app: Flask, member: FlaskClient, pair: Pair, chat_id: int) -> None:
    page = member.post(f"/chat/{chat_id}/arrived", follow_redirects=True)
    assert "It is a little early for that." in page.text
    with app.app_context():
        assert not queries.has_arrived(pair.member_id, chat_id)


def test_a_stranger_gets_nothing_and_a_get_acts_not(app: Flask, pair: Pair, chat_id: int, watch: Watch) -> None:
    watch.time = TUESDAY_TEN
    with app.app_context():
        stranger = signed_in(app, add_member(watch.time, "Sam"), watch.time)
    member = signed_in(app, pair.member_id, watch.time)
    assert stranger.get(f"/chat/{chat_id}/safe").status_code == 404
    for verb in VERBS:
        assert stranger.post(f"/chat/{chat_id}/{verb}").status_code == 404
        assert member.get(f"/chat/{chat_id}/{verb}").status_code == 405


def test_a_call_has_no_such_page(app: Flask, pair: Pair, member: FlaskClient, now: datetime) -> None:
    with app.app_context():
        call = services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.PHONE, "", key="", now=now)
    assert "There and back" not in member.get(f"/chat/{call}").text
    assert member.get(f"/chat/{call}/safe").location == f"/chat/{call}"


def _buttons(page: str) -> str:
    return page[page.index("<main") :].split("From an hour before")[0]
