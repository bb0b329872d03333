"""The cookie, and forms without their token or of another site."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import read
from portal.models import Person
from tests.web.access_policy import Visitor
from tests.web.access_round import Round
from tests.web.account_steps import TOKEN


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [("https://hill.example", "__Host-portal", True), ("http://localhost", "portal", False)],
)
def test_the_cookie_is_closed_to_scripts_and_other_sites(
    make_app: Callable[..., Flask], base_url: str, name: str, secure: bool
) -> None:
    mode = "production" if secure else "demo"
    client = make_app(base_url=base_url, mode=mode).test_client()
    client.get("/sign-in", base_url=base_url)
    cookie = client.get_cookie(name, domain=base_url.partition("//")[2])
    assert cookie is not None
    assert (cookie.secure, cookie.http_only, cookie.same_site, cookie.path, cookie.origin_only) == (
        secure,
        True,
        "Lax",
        "/",
        True,
    )


def test_tls_is_asked_for_where_there_is_tls(make_app: Callable[..., Flask]) -> None:
    client = make_app(base_url="https://hill.example", mode="production").test_client()
    found = [
        client.get("/", base_url=url).headers.get("Strict-Transport-Security")
        for url in ("https://hill.example", "http://localhost")
    ]
    assert found == ["max-age=31536000", None]


def test_a_form_without_its_token_changes_nothing_and_says_so(app: Flask, client: FlaskClient, robin: int) -> None:
    for token in ({}, {"csrf_token": "made-up"}):
        answer = client.post("/account/name", data={"name": "Changed", **token})
        assert (answer.status_code, "was open for a long time" in answer.text) == (400, True)
    assert name_of(app, robin) == "Robin"


def test_every_form_but_these_needs_the_token(round_of_doors: Round) -> None:
    """Leaving must always work, unsubscribing comes from a mail program, and the carrier of texts signs its calls."""
    house = round_of_doors.house
    held = house.passes[Visitor.ADMINISTRATOR]
    let_through = set()
    for ask in house.asks():
        if ask.method == "POST" and ask.visitor is Visitor.ADMINISTRATOR and not ask.htmx:
            answer = house.client.post(ask.path, headers={"Cookie": held.cookie})
            if answer.status_code != 400:
                let_through.add(ask.endpoint)
    assert let_through == {"home.leave", "notice.unsubscribe", "notice.text_heard", "notice.text_receipt"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "null"}, 303),
        ({}, 303),
    ],
)
def test_a_form_of_another_site_is_refused(
    app: Flask, client: FlaskClient, robin: int, headers: dict[str, str], status: int
) -> None:
    token = TOKEN.search(client.get("/account/name").text)
    assert token is not None
    data = {"csrf_token": token.group(1), "name": "Changed"}
    answer = client.post("/account/name", data=data, headers=headers)
    assert answer.status_code == status
    assert name_of(app, robin) == ("Changed" if status == 303 else "Robin")


def name_of(app: Flask, person_id: int) -> str:
    with app.app_context():
        return read().get_one(Person, person_id).name
