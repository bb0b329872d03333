"""Faults are calm and hold nobody’s words; the demonstration’s doors are shut in production."""

import logging
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.doors import Door, door_of
from tests.web.access_round import methods_of
from tests.web.test_headers.part import ALWAYS, SECRET


def test_the_doors_of_the_demonstration_are_shut_in_production(make_app: Callable[..., Flask]) -> None:
    app = make_app(mode="production", base_url="https://hill.example")
    client = app.test_client()
    shut = [rule for rule in app.url_map.iter_rules() if door_of(app, rule.endpoint) is Door.DEMO]
    assert len(shut) == 9
    app.config["WTF_CSRF_ENABLED"] = False
    for rule in shut:
        path = rule.rule.replace("<int:person_id>", "1").replace("<key>", "1")
        answer = client.open(path, method=methods_of(rule)[0], base_url="https://hill.example")
        assert (path, answer.status_code) == (path, 404)


def test_a_fault_is_calm_and_its_log_holds_nobodys_words(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def falls() -> str:
        raise ValueError(SECRET)

    app.view_functions["crisis.lines"] = falls
    falls.door = Door.PUBLIC  # type: ignore[attr-defined]
    with caplog.at_level(logging.DEBUG):
        answer = client.get("/help")
    reference = re.search(r"find it: (\w{8})", answer.text)
    assert (answer.status_code, SECRET in answer.text, "Traceback" in answer.text) == (500, False, False)
    assert reference is not None
    told = "\n".join([caplog.text, *(str(record.exc_info) for record in caplog.records if record.exc_info)])
    assert (SECRET in told, f"fault {reference.group(1)}: ValueError" in told) == (False, True)


def test_a_database_that_is_away_gives_the_calm_page(
    client: FlaskClient, robin: int, away: None, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/", "/account"):
        answer = client.get(path)
        assert (answer.status_code, "did not work" in answer.text) == (500, True)
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
        assert answer.headers["Cache-Control"] == "no-store"
    assert (SECRET in caplog.text, "OperationalError" in caplog.text) == (False, True)
