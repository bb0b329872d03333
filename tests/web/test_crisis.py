"""The strip of help lines: drawn once for each language, the same for everybody, and anew when the lines change."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from jinja2.runtime import Macro

from portal.web.crisis import shown_lines, strip
from tests.matching_cast import Hill
from tests.servers.databases import Databases, SqliteDatabases
from tests.web.account_steps import Watch

STRIP = re.compile(r'<div class="strip">.*?</details>\s*</div>', re.DOTALL)


@pytest.fixture
def databases(sqlite_databases: SqliteDatabases) -> Databases:
    """What is asked here does not touch the database; one engine is enough."""
    return sqlite_databases


def strip_on(client: FlaskClient, path: str = "/") -> str:
    [found] = STRIP.findall(client.get(path).text)
    return str(found)


def drawn_now(app: Flask) -> str:
    """What the macro itself draws, without anything kept."""
    with app.test_request_context():
        macro: Macro = app.jinja_env.get_template("kit/crisis.html").module.strip  # type: ignore[attr-defined]
        return str(macro(app.config["CRISIS_LINES"], "/help")).strip()


def test_the_strip_is_what_the_kit_draws_on_the_first_page_and_on_every_other(app: Flask, client: FlaskClient) -> None:
    assert [strip_on(client, path) for path in ("/", "/sign-in", "/help", "/")] == [drawn_now(app)] * 4


def test_everybody_sees_the_same_strip_whoever_saw_it_first(
    hill: Hill, watch: Watch, ana: FlaskClient, ben: FlaskClient, client: FlaskClient
) -> None:
    assert [strip_on(browser, "/account") for browser in (ana, ben)] == [strip_on(client)] * 2


def test_the_strip_is_drawn_anew_when_the_lines_are_others(app: Flask, client: FlaskClient) -> None:
    before, home = strip_on(client), app.config["CRISIS_COUNTRY"]
    first = replace(home.lines[0], name="The New Line", verified_on=date(2026, 3, 1))
    app.config["CRISIS_LINES"] = shown_lines(replace(home, lines=(first, *home.lines[1:])))
    after = strip_on(client)
    assert ("The New Line" in before, "The New Line" in after, "Checked on 1 March 2026." in after) == (
        False,
        True,
        True,
    )
    assert after == drawn_now(app)
    app.config["CRISIS_LINES"] = ()
    assert 'class="strip"' not in client.get("/").text


def test_each_language_has_a_strip_of_its_own(app: Flask) -> None:
    home = app.config["CRISIS_COUNTRY"]
    checked = replace(home.lines[0], verified_on=date(2026, 3, 1))
    app.config["CRISIS_LINES"] = shown_lines(replace(home, lines=(checked,)))
    with app.test_request_context():
        english = strip()
        with force_locale("fr"):
            french = strip()
        assert ("1 March 2026" in english, "1 mars 2026" in french, strip() is english) == (True, True, True)
