"""Static files are packed once and asked for once: the address of each tells its content."""

import re

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.launch.places import ROOT
from tests.servers.databases import Databases, SqliteDatabases

STYLES = (ROOT / "static" / "css" / "site.css").read_bytes()
SMALLEST = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture
def databases(sqlite_databases: SqliteDatabases) -> Databases:
    """What is asked here does not touch the database; one engine is enough."""
    return sqlite_databases


@pytest.fixture
def styles(client: FlaskClient) -> str:
    """The address under which a page names its styles."""
    [found] = re.findall(r'href="(/static/css/site\.css[^"]*)"', client.get("/").text)
    return str(found)


def test_a_file_is_sent_in_its_smallest_and_may_be_kept_for_a_year(client: FlaskClient, styles: str) -> None:
    answer = client.get(styles, headers=SMALLEST)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")
    assert answer.mimetype == "text/css"
    assert (brotli.decompress(answer.data), len(answer.data) < len(STYLES) / 4) == (STYLES, True)
    cache = answer.headers["Cache-Control"].split(", ")
    assert sorted(cache) == ["immutable", "max-age=31536000", "public"]
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("encodings", ["", "gzip", "identity"])
def test_whoever_does_not_take_brotli_reads_the_same(client: FlaskClient, styles: str, encodings: str) -> None:
    answer = client.get(styles, headers={"Accept-Encoding": encodings})
    assert (answer.status_code, answer.headers.get("Content-Encoding", "") in ("", "gzip")) == (200, True)
    if not answer.headers.get("Content-Encoding"):
        assert answer.data == STYLES


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
