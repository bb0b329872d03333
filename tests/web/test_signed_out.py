"""A form sent after the sign-in has ended is answered calmly, and a page that lies still asks before it ends."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import SIGN_IN_IDLE, STAFF_SIGN_IN_IDLE, Role
from tests.web.account_steps import TOKEN, Watch, add, come_in, send

ROBIN = "robin@example.org"
WORDS = (
    "What you just asked for was not done. What you had saved before is still there; sign in, and you can do it again."
)


@pytest.fixture
def robin(app: Flask, client: FlaskClient, watch: Watch) -> int:
    """Robin, a member, signed in on `client`."""
    person_id = add(app, ROBIN, Role.MEMBER, now=watch.time)
    come_in(app, client, ROBIN)
    return person_id


@pytest.mark.parametrize(
    ("sent", "stood"),
    [
        ("/account/name", "/account/name"),
        ("/experience/3", "/experience/3"),
        ("/experience/enough", "/experience"),
        ("/account/apart/7/remove", "/account/apart"),
        ("/match/7/rank", "/match/7/rank"),
    ],
)
def test_a_form_that_outlived_its_sign_in_says_so_and_leads_back(client: FlaskClient, sent: str, stood: str) -> None:
    answer = client.post(sent, data={"name": "An hour of words"})
    assert (answer.status_code, WORDS in answer.text) == (400, True)
    assert re.findall(r'href="/sign-in\?back=([^"]*)"', answer.text) == [stood]
    assert "open for a long time" not in answer.text
    assert f'data-page="{stood}"' in answer.text


def test_a_part_of_a_page_gets_the_same_words_and_the_same_way(client: FlaskClient) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = client.post("/account/name", data={"name": "Words"}, headers=headers)
    assert (answer.status_code, WORDS in answer.text, "<html" in answer.text) == (400, True, False)
    assert 'href="/sign-in?back=/account/name"' in answer.text


def test_where_the_cookie_outlived_the_sign_in_the_door_says_it(
    app: Flask, client: FlaskClient, robin: int, watch: Watch
) -> None:
    found = TOKEN.search(client.get("/account/name").text)
    assert found is not None
    watch.time += SIGN_IN_IDLE + timedelta(seconds=1)
    answer = client.post("/account/name", data={"csrf_token": found.group(1), "name": "An hour of words"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?back=/account/name")
    assert WORDS in client.get(answer.headers["Location"]).text
    assert WORDS not in client.get("/sign-in").text


def test_a_form_that_is_open_to_all_does_not_speak_of_signing_out(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": ROBIN})
    assert (answer.status_code, WORDS in answer.text, "open for a long time" in answer.text) == (400, False, True)


@pytest.mark.parametrize(("role", "idle"), [(Role.MEMBER, SIGN_IN_IDLE), (Role.COORDINATOR, STAFF_SIGN_IN_IDLE)])
def test_a_page_knows_how_long_it_may_lie_still(
    app: Flask, client: FlaskClient, watch: Watch, role: Role, idle: timedelta
) -> None:
    assert "data-idle-seconds" not in client.get("/sign-in").text
    add(app, ROBIN, role, now=watch.time)
    come_in(app, client, ROBIN)
    text = client.get("/second-step" if role is Role.COORDINATOR else "/account").text
    assert re.findall(r'data-idle-seconds="(\d+)"', text) == [str(int(idle.total_seconds()) - 60)]
    assert "You will be signed out in two minutes, to keep this private." in text


def test_who_says_that_they_stay_stays_from_then_on(client: FlaskClient, robin: int, watch: Watch) -> None:
    found = TOKEN.search(client.get("/account").text)
    assert found is not None
    watch.turn(seconds=30)  # less than what the sign-in is kept to by itself
    answer = client.post("/stay", data={"csrf_token": found.group(1)})
    assert (answer.status_code, answer.text) == (204, "")
    watch.time += SIGN_IN_IDLE
    assert client.get("/account").status_code == 200


def test_a_link_does_not_make_anybody_stay(client: FlaskClient, robin: int) -> None:
    assert client.get("/stay").status_code == 405


def test_only_a_page_that_answers_a_form_says_where_the_form_stands(client: FlaskClient, robin: int) -> None:
    assert "data-page" not in client.get("/account/name").text
    answer = send(client, "/account/name", name="")
    assert (answer.status_code, 'data-page="/account/name"' in answer.text) == (422, True)
    answer = send(client, "/match/9999/stop")
    assert (answer.status_code, 'data-page="/match/9999/stop"' in answer.text) == (404, True)
