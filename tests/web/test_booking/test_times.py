"""Choosing a time: on whose clock, why not, and in two taps."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.models import WeeklyHours
from tests.booking_cast import TUESDAY_ELEVEN, TUESDAY_TEN, Pair, add_pair, add_peer, signed_in
from tests.web.test_booking.part import Forms, form_for, take


def test_times_stand_in_the_viewers_zone_with_the_others_clock_beside(member: FlaskClient, pair: Pair) -> None:
    page = member.get(f"/book/{pair.walk_id}")
    assert page.status_code == 200
    assert "<title>Times ·" in page.text
    assert "Tuesday 3 March, 4:00 pm; 10:00 am for Maya" in page.text
    assert "Berlin time" in page.text
    assert page.text.count("The soonest") == 1


def test_the_peer_sees_the_same_times_on_their_own_clock(peer: FlaskClient, pair: Pair) -> None:
    assert "Tuesday 3 March, 10:00 am; 4:00 pm for Ana" in peer.get(f"/book/{pair.walk_id}").text


def test_a_part_of_a_page_is_enough_for_htmx(member: FlaskClient, pair: Pair) -> None:
    page = member.get(f"/book/{pair.walk_id}", headers={"HX-Request": "true"})
    assert (page.status_code, page.text.lstrip()[:3], "<html" in page.text) == (200, "<h1", False)


def test_days_further_on_are_a_link_away(member: FlaskClient, pair: Pair) -> None:
    first = member.get(f"/book/{pair.walk_id}").text
    later = re.search(r'href="(/book/\d+\?[^"]*from=2026-03-12[^"]*)"', first)
    assert later is not None
    second = member.get(later[1].replace("&amp;", "&")).text
    assert "Thursday 12 March, 2:00 pm" in second
    assert "Tuesday 3 March" not in second
    assert "The soonest" not in second


def test_without_open_times_the_page_says_what_may_come(app: Flask, now: datetime) -> None:
    with app.app_context():
        pair = add_pair(now, peer_id=add_peer(now, days=[]))
    page = signed_in(app, pair.member_id, now).get(f"/book/{pair.walk_id}")
    assert (page.status_code, "No open times just now" in page.text) == (200, True)


def test_a_booking_takes_two_taps(member: FlaskClient, pair: Pair) -> None:
    check = member.get(f"/book/{pair.walk_id}/check", query_string={"starts_at": "2026-03-03T15:00Z"})
    assert check.status_code == 200
    assert "Tuesday 3 March, 4:00 pm</time>" in check.text
    assert "10:00 am for Maya" in check.text
    assert "30 minutes with Maya" in check.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', check.text))
    assert fields["minutes"] == "30"
    checked = re.findall(r'name="way" value="(\w+)" checked', check.text)
    assert checked == ["coffee"]
    done = member.post(f"/book/{pair.walk_id}", data=fields | {"way": checked[0]})
    assert done.status_code == 303
    chat = member.get(done.location)
    assert "Booked. You can see it here at any time. An invitation is on its way to you." in chat.text
    assert "A public place you both choose" in chat.text
    again = member.post(f"/book/{pair.walk_id}", data=fields | {"way": checked[0]})
    assert (again.status_code, again.location) == (303, done.location)


def test_a_time_that_went_answers_in_words_keeps_the_form_and_offers_times_near_it(
    app: Flask, member: FlaskClient, pair: Pair, now: datetime
) -> None:
    take(app, pair, now)
    page = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_TEN, way="walk"))
    assert page.status_code == 409
    assert "That time is no longer free. Please pick another time." in page.text
    assert 'value="Juniper Café"' in page.text
    assert 'value="walk" checked' in page.text
    near = re.findall(r'name="starts_at" value="([^"]+)"', page.text)
    assert page.text.index('<button type="submit" disabled hidden>') < page.text.index('class="time"')
    assert near == ["2026-03-03T14:00Z", "2026-03-03T16:00Z", "2026-03-03T16:30Z"]
    assert member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_ELEVEN)).status_code == 303


@pytest.mark.parametrize(
    ("starts_at", "words"),
    [
        ("2026-03-03T15:00Z", "That time is no longer free"),
        ("2026-03-03T14:30Z", "very close to another chat"),
        ("2026-03-03T20:00Z", "does not offer chats at that time"),
        ("2026-03-03T14:10Z", "start at set times"),
        ("2026-03-02T15:00Z", "a little more notice"),
        ("2026-03-01T15:00Z", "has gone by"),
        ("2026-06-01T15:00Z", "further ahead"),
    ],
)
def test_a_closed_time_says_why_before_and_at_the_submit(
    app: Flask, member: FlaskClient, pair: Pair, now: datetime, starts_at: str, words: str
) -> None:
    take(app, pair, now)
    check = member.get(f"/book/{pair.walk_id}/check", query_string={"starts_at": starts_at})
    submit = member.post(f"/book/{pair.walk_id}", data={"starts_at": starts_at, "way": "coffee"})
    assert (check.status_code, submit.status_code) == (409, 409)
    assert words in check.text
    assert words in submit.text


@pytest.mark.parametrize(
    "starts_at", ["", "soon", "2026-03-03T15:00", "9999-12-31T23:00-12:00", "9999-12-31T23:59Z", "0001-01-01T00:00Z"]
)
def test_what_is_no_time_leads_nowhere(member: FlaskClient, pair: Pair, starts_at: str) -> None:
    assert member.get(f"/book/{pair.walk_id}/check", query_string={"starts_at": starts_at}).status_code == 404


@pytest.mark.parametrize("form", [{"way": ""}, {"way": "balloon"}, {"place": "x" * 201}, {"note": "x" * 501}])
def test_bad_input_keeps_what_was_typed(member: FlaskClient, pair: Pair, form: Forms) -> None:
    page = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_TEN) | form)
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert form.get("place", "Juniper Café") in page.text
    assert member.get(f"/book/{pair.walk_id}").status_code == 200


def test_with_a_chat_ahead_the_times_lead_to_it(member: FlaskClient, pair: Pair, booking_id: int) -> None:
    for path in (f"/book/{pair.walk_id}", f"/book/{pair.walk_id}/check?starts_at=2026-03-03T16:00Z"):
        page = member.get(path)
        assert (page.status_code, page.location) == (303, f"/chat/{booking_id}")
    second = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_ELEVEN))
    assert second.status_code == 409
    assert "already have a chat ahead" in second.text
    assert f'href="/chat/{booking_id}">See the chat you have<' in re.sub(r">\s+", ">", second.text)
    part = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_ELEVEN), headers={"HX-Request": "true"})
    assert (part.status_code, "<html" in part.text, "See the chat you have" in part.text) == (409, False, True)


def test_times_of_the_viewers_night_are_on_top_only_where_there_are_no_others(app: Flask, now: datetime) -> None:
    with app.app_context():
        pair = add_pair(now, peer_id=add_peer(now, zone="Asia/Tokyo"))
    member = signed_in(app, pair.member_id, now)
    assert soonest(member.get(f"/book/{pair.walk_id}").text) == ["1:00 am", "1:30 am", "2:00 am"]
    with app.app_context(), transaction() as session:
        session.add(WeeklyHours(peer_id=pair.peer_id, weekday=3, starts=16 * 60, ends=18 * 60))
    assert soonest(member.get(f"/book/{pair.walk_id}").text) == ["8:00 am", "8:30 am", "9:00 am"]


def soonest(page: str) -> list[str]:
    """Return the clock times that stand on top."""
    return re.findall(r"<b[^>]*>([^<]+)</b>", page.partition('class="soonest"')[2].partition("</section>")[0])
