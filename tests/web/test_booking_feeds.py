"""The page "Your calendar", and what a calendar gets under the address it shows."""

import logging
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.db import transaction
from portal.domain.experience import Format
from portal.models import Person
from portal.services import booking as services
from portal.web.limits import limiter
from tests.booking_cast import TUESDAY_ELEVEN, TUESDAY_TEN, Pair, add_pair, signed_in
from tests.web.account_steps import Watch, send

SHOWN = re.compile(r'value="http://localhost(/calendar/[A-Za-z0-9_-]{43}\.ics)"')


@pytest.fixture(autouse=True)
def fresh_counters(app: Flask, watch: Watch) -> None:
    with app.app_context():
        limiter.reset()


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now)


@pytest.fixture
def booking_id(app: Flask, pair: Pair, now: datetime) -> int:
    with app.app_context():
        return services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "Juniper", key="", now=now)


@pytest.fixture
def ana(app: Flask, pair: Pair, now: datetime) -> FlaskClient:
    return signed_in(app, pair.member_id, now)


def made(browser: FlaskClient) -> str:
    """Make an address and return its path."""
    page = send(browser, "/account/calendar")
    found = SHOWN.search(page.text)
    assert found is not None
    return found[1]


def test_it_is_off_until_asked_for_and_says_that_the_address_is_a_key(ana: FlaskClient) -> None:
    page = ana.get("/account/calendar")
    assert page.status_code == 200
    assert "It is off until you ask for it." in page.text
    assert "The address is a key" in page.text
    assert "/account/calendar" in ana.get("/account").text


def test_the_address_is_shown_once(ana: FlaskClient) -> None:
    page = send(ana, "/account/calendar")
    found = SHOWN.search(page.text)
    assert found is not None
    assert (page.status_code, f'href="webcal://localhost{found[1]}"' in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "no-store"
    again = ana.get("/account/calendar").text
    assert (found[1] in again, "No calendar has read it yet" in again) == (False, True)


def test_a_calendar_reads_without_signing_in(app: Flask, ana: FlaskClient, booking_id: int) -> None:
    answer = app.test_client().get(made(ana))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert (answer.text.count("BEGIN:VEVENT"), "LOCATION:Juniper" in answer.text) == (1, True)
    assert "Last read" in ana.get("/account/calendar").text


def test_what_has_not_changed_is_not_sent_again(
    app: Flask, ana: FlaskClient, pair: Pair, booking_id: int, now: datetime, watch: Watch
) -> None:
    calendar, path = app.test_client(), made(ana)
    first = calendar.get(path)
    tag = first.headers["ETag"]
    watch.turn(hours=3)
    again = calendar.get(path, headers={"If-None-Match": tag})
    assert (tag[:2] == "W/", again.status_code, again.data, again.headers["ETag"]) == (False, 304, b"", tag)
    with app.app_context():
        services.move(booking_id, pair.member_id, 0, TUESDAY_ELEVEN, key="", now=watch.time)
    moved = calendar.get(path, headers={"If-None-Match": tag})
    assert (moved.status_code, "SEQUENCE:1" in moved.text) == (200, True)


def test_a_look_at_the_head_is_enough(app: Flask, ana: FlaskClient, booking_id: int) -> None:
    calendar, path = app.test_client(), made(ana)
    head = calendar.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", calendar.get(path).headers["ETag"])


def test_an_address_that_has_ended_looks_like_one_that_never_was(app: Flask, ana: FlaskClient) -> None:
    calendar, path = app.test_client(), made(ana)
    assert calendar.get(path).status_code == 200
    assert send(ana, "/account/calendar/end").status_code == 303
    ended, never = calendar.get(path), calendar.get("/calendar/never-made.ics")
    assert (ended.status_code, ended.data) == (never.status_code, never.data)
    assert ended.status_code == 404


def test_renewing_ends_the_address_before(app: Flask, ana: FlaskClient) -> None:
    first, second = made(ana), made(ana)
    assert [app.test_client().get(path).status_code for path in (first, second)] == [404, 200]


def test_somebody_suspended_is_read_by_nobody(app: Flask, ana: FlaskClient, pair: Pair, now: datetime) -> None:
    path = made(ana)
    with app.app_context(), transaction() as session:
        session.get_one(Person, pair.member_id).suspended_at = now
    assert app.test_client().get(path).status_code == 404


def test_opening_a_forms_address_makes_nothing(ana: FlaskClient) -> None:
    assert ana.get("/account/calendar/end").status_code == 405
    assert "It is off until you ask for it." in ana.get("/account/calendar").text


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    answers = [
        client.get("/account/calendar"),
        send(client, "/account/calendar"),
        send(client, "/account/calendar/end"),
    ]
    assert [answer.status_code for answer in answers] == [303, 303, 303]


def test_who_guesses_is_slowed_down(app: Flask) -> None:
    calendar = app.test_client()
    guesses = [calendar.get(f"/calendar/guess-{number}.ics").status_code for number in range(61)]
    assert (guesses[:60], guesses[60]) == ([404] * 60, 429)


def test_a_reader_may_look_often_but_not_all_the_time(app: Flask, ana: FlaskClient) -> None:
    calendar, path = app.test_client(), made(ana)
    looks = [calendar.get(path).status_code for _ in range(121)]
    assert (looks[:120], looks[120]) == ([200] * 120, 429)
    assert app.test_client().get(made(ana)).status_code == 200


def test_a_key_is_written_into_no_log(
    app: Flask, ana: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(ana)
    caplog.set_level(logging.DEBUG)

    def broken() -> datetime:
        raise RuntimeError(path)

    monkeypatch.setattr(clock, "now", broken)
    assert app.test_client().get(path).status_code == 500
    app.test_client().get("/calendar/another-key.ics")
    assert path.removeprefix("/calendar/") not in caplog.text
    assert "another-key" not in caplog.text


def test_the_window_moves_on(app: Flask, ana: FlaskClient, booking_id: int, watch: Watch) -> None:
    path = made(ana)
    watch.turn(days=40)
    assert app.test_client().get(path).text.count("BEGIN:VEVENT") == 0
