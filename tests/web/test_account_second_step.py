"""The second step of coordinators: an app or a passkey, without which their pages stay closed."""

import json
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import Role
from portal.queries import account as account_queries
from tests.web.account_steps import Watch, add, come_in, send

RUTH, ROBIN = "ruth@example.org", "robin@example.org"


@pytest.fixture
def ruth(app: Flask, client: FlaskClient, watch: Watch) -> int:
    """Ruth, a coordinator, with the code from her mail typed on `client`."""
    person_id = add(app, RUTH, Role.COORDINATOR, now=watch.time, name="Ruth")
    assert come_in(app, client, RUTH).headers["Location"] == "/second-step"
    return person_id


def key_of(app: Flask, person_id: int) -> str:
    with app.app_context():
        key = account_queries.own_choices(person_id).totp_key
        assert key is not None
        return key


def shown(app: Flask, person_id: int, watch: Watch, steps: int = 0) -> str:
    """Return what Ruth's app shows, some steps of 30 seconds from now."""
    return pyotp.TOTP(key_of(app, person_id)).at(watch.time + steps * timedelta(seconds=30))


def set_up(app: Flask, client: FlaskClient, person_id: int, watch: Watch) -> str:
    """Set up the app; returns the code that confirmed it."""
    assert send(client, "/second-step/app").headers["Location"] == "/second-step/app"
    code = shown(app, person_id, watch)
    assert send(client, "/second-step/app/confirm", code=code).headers["Location"] == "/"
    return code


def done(client: FlaskClient) -> bool:
    return "It is done for this visit." in client.get("/second-step").text


def test_an_app_is_set_up_with_a_picture_and_a_key(app: Flask, client: FlaskClient, ruth: int, watch: Watch) -> None:
    send(client, "/second-step/app")
    page = client.get("/second-step/app").text
    key = key_of(app, ruth)
    assert " ".join(key[at : at + 4] for at in range(0, len(key), 4)) in page
    assert ("<svg" in page, "style=" in page.partition("<main")[2]) == (True, False)
    assert not done(client)
    assert send(client, "/second-step/app/confirm", code=shown(app, ruth, watch)).status_code == 303
    assert done(client)


def test_the_key_is_shown_no_more_once_it_is_confirmed(
    app: Flask, client: FlaskClient, ruth: int, watch: Watch
) -> None:
    set_up(app, client, ruth, watch)
    assert client.get("/second-step/app").headers["Location"] == "/second-step"
    assert send(client, "/second-step/app").status_code == 403


def test_a_wrong_first_code_sets_nothing_up(app: Flask, client: FlaskClient, ruth: int, watch: Watch) -> None:
    send(client, "/second-step/app")
    assert send(client, "/second-step/app/confirm", code=shown(app, ruth, watch, steps=9)).status_code == 422
    with app.app_context():
        assert account_queries.factors(ruth).app is False


def test_the_next_sign_in_asks_for_the_app(app: Flask, client: FlaskClient, ruth: int, watch: Watch) -> None:
    set_up(app, client, ruth, watch)
    watch.turn(minutes=5)
    phone = app.test_client()
    assert come_in(app, phone, RUTH).headers["Location"] == "/second-step"
    assert not done(phone)
    assert send(phone, "/second-step", code=shown(app, ruth, watch)).headers["Location"] == "/"
    assert done(phone)


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_differ_by_one_step(
    app: Flask, client: FlaskClient, ruth: int, watch: Watch, steps: int, status: int
) -> None:
    set_up(app, client, ruth, watch)
    watch.turn(minutes=5)
    phone = app.test_client()
    come_in(app, phone, RUTH)
    assert send(phone, "/second-step", code=shown(app, ruth, watch, steps)).status_code == status


def test_a_code_of_the_app_is_not_taken_twice(app: Flask, client: FlaskClient, ruth: int, watch: Watch) -> None:
    code = set_up(app, client, ruth, watch)
    phone = app.test_client()
    come_in(app, phone, RUTH)
    assert send(phone, "/second-step", code=code).status_code == 422
    assert not done(phone)


def test_the_second_step_gives_the_browser_a_new_token(
    app: Flask, client: FlaskClient, ruth: int, watch: Watch
) -> None:
    copy = app.test_client()
    with client.session_transaction() as cookie:
        before = dict(cookie)
    with copy.session_transaction() as cookie:
        cookie.update(before)
    set_up(app, client, ruth, watch)
    assert copy.get("/second-step").headers["Location"].startswith("/sign-in")


def test_guessing_is_held_back_in_words(app: Flask, client: FlaskClient, ruth: int, watch: Watch) -> None:
    set_up(app, client, ruth, watch)
    watch.turn(minutes=5)
    phone = app.test_client()
    come_in(app, phone, RUTH)
    wrong = shown(app, ruth, watch, steps=50)
    answers = [send(phone, "/second-step", code=wrong).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_an_open_mailbox_alone_adds_no_passkey(app: Flask, client: FlaskClient, ruth: int, watch: Watch) -> None:
    set_up(app, client, ruth, watch)
    phone = app.test_client()
    come_in(app, phone, RUTH)
    assert send(phone, "/second-step/passkey/new/options").status_code == 403
    assert send(phone, "/second-step/passkey/new").status_code == 403


def test_an_answer_that_no_device_gave_is_not_taken(app: Flask, client: FlaskClient, ruth: int, watch: Watch) -> None:
    assert send(client, "/second-step/passkey/new").status_code == 422
    options = send(client, "/second-step/passkey/new/options")
    assert (options.status_code, json.loads(options.text)["rp"]["id"]) == (200, "localhost")
    assert send(client, "/second-step/passkey/new").status_code == 422
    with app.app_context():
        assert account_queries.passkeys(ruth) == []


def test_there_is_no_passkey_to_ask_for_before_one_is_set_up(client: FlaskClient, ruth: int) -> None:
    assert send(client, "/second-step/passkey/options").status_code == 403
    assert send(client, "/second-step/passkey").status_code == 422


@pytest.mark.parametrize("path", ["/second-step", "/second-step/app"])
def test_a_member_has_no_second_step(app: Flask, client: FlaskClient, watch: Watch, path: str) -> None:
    add(app, ROBIN, Role.MEMBER, now=watch.time)
    come_in(app, client, ROBIN)
    assert client.get(path).status_code == 404
    assert send(client, path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/second-step/app/confirm",
        "/second-step/passkey",
        "/second-step/passkey/new",
        "/second-step/passkey/options",
        "/second-step/passkey/new/options",
    ],
)
def test_a_link_does_not_take_the_step(client: FlaskClient, ruth: int, path: str) -> None:
    assert client.get(path).status_code == 405
