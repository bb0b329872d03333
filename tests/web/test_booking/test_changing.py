"""Moving and cancelling a chat, and screens that are out of date."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.domain.booking import BookingState
from portal.domain.matching.walk import State
from portal.services import booking as services
from tests.booking_cast import TUESDAY_ELEVEN, TUESDAY_TEN, Pair, booking_row, walk_state
from tests.matching_cast import set_walk
from tests.web.test_booking.part import form_for, take


@pytest.mark.parametrize("who", ["member", "peer"])
def test_a_chat_moves_by_a_time_and_one_button(
    request: pytest.FixtureRequest, app: Flask, booking_id: int, who: str
) -> None:
    client = request.getfixturevalue(who)
    page = client.get(f"/chat/{booking_id}/move")
    assert page.status_code == 200
    assert "2026-03-03T16:00Z" in page.text
    assert 'value="2026-03-03T15:00Z"' not in page.text
    assert f'method="get" action="/chat/{booking_id}/move/check"' in page.text
    check = client.get(f"/chat/{booking_id}/move/check", query_string={"starts_at": "2026-03-03T16:00Z"})
    clocks = ("5:00 pm", "4:00 pm") if who == "member" else ("11:00 am", "10:00 am")
    assert f"Move it to Tuesday 3 March, {clocks[0]}?" in check.text
    assert f"Tuesday 3 March, {clocks[1]}</time>" in check.text
    with app.app_context():
        assert booking_row(booking_id).starts_at == TUESDAY_TEN
    form = check.text.partition(f'action="/chat/{booking_id}/move"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', form))
    moved = client.post(f"/chat/{booking_id}/move", data=fields)
    assert (moved.status_code, moved.location) == (303, f"/chat/{booking_id}?was=2026-03-03T15:00Z")
    with app.app_context():
        assert booking_row(booking_id).starts_at == TUESDAY_ELEVEN


def test_a_closed_time_to_move_to_says_why_and_offers_others(
    app: Flask, member: FlaskClient, pair: Pair, booking_id: int, now: datetime
) -> None:
    take(app, pair, now, TUESDAY_ELEVEN)
    page = member.get(f"/chat/{booking_id}/move/check?starts_at=2026-03-03T16:00Z")
    assert (page.status_code, "no longer free" in page.text, "Free and near it" in page.text) == (409, True, True)
    assert member.get(f"/chat/{booking_id}/move/check").location == f"/chat/{booking_id}/move"
    assert member.get(f"/chat/{booking_id}/move/check?starts_at=soon").status_code == 404


def test_a_move_to_a_time_that_went_offers_others(
    app: Flask, member: FlaskClient, pair: Pair, booking_id: int, now: datetime
) -> None:
    take(app, pair, now, TUESDAY_ELEVEN)
    page = member.post(f"/chat/{booking_id}/move", data={"starts_at": "2026-03-03T16:00Z", "revision": "0"})
    assert page.status_code == 409
    assert "no longer free" in page.text
    assert "Free and near it" in page.text


@pytest.mark.parametrize("who", ["member", "peer"])
def test_a_chat_is_cancelled_in_two_taps(
    request: pytest.FixtureRequest, app: Flask, pair: Pair, booking_id: int, who: str
) -> None:
    client = request.getfixturevalue(who)
    page = client.get(f"/chat/{booking_id}/cancel")
    assert (page.status_code, "gets a short letter" in page.text) == (200, True)
    with app.app_context():
        assert booking_row(booking_id).state == BookingState.BOOKED
    done = client.post(f"/chat/{booking_id}/cancel", data={"revision": "0"})
    assert (done.status_code, done.location) == (303, f"/chat/{booking_id}")
    with app.app_context():
        assert booking_row(booking_id).state == BookingState.CANCELLED
        assert walk_state(pair.walk_id) == State.BOTH_YES
    after = client.get(f"/chat/{booking_id}").text
    assert "This chat is cancelled</h1>" in after
    assert f"/book/{pair.walk_id}" in after


@pytest.mark.parametrize("deed", ["move", "cancel"])
def test_a_screen_that_is_out_of_date_is_told(
    app: Flask, member: FlaskClient, pair: Pair, booking_id: int, now: datetime, deed: str
) -> None:
    with app.app_context():
        services.move(booking_id, pair.peer_id, 0, TUESDAY_ELEVEN, key="", now=now)
    page = member.post(f"/chat/{booking_id}/{deed}", data={"revision": "0", "starts_at": "2026-03-03T15:00Z"})
    assert page.status_code == 409
    assert "Nothing is lost; here is how it stands now." in page.text
    assert "Tuesday 3 March, 5:00 pm" in page.text


@pytest.mark.parametrize("deed", ["move", "cancel"])
def test_a_chat_that_has_begun_stays_as_it_is(
    member: FlaskClient, booking_id: int, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    # The sign-in rests for two hours at most, so the member keeps the page warm on the way there.
    for at in (TUESDAY_TEN - timedelta(hours=hours) for hours in range(28, -1, -1)):
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        assert member.get(f"/chat/{booking_id}").status_code == 200
    assert member.get(f"/chat/{booking_id}/{deed}").status_code == 409
    page = member.post(f"/chat/{booking_id}/{deed}", data={"revision": "0", "starts_at": "2026-03-04T15:00Z"})
    assert page.status_code == 409
    assert "has begun or is over" in page.text


def test_a_page_is_never_put_into_a_page(member: FlaskClient, booking_id: int) -> None:
    member.post(f"/chat/{booking_id}/cancel", data={"revision": "0"})
    told = {"HX-Request": "true"}
    answer = member.get(f"/chat/{booking_id}/move/check?starts_at=2026-03-04T15:00Z", headers=told)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/chat/{booking_id}")
    page = member.get(f"/chat/{booking_id}").text
    assert "This chat is cancelled already." in page
    assert ">Undo<" in page.replace("<span>", "").replace("</span>", "")


def test_two_who_rest_are_led_to_their_walk(app: Flask, member: FlaskClient, pair: Pair) -> None:
    with app.app_context():
        set_walk(pair.walk_id, state=State.RESTING)
    times = f"/book/{pair.walk_id}"
    asked = form_for(TUESDAY_ELEVEN)
    answers = (
        member.get(times),
        member.get(f"{times}/check", query_string=asked),
        member.post(times, data=asked),
    )
    assert [answer.headers["Location"] for answer in answers] == [f"/walk/{pair.walk_id}"] * 3
    assert "“Walk on” takes it up again" in member.get(f"/walk/{pair.walk_id}").text
