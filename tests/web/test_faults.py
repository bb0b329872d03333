"""When something breaks behind a page: a calm answer with all its headers, and a log that holds nobody's words."""

import logging

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from portal.db import engine_options, read, sqlite
from portal.domain.account import Role
from portal.queries import account as account_queries
from portal.services import account as account_services
from portal.web.doors import Door
from tests.web.account_steps import Watch, add, come_in

MAIL = "robin@example.org"
SECRET = "words of mine"
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def robin(app: Flask, client: FlaskClient, watch: Watch) -> int:
    """Robin, a member, signed in; from here on a fault is answered as on a real site."""
    person_id = add(app, MAIL, Role.MEMBER, now=watch.time)
    come_in(app, client, MAIL)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return person_id


@pytest.fixture
def unwatched(app: Flask) -> None:
    """A page that breaks is answered as on a real site, not raised into the test."""
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False


def breaks(error: Exception) -> object:
    def raises(*_args: object, **_named: object) -> object:
        raise error

    return raises


def all_told(caplog: pytest.LogCaptureFixture) -> str:
    """Return everything the log holds, exceptions with their texts."""
    formatter = logging.Formatter()
    return "\n".join(formatter.format(record) for record in caplog.records)


@pytest.mark.parametrize("where", ["actor_by_token", "end_sign_in"])
def test_whoever_leaves_gets_away_whatever_is_broken(
    client: FlaskClient, robin: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    home = account_queries if where == "actor_by_token" else account_services
    monkeypatch.setattr(home, where, breaks(OperationalError(f"SELECT '{SECRET}'", {"email": MAIL}, Exception())))
    answer = client.post("/leave")
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "0; url=https://www.wikipedia.org/")
    assert client.get_cookie("portal") is None
    assert (SECRET in all_told(caplog), MAIL in all_told(caplog), "OperationalError" in all_told(caplog)) == (
        False,
        False,
        True,
    )


def test_headers_are_put_without_asking_who_somebody_is(
    app: Flask, client: FlaskClient, robin: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the page did not find out stays unknown, and what is unknown is kept nowhere."""
    asked: list[str] = []
    monkeypatch.setattr(account_queries, "actor_by_token", lambda token, _now: asked.append(token))
    answer = client.get("/healthz")
    assert (asked, answer.headers["Cache-Control"]) == ([], "no-store")


def test_a_page_for_nobody_may_be_asked_about_again(app: Flask, unwatched: None) -> None:
    assert app.test_client().get("/help").headers["Cache-Control"] == "no-cache, private"


def test_a_fault_after_the_page_is_calm_too(
    app: Flask, client: FlaskClient, robin: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Flask answers this one itself, past the handler of exceptions, and would log its text."""

    def falls(_response: Response) -> Response:
        raise OperationalError(f"SELECT '{SECRET}'", {"email": MAIL}, Exception("gone"))

    app.after_request_funcs.setdefault(None, []).insert(0, falls)
    first = client.get("/account")
    app.after_request_funcs[None].remove(falls)
    told = all_told(caplog)
    assert (first.status_code, "did not work" in first.text) == (500, True)
    assert (SECRET in told, MAIL in told, "OperationalError" in told) == (False, False, True)


def test_a_page_of_a_fault_names_the_help_lines_first(app: Flask, client: FlaskClient, unwatched: None) -> None:
    def falls() -> str:
        abort(500)

    app.view_functions["crisis.lines"] = falls
    falls.door = Door.PUBLIC  # type: ignore[attr-defined]
    shown = client.get("/help").text
    top, _, main = shown.partition("<main")
    ways = [way["href"] for line in app.config["CRISIS_LINES"][:1] for way in line["ways"] if way["kind"] != "chat"]
    assert len(ways) == 2
    assert [f'href="{way}"' in part for part in (top, main) for way in ways] == [True] * 4
    assert "your country's crisis line" not in shown


def test_a_fault_that_a_page_names_itself_is_calm(app: Flask, client: FlaskClient, unwatched: None) -> None:
    def falls() -> str:
        abort(500, description=SECRET)

    app.view_functions["crisis.lines"] = falls
    falls.door = Door.PUBLIC  # type: ignore[attr-defined]
    answer = client.get("/help")
    assert (answer.status_code, "did not work" in answer.text, SECRET in answer.text) == (500, True, False)
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_was_asked_of_the_database_is_not_in_its_errors(app: Flask) -> None:
    with app.app_context(), pytest.raises(DBAPIError) as caught:
        read().execute(text("SELECT * FROM nowhere WHERE email = :email"), {"email": MAIL})
    assert isinstance(caught.value.orig, sqlite.OperationalError)
    assert MAIL not in str(caught.value)


def test_both_engines_hide_what_was_asked(databases: object) -> None:
    urls = ("sqlite:///x", "postgresql+psycopg://x/y")
    assert [engine_options(url).get("hide_parameters") for url in urls] == [True, True]


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999"])
def test_a_number_that_no_row_can_have_is_a_page_that_is_not_there(
    client: FlaskClient, robin: int, number: str
) -> None:
    paths = ("chat", "n", "walk", "book", "walk")
    assert [client.get(f"/{path}/{number}").status_code for path in paths] == [404] * len(paths)


def test_the_largest_number_of_a_row_is_asked_for(client: FlaskClient, robin: int) -> None:
    assert client.get("/chat/2147483647").status_code == 404
