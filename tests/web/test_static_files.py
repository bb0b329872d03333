"""Static files are packed once and asked for once: the address of each tells its content."""

import re

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.launch.places import ROOT
from tests.servers.databases import Databases, SqliteDatabases

SMALLEST = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def databases(sqlite_databases: SqliteDatabases) -> Databases:
    """What is asked here does not touch the database; one engine is enough."""
    return sqlite_databases


@pytest.fixture
def styles(client: FlaskClient) -> str:
    """The address under which a page names its styles."""
    [found] = re.findall(r'href="(/static/styles\.css[^"]*)"', client.get("/sign-in").text)
    return str(found)


@pytest.fixture
def text(app: Flask) -> str:
    """All styles as one text."""
    return str(app.extensions["styles"].text)


def test_a_first_page_has_the_styles_inside_and_the_next_ones_only_their_address(
    client: FlaskClient, styles: str, text: str
) -> None:
    client.delete_cookie("portal")
    first = client.get("/sign-in").text
    assert first.count(f"<style>{text}</style>") == 1
    assert f'<link rel="stylesheet" href="{styles}" media="print">' in first
    after = client.get("/sign-in").text
    assert (after.count("<style>"), after.count(f'<link rel="stylesheet" href="{styles}">')) == (0, 1)


def test_whoever_has_no_session_gets_no_cookie_for_the_styles_and_the_same_page_only_once(
    client: FlaskClient, text: str
) -> None:
    first = client.get("/", headers=SMALLEST)
    assert f"<style>{text}</style>" in brotli.decompress(first.data).decode()
    assert "Set-Cookie" not in first.headers
    again = client.get("/", headers=SMALLEST | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_whoever_keeps_older_styles_gets_those_of_today(app: Flask, client: FlaskClient, text: str) -> None:
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["styles"] = "0123456789"
    assert f"<style>{text}</style>" in client.get("/sign-in").text


def test_the_styles_are_those_of_both_files_without_what_only_people_read(text: str) -> None:
    folder = ROOT / "static" / "css"
    written = (folder / "tokens.css").read_text() + (folder / "site.css").read_text()
    rules = re.sub(r"\s+", "", re.sub(r"/\*.*?\*/", "", written, flags=re.DOTALL))
    assert (re.sub(r"\s+", "", text), "</" in text) == (rules, False)


def test_a_file_is_sent_in_its_smallest_and_may_be_kept_for_a_year(client: FlaskClient, styles: str, text: str) -> None:
    answer = client.get(styles, headers=SMALLEST)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")
    assert answer.mimetype == "text/css"
    assert (brotli.decompress(answer.data).decode(), len(answer.data) < len(text) / 4) == (text, True)
    cache = answer.headers["Cache-Control"].split(", ")
    assert sorted(cache) == ["immutable", "max-age=31536000", "public"]
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("encodings", ["", "gzip", "identity"])
def test_whoever_does_not_take_brotli_reads_the_same(
    client: FlaskClient, styles: str, text: str, encodings: str
) -> None:
    answer = client.get(styles, headers={"Accept-Encoding": encodings})
    assert (answer.status_code, answer.headers.get("Content-Encoding", "") in ("", "gzip")) == (200, True)
    if not answer.headers.get("Content-Encoding"):
        assert answer.text == text


def test_a_file_that_is_held_already_is_not_sent_again(client: FlaskClient, styles: str) -> None:
    etag = client.get(styles, headers=SMALLEST).headers["ETag"]
    again = client.get(styles, headers=SMALLEST | {"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_an_address_that_does_not_tell_its_content_is_not_immutable(client: FlaskClient) -> None:
    assert "immutable" not in client.get("/static/css/site.css", headers=SMALLEST).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["css/none.css", "../portal/app.py", "%2e%2e/portal/app.css", "css"])
def test_nothing_but_static_files_is_sent(app: Flask, client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}", headers=SMALLEST).status_code == 404


def test_pages_leave_in_brotli(client: FlaskClient) -> None:
    answer = client.get("/", headers=SMALLEST)
    assert answer.headers["Content-Encoding"] == "br"
    assert b"<!doctype html>" in brotli.decompress(answer.data)
