"""What a peer is shown of what members see: by any clock, way and length, and each start of a day with its answer."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.domain.experience import Format
from portal.domain.slots import ChatWishes, Closed
from portal.services import slots
from portal.web.slots.closed_words import WORDS
from tests.booking_cast import signed_in
from tests.slots_cast import add_chat, add_peer
from tests.web.slots_pages import words

SIX, NINE = 18 * 60, 21 * 60
MONDAY, TUESDAY, SATURDAY = 0, 1, 5


@pytest.fixture(autouse=True)
def _stopped(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    with app.app_context():
        peer_id = add_peer("maya@example.org", now)
        slots.set_wishes(peer_id, ChatWishes(other_lengths=(60,)), key="wishes", now=now)
        slots.add_weekly(peer_id, [TUESDAY], SIX, NINE, ways=[Format.PHONE], key="tuesday", now=now)
        slots.add_weekly(peer_id, [SATURDAY], 600, 720, ways=[Format.COFFEE], key="saturday", now=now)
    return peer_id


@pytest.fixture
def peer(app: Flask, peer_id: int, now: datetime) -> FlaskClient:
    return signed_in(app, peer_id, now)


def test_the_open_times_are_shown_by_the_clock_that_is_chosen(peer: FlaskClient) -> None:
    page = words(peer.get("/times/seen?zone=Asia/Tokyo"))
    assert "Here they are by Tokyo time. You live by New York time." in page
    assert "Wednesday 4 March 8:00 am, 8:30 am, 9:00 am, 9:30 am, 10:00 am, 10:30 am" in page
    assert "Sunday 8 March 12:00 am, 12:30 am, 1:00 am, 1:30 am" in page
    assert "8:00 am to 11:00 am : open 6:00 pm on Tuesday" not in page


def test_by_way_to_meet_only_its_hours_are_open(peer: FlaskClient) -> None:
    coffee = words(peer.get("/times/seen?way=coffee&day=2026-03-03"))
    assert "Saturday 7 March 10:00 am, 10:30 am, 11:00 am, 11:30 am" in coffee
    assert "Tuesday 10 March 6:00 pm" not in coffee
    assert "6:00 pm to 9:00 pm : open for other ways to meet" in coffee


def test_by_length_other_times_are_open(peer: FlaskClient) -> None:
    hour = words(peer.get("/times/seen?minutes=60&day=2026-03-03"))
    assert "Tuesday 3 March 6:00 pm, 7:00 pm, 8:00 pm" in hour


def test_a_day_is_told_start_by_start_and_nothing_of_whom(
    peer: FlaskClient, app: Flask, peer_id: int, now: datetime
) -> None:
    with app.app_context():
        add_chat(peer_id, datetime(2026, 3, 4, 0, tzinfo=UTC), now)
    answer = peer.get("/times/seen?day=2026-03-03")
    page = words(answer)
    assert "Tuesday 3 March, start by start" in page
    assert "6:00 pm to 6:30 pm : open" in page
    assert "6:30 pm to 7:00 pm : rest around a chat" in page
    assert "7:00 pm to 7:30 pm : taken by a chat" in page
    assert "7:30 pm to 8:00 pm : rest around a chat" in page
    assert "8:00 pm to 9:00 pm : open" in page
    assert "Robin" not in page
    assert 'href="/times/seen?day=2026-03-04#day"' in answer.text
    assert "No hours that day." in words(peer.get("/times/seen?day=2026-03-04"))


def test_seasons_and_travel_are_in_what_members_see(peer: FlaskClient, app: Flask, peer_id: int, now: datetime) -> None:
    with app.app_context():
        season_id = slots.add_season(peer_id, date(2026, 3, 9), date(2026, 3, 15), copied=False, key="a", now=now)
        slots.add_weekly(peer_id, [MONDAY], 540, 600, season_id=season_id, key="b", now=now)
        slots.add_stay(peer_id, date(2026, 3, 17), date(2026, 3, 17), "Europe/Lisbon", key="c", now=now)
    page = words(peer.get("/times/seen"))
    assert "While you travel your hours go by the clock there. Tuesday 17 March: Lisbon time." in page
    assert "Monday 9 March 9:00 am, 9:30 am" in page
    assert "Tuesday 10 March" not in page
    assert "Tuesday 17 March 2:00 pm, 2:30 pm, 3:00 pm, 3:30 pm, 4:00 pm, 4:30 pm" in page
    assert "Monday 9 March" not in words(peer.get("/times")).partition("Open next")[0]


@pytest.mark.parametrize("query", ["zone=Europe/Atlantis", "way=pigeon", "minutes=7", "minutes=x"])
def test_what_is_on_no_list_is_said_and_the_page_shows_their_own_view(peer: FlaskClient, query: str) -> None:
    answer = peer.get(f"/times/seen?{query}")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "Tuesday 3 March 6:00 pm" in words(answer)


def test_every_reason_has_a_few_words_for_a_run() -> None:
    assert set(WORDS) == set(Closed)
    assert [each for each in WORDS.values() if each.endswith(".")] == []
