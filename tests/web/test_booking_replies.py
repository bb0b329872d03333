"""The chat's page with what the two calendars answered: a way on for who cannot, no blame for anybody."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.experience import Format
from portal.queries import notice as notice_queries
from portal.services import booking as services
from tests.booking_cast import TUESDAY_TEN, Pair, add_member, add_pair, signed_in
from tests.calendars.replies import answer, letter
from tests.web.account_steps import Watch, send

pytestmark = pytest.mark.usefixtures("watch")


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now)


@pytest.fixture
def chat(app: Flask, pair: Pair, now: datetime) -> int:
    with app.app_context():
        return services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "Juniper", key="", now=now)


@pytest.fixture
def ana(app: Flask, pair: Pair, now: datetime) -> FlaskClient:
    return signed_in(app, pair.member_id, now)


@pytest.fixture
def maya(app: Flask, pair: Pair, now: datetime) -> FlaskClient:
    return signed_in(app, pair.peer_id, now)


def says(app: Flask, pair: Pair, chat: int, partstat: str, now: datetime) -> None:
    """Have Maya's calendar answer."""
    with app.app_context():
        uid = notice_queries.invitations(chat)[pair.peer_id].uid
        ics = answer(now, uid=uid, partstat=partstat, attendee="maya@example.org")
        assert services.take_reply(letter(ics, "maya@example.org").as_bytes(), now=now).what == partstat.lower()


def test_nothing_is_said_before_a_calendar_has_answered(ana: FlaskClient, maya: FlaskClient, chat: int) -> None:
    assert ["calendar says" in browser.get(f"/chat/{chat}").text for browser in (ana, maya)] == [False, False]


@pytest.mark.parametrize(("partstat", "word"), [("ACCEPTED", "yes"), ("TENTATIVE", "maybe")])
def test_a_yes_shows_quietly_to_both(
    app: Flask, ana: FlaskClient, maya: FlaskClient, pair: Pair, chat: int, now: datetime, partstat: str, word: str
) -> None:
    says(app, pair, chat, partstat, now)
    assert f"Maya’s calendar says {word}." in ana.get(f"/chat/{chat}").text
    assert f"Your calendar says {word}." in maya.get(f"/chat/{chat}").text


def test_who_cannot_finds_the_nearest_times_and_may_keep_it(
    app: Flask, maya: FlaskClient, pair: Pair, chat: int, now: datetime
) -> None:
    says(app, pair, chat, "DECLINED", now)
    page = maya.get(f"/chat/{chat}").text
    assert "Your calendar says that this time does not fit" in page
    assert "Tuesday 3 March, 10:30 am" in page
    assert "Keep this time" in page
    check = maya.get(f"/chat/{chat}/move/check", query_string={"starts_at": "2026-03-03T15:30Z"})
    assert check.status_code == 200
    kept = send(maya, f"/chat/{chat}/keep", revision="0")
    assert (kept.status_code, kept.location) == (303, f"/chat/{chat}")
    after = maya.get(f"/chat/{chat}").text
    assert ("Kept." in after, "does not fit" in after) == (True, False)


def test_the_other_reads_it_without_blame(app: Flask, ana: FlaskClient, pair: Pair, chat: int, now: datetime) -> None:
    says(app, pair, chat, "DECLINED", now)
    page = ana.get(f"/chat/{chat}").text
    assert "Maya’s calendar says that this time does not fit. The chat stands for now, and a new time may come." in page
    assert ("Keep this time" in page, "Your coffee chat" in page) == (False, True)


def test_keeping_an_old_page_says_how_it_stands_now(
    app: Flask, maya: FlaskClient, pair: Pair, chat: int, now: datetime
) -> None:
    says(app, pair, chat, "DECLINED", now)
    send(maya, f"/chat/{chat}/keep", revision="7")
    page = maya.get(f"/chat/{chat}").text
    assert ("This chat has changed in the meantime." in page, "Keep this time" in page) == (True, True)


def test_nothing_is_shown_once_the_chat_has_begun(
    app: Flask, ana: FlaskClient, pair: Pair, chat: int, now: datetime, watch: Watch
) -> None:
    says(app, pair, chat, "DECLINED", now)
    watch.time = TUESDAY_TEN
    assert "calendar says" not in signed_in(app, pair.member_id, TUESDAY_TEN).get(f"/chat/{chat}").text


def test_a_time_is_kept_by_a_form_and_by_one_of_the_two(
    app: Flask, maya: FlaskClient, client: FlaskClient, chat: int, now: datetime
) -> None:
    with app.app_context():
        stranger = signed_in(app, add_member(now, "Sam"), now)
    answers = [
        maya.get(f"/chat/{chat}/keep"),
        send(stranger, f"/chat/{chat}/keep"),
        send(client, f"/chat/{chat}/keep"),
    ]
    assert [found.status_code for found in answers] == [405, 404, 303]
