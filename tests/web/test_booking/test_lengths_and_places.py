"""Choosing how, how long, where and a note with the time: the usual stands there, nothing gets past the form."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import MeetingPlace, PeerProfile, WeeklyHours
from portal.services import booking as services
from tests.booking_cast import TUESDAY_ELEVEN, TUESDAY_TEN, Pair, add_pair, booking_row, signed_in
from tests.matching_cast import set_walk

TEN = "2026-03-03T15:00Z"


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    """A peer who also offers 60 minutes, and two places."""
    with app.app_context():
        pair = add_pair(now)
        with transaction() as session:
            session.get_one(PeerProfile, pair.peer_id).other_lengths = "60"
            for at, (name, address) in enumerate([("Juniper Café", "12 Main Street"), ("Elm Park", "")]):
                session.add(MeetingPlace(peer_id=pair.peer_id, name=name, address=address, position=at))
    return pair


def booked(app: Flask, member: FlaskClient, pair: Pair, **form: str) -> tuple[str, str | None, int]:
    """Book, and return the place, the note and the minutes that were kept."""
    done = member.post(f"/book/{pair.walk_id}", data={"starts_at": TEN, "way": "coffee", **form})
    assert done.status_code == 303
    with app.app_context():
        row = booking_row(int(done.location.rpartition("/")[2]))
        return row.place, row.note, int((row.ends_at - row.starts_at).total_seconds()) // 60


def test_the_way_and_the_length_are_chosen_above_the_times_and_go_along_with_a_tap(
    member: FlaskClient, pair: Pair
) -> None:
    page = member.get(f"/book/{pair.walk_id}").text
    assert re.findall(r'<option value="(\w+)" selected', page) == ["coffee", "30"]
    chosen = member.get(f"/book/{pair.walk_id}?way=phone&minutes=60").text
    assert re.findall(r'<option value="(\w+)" selected', chosen) == ["phone", "60"]
    assert re.findall(r'<input type="hidden" name="(way|minutes)" value="(\w+)"', chosen) == [
        ("way", "phone"),
        ("minutes", "60"),
    ]
    assert "from=2026-03-12&amp;minutes=60&amp;way=phone" in chosen or "way=phone&amp;minutes=60&amp;from=" in chosen


def test_only_the_times_are_filled_anew_for_htmx_and_how_many_there_are_is_said(
    member: FlaskClient, pair: Pair
) -> None:
    headers = {"HX-Request": "true", "HX-Target": "div#times"}
    part = member.get(f"/book/{pair.walk_id}?way=phone&minutes=60", headers=headers)
    assert (part.status_code, "<h1" in part.text, "<select" in part.text) == (200, False, False)
    assert re.search(r'<p hx-swap-oob="innerHTML:#status">\d+ times are open\.</p>', part.text)
    assert 'class="time"' in part.text


@pytest.mark.parametrize("asked", ["way=balloon&minutes=25", "way=&minutes=", "minutes=9999999999", "minutes=-30"])
def test_what_is_not_offered_in_the_address_shows_the_usual(member: FlaskClient, pair: Pair, asked: str) -> None:
    page = member.get(f"/book/{pair.walk_id}?{asked}")
    assert page.status_code == 200
    assert re.findall(r'<option value="(\w+)" selected', page.text) == ["coffee", "30"]


def test_the_first_of_the_peers_places_is_chosen_beforehand(app: Flask, member: FlaskClient, pair: Pair) -> None:
    check = member.get(f"/book/{pair.walk_id}/check?starts_at={TEN}").text
    assert re.findall(r'name="spot" value="(\w+)" checked', check) == ["0"]
    assert "12 Main Street" in check
    assert booked(app, member, pair, spot="0", place="ignored")[0] == "Juniper Café, 12 Main Street"


@pytest.mark.parametrize(
    ("form", "place"),
    [({"spot": "1"}, "Elm Park"), ({"spot": "else", "place": "The pier"}, "The pier"), ({"spot": "else"}, "")],
)
def test_another_place_or_own_words_are_kept(
    app: Flask, member: FlaskClient, pair: Pair, form: dict[str, str], place: str
) -> None:
    assert booked(app, member, pair, **form)[0] == place


def test_a_note_and_a_length_are_kept_and_both_see_them(
    app: Flask, member: FlaskClient, pair: Pair, now: datetime
) -> None:
    assert booked(app, member, pair, minutes="60", note="I wear\r\na red hat", spot="0")[1:] == (
        "I wear\na red hat",
        60,
    )
    for client in (member, signed_in(app, pair.peer_id, now)):
        chat = client.get(re.findall(r'href="(/chat/\d+)"', client.get("/").text)[0]).text
        assert "a red hat" in chat
        assert "60 minutes" in chat


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"minutes": "25"}, "one of the lengths that are offered"),
        ({"minutes": "soon"}, "one of the lengths that are offered"),
        ({"way": "walk", "spot": "7"}, "Not a valid choice"),
        ({"spot": "else", "place": "x" * 201}, "a little long"),
        ({"note": "x" * 501}, "a little long"),
    ],
)
def test_what_gets_past_the_page_is_refused_at_its_field_and_what_was_typed_stays(
    member: FlaskClient, pair: Pair, form: dict[str, str], words: str
) -> None:
    sent = {"starts_at": TEN, "way": "coffee", "spot": "0", "note": "kept", **form}
    for headers in ({}, {"HX-Request": "true"}):
        page = member.post(f"/book/{pair.walk_id}", data=sent, headers=headers)
        assert page.status_code == 422
        assert "There is a problem" in page.text
        assert words in page.text
        assert sent["note"] in page.text


def test_a_length_that_does_not_fit_is_told_with_times_that_do(
    app: Flask, member: FlaskClient, pair: Pair, now: datetime
) -> None:
    with app.app_context():
        other = add_pair(now, peer_id=pair.peer_id, name="Noor")
        services.book(other.walk_id, other.member_id, TUESDAY_ELEVEN, Format.PHONE, "", key="", now=now)
    page = member.post(f"/book/{pair.walk_id}", data={"starts_at": TEN, "way": "phone", "minutes": "60", "spot": "0"})
    assert page.status_code == 409
    assert '<input type="hidden" name="minutes" value="60">' in page.text
    assert "Free and near it" in page.text


def test_with_a_chat_ahead_on_a_walk_that_goes_on_more_can_be_found(
    app: Flask, member: FlaskClient, pair: Pair, now: datetime
) -> None:
    with app.app_context():
        set_walk(pair.walk_id, state=State.WALKING)
        first, second = (
            services.book(pair.walk_id, pair.member_id, at, Format.PHONE, "", key="", now=now)
            for at in (TUESDAY_ELEVEN, TUESDAY_TEN)
        )
    assert member.get(f"/book/{pair.walk_id}").status_code == 200
    walk = member.get(f"/walk/{pair.walk_id}").text
    assert walk.index(f'href="/chat/{second}"') < walk.index("Further chats") < walk.index(f'href="/chat/{first}"')
    assert "Find one more time" in walk
    home = member.get("/").text
    assert (f'href="/chat/{second}"' in home, f'href="/chat/{first}"' in home) == (True, False)
    assert "1 more chat is set after it." in home


def offered_on(app: Flask, pair: Pair, tuesday: str, wednesday: str) -> None:
    """Let the peer's hours of these two days be for these ways only, and leave no others."""
    with app.app_context(), transaction() as session:
        for hours in session.query(WeeklyHours).filter_by(peer_id=pair.peer_id):
            ways = {1: tuesday, 2: wednesday}.get(hours.weekday)
            if ways is None:
                session.delete(hours)
            else:
                hours.formats = ways


def test_each_way_has_its_own_hours_and_the_first_with_times_is_shown(
    app: Flask, member: FlaskClient, pair: Pair
) -> None:
    offered_on(app, pair, "phone,video", "video")
    first = member.get(f"/book/{pair.walk_id}").text
    assert '<option value="phone" selected' in first
    assert ("Tuesday 3 March, 4:00 pm" in first, "Wednesday 4 March" in first) == (True, False)
    assert "Wednesday 4 March, 4:00 pm" in member.get(f"/book/{pair.walk_id}?way=video").text
    none = member.get(f"/book/{pair.walk_id}?way=coffee").text
    assert "Another way to meet or another length may have some." in none


def test_a_time_offers_only_the_ways_it_is_open_for_and_the_form_is_held_to_it(
    app: Flask, member: FlaskClient, pair: Pair
) -> None:
    offered_on(app, pair, "phone,video", "video")
    check = member.get(f"/book/{pair.walk_id}/check?starts_at={TEN}").text
    assert re.findall(r'name="way" value="(\w+)"( checked)?', check) == [("phone", " checked"), ("video", "")]
    past_the_page = member.post(f"/book/{pair.walk_id}", data={"starts_at": TEN, "way": "coffee", "spot": "0"})
    assert past_the_page.status_code == 409
    assert "meets in another way at that time" in past_the_page.text
    done = member.post(f"/book/{pair.walk_id}", data={"starts_at": TEN, "way": "video", "spot": "0"})
    assert done.status_code == 303


def test_a_move_keeps_to_the_hours_of_the_chats_own_way(app: Flask, member: FlaskClient, pair: Pair) -> None:
    offered_on(app, pair, "phone,video", "video")
    chat = member.post(f"/book/{pair.walk_id}", data={"starts_at": TEN, "way": "phone", "spot": "0"}).location
    times = member.get(f"{chat}/move").text
    assert ("Tuesday 10 March" in times, "Wednesday" in times) == (True, False)
    refused = member.post(f"{chat}/move", data={"revision": "0", "starts_at": "2026-03-04T15:00Z"})
    assert (refused.status_code, "meets in another way at that time" in refused.text) == (409, True)
