"""Somebody who floods an address with codes locks nobody out, learns nothing, and is told when to try again."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import read
from portal.domain.account import Role
from portal.domain.notice import NoticeState
from portal.models import Notice
from portal.services.account.code import LETTERS_A_DAY
from tests.web.account_steps import TOKEN, Watch, add, come_in

MAIL = "robin@example.org"
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def ask(browser: FlaskClient, network: str = "203.0.113.9") -> tuple[int, str, str | None]:
    """Ask for a code from a network; returns the answer's status, where it leads, and when to try again."""
    found = TOKEN.search(browser.get("/sign-in").text)
    assert found is not None
    data = {"csrf_token": found.group(1), "email": MAIL}
    answer = browser.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": network})
    return answer.status_code, answer.headers.get("Location", ""), answer.headers.get("Retry-After")


def flood(app: Flask) -> None:
    """Use up the day's letters from many networks."""
    for number in range(LETTERS_A_DAY):
        assert ask(app.test_client(), f"198.51.100.{number // 10}")[0] == 303


def last_letter(app: Flask) -> NoticeState:
    with app.app_context():
        return read().scalars(select(Notice.state).order_by(Notice.id.desc()).limit(1)).one()


def test_a_stranger_s_letter_is_held_back_in_silence(app: Flask, watch: Watch) -> None:
    first = ask(app.test_client())
    flood(app)
    assert ask(app.test_client()) == first == (303, "/sign-in/code", None)
    assert last_letter(app) is NoticeState.VOID
    watch.time += timedelta(days=1, seconds=1)
    ask(app.test_client(), "203.0.113.10")
    assert last_letter(app) is NoticeState.DUE


def test_a_browser_that_came_in_before_gets_its_letter_all_the_same(
    app: Flask, client: FlaskClient, watch: Watch
) -> None:
    add(app, MAIL, Role.MEMBER, now=watch.time)
    come_in(app, client, MAIL)
    client.delete_cookie("portal")  # the sign-in is over; that it was here before stays
    flood(app)
    assert ask(client) == (303, "/sign-in/code", None)
    assert last_letter(app) is NoticeState.DUE


def test_neighbours_on_one_network_do_not_hold_it_up_and_it_has_a_limit_of_its_own(
    app: Flask, client: FlaskClient, watch: Watch
) -> None:
    add(app, MAIL, Role.MEMBER, now=watch.time)
    come_in(app, client, MAIL)
    client.delete_cookie("portal")
    strangers = [ask(app.test_client()) for _ in range(11)]
    assert strangers[-2:] == [(303, "/sign-in/code", None), (429, "", "3600")]
    assert [ask(client)[0] for _ in range(11)] == [303] * 10 + [429]


def test_the_cookie_names_nobody_and_is_good_for_its_own_address_only(
    app: Flask, client: FlaskClient, watch: Watch
) -> None:
    add(app, "else@example.org", Role.MEMBER, now=watch.time)
    come_in(app, client, "else@example.org")
    cookie = client.get_cookie("known")
    assert cookie is not None
    assert (cookie.http_only, "else" in cookie.decoded_value) == (True, False)
    client.delete_cookie("portal")
    flood(app)
    ask(client)
    assert last_letter(app) is NoticeState.VOID


@pytest.mark.parametrize("way", ["/sign-out", "/leave"])
def test_whoever_goes_leaves_no_trace(app: Flask, client: FlaskClient, watch: Watch, way: str) -> None:
    add(app, MAIL, Role.MEMBER, now=watch.time)
    come_in(app, client, MAIL)
    found = TOKEN.search(client.get("/help").text)
    assert found is not None
    client.post(way, data={"csrf_token": found.group(1)})
    assert client.get_cookie("known") is None
