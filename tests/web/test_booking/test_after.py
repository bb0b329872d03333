"""The pages after a chat was cancelled, moved, or could not take place: undo, back, and what may come next."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_pair,
    booking_row,
    signed_in,
    walk_state,
)
from tests.web.account_steps import Watch

MINUTE = timedelta(minutes=1)


@pytest.fixture
def chat(app: Flask, pair: Pair, now: datetime) -> int:
    with app.app_context():
        return services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "", key="", now=now)


def fields_of(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form with this action."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', form))


def test_the_page_after_cancelling_offers_undo_and_one_tap_brings_the_chat_back(
    app: Flask, member: FlaskClient, peer: FlaskClient, pair: Pair, chat: int
) -> None:
    done = member.post(f"/chat/{chat}/cancel", data={"revision": "0"})
    page = member.get(done.location).text
    assert "For ten minutes you can undo it</h2>" in page
    assert f'action="/chat/{chat}/undo"' not in peer.get(f"/chat/{chat}").text
    undone = member.post(f"/chat/{chat}/undo", data=fields_of(page, f"/chat/{chat}/undo"))
    assert (undone.status_code, undone.location) == (303, f"/chat/{chat}")
    assert "The chat stands again" in member.get(undone.location).text
    with app.app_context():
        assert (booking_row(chat).state, walk_state(pair.walk_id)) == (BookingState.BOOKED, State.FIRST_COFFEE)


def test_after_ten_minutes_undo_is_gone_and_an_old_page_is_told(
    member: FlaskClient, watch: Watch, chat: int, now: datetime
) -> None:
    member.post(f"/chat/{chat}/cancel", data={"revision": "0"})
    fields = fields_of(member.get(f"/chat/{chat}").text, f"/chat/{chat}/undo")
    watch.time = now + 10 * MINUTE
    assert f'action="/chat/{chat}/undo"' not in member.get(f"/chat/{chat}").text
    late = member.post(f"/chat/{chat}/undo", data=fields)
    assert (late.status_code, "The ten minutes for undoing it are over." in late.text) == (409, True)


def test_a_time_that_has_gone_is_told_kindly_with_times_near_it(
    app: Flask, member: FlaskClient, pair: Pair, chat: int, now: datetime
) -> None:
    member.post(f"/chat/{chat}/cancel", data={"revision": "0"})
    with app.app_context():
        other = add_pair(now, peer_id=pair.peer_id, name="Noor")
        services.book(other.walk_id, other.member_id, TUESDAY_TEN, Format.PHONE, "", key="", now=now)
    page = member.post(f"/chat/{chat}/undo", data={"revision": "1"})
    assert page.status_code == 409
    assert "That time has gone to something else in the meantime." in page.text
    assert f'action="/book/{pair.walk_id}/check"' in page.text
    assert "2026-03-03T16:00Z" in page.text


def test_a_moved_chat_can_be_moved_back_while_its_time_is_free(
    app: Flask, member: FlaskClient, pair: Pair, chat: int, now: datetime
) -> None:
    moved = member.post(f"/chat/{chat}/move", data={"revision": "0", "starts_at": TUESDAY_ELEVEN.isoformat()})
    page = member.get(moved.location).text
    assert "Move it back to Tuesday 3 March, 4:00 pm" in page
    back = member.post(f"/chat/{chat}/move", data=fields_of(page, f"/chat/{chat}/move"))
    assert back.status_code == 303
    with app.app_context():
        assert booking_row(chat).starts_at == TUESDAY_TEN
    member.post(f"/chat/{chat}/move", data={"revision": "2", "starts_at": TUESDAY_ELEVEN.isoformat()})
    with app.app_context():
        other = add_pair(now, peer_id=pair.peer_id, name="Noor")
        services.book(other.walk_id, other.member_id, TUESDAY_TEN, Format.PHONE, "", key="", now=now)
    assert "Move it back" not in member.get(moved.location).text
    assert member.get(f"/chat/{chat}?was=soon").status_code == 404


@pytest.mark.parametrize("who", ["member", "peer"])
def test_that_a_chat_could_not_take_place_is_said_in_two_taps_and_both_see_it_alike(
    request: pytest.FixtureRequest, app: Flask, pair: Pair, chat: int, watch: Watch, who: str
) -> None:
    watch.time = TUESDAY_TEN + 5 * MINUTE
    clients = {name: signed_in(app, getattr(pair, f"{name}_id"), watch.time) for name in ("member", "peer")}
    client = clients[who]
    assert f'href="/chat/{chat}/not-made"' in client.get(f"/chat/{chat}").text
    look = client.get(f"/chat/{chat}/not-made")
    assert (look.status_code, "Nobody is asked why" in look.text) == (200, True)
    with app.app_context():
        assert booking_row(chat).state == BookingState.BOOKED
    said = client.post(f"/chat/{chat}/not-made", data=fields_of(look.text, f"/chat/{chat}/not-made"))
    assert (said.status_code, said.location) == (303, f"/chat/{chat}")
    for each in clients.values():
        page = each.get(f"/chat/{chat}").text
        assert "This chat couldn’t take place</h1>" in page
        assert "The soonest times for another one" in page
        assert f'href="/book/{pair.walk_id}"' in page
        assert f'href="/walk/{pair.walk_id}"' in page
        assert each.get(f"/chat/{chat}/not-made").location == f"/chat/{chat}"
        walk = each.get(f"/walk/{pair.walk_id}").text
        assert "couldn’t take place" in walk
        assert f'href="/chat/{chat}"' in each.get("/").text


def test_before_the_start_and_after_seven_days_it_is_not_offered(
    app: Flask, member: FlaskClient, pair: Pair, chat: int, watch: Watch
) -> None:
    assert "not-made" not in member.get(f"/chat/{chat}").text
    early = member.get(f"/chat/{chat}/not-made"), member.post(f"/chat/{chat}/not-made", data={"revision": "0"})
    watch.time = TUESDAY_TEN + timedelta(days=7)
    later = signed_in(app, pair.member_id, watch.time)
    late = later.get(f"/chat/{chat}/not-made"), later.post(f"/chat/{chat}/not-made", data={"revision": "0"})
    assert [page.status_code for page in (*early, *late)] == [409] * 4
    assert all("for seven days after it" in page.text for page in (*early, *late))
    with app.app_context():
        assert booking_row(chat).state == BookingState.BOOKED


def test_two_taps_on_move_lead_to_the_same_page(member: FlaskClient, chat: int) -> None:
    look = member.get(f"/chat/{chat}/move/check?starts_at={TUESDAY_ELEVEN:%Y-%m-%dT%H:%MZ}").text
    fields = fields_of(look, f"/chat/{chat}/move")
    assert "request_key" in fields
    led = [member.post(f"/chat/{chat}/move", data=fields).location for _tap in range(2)]
    assert led == [f"/chat/{chat}?was=2026-03-03T15:00Z"] * 2
    assert "Move it back" in member.get(led[1]).text


def test_a_chat_has_begun_or_lies_behind_and_never_both(app: Flask, pair: Pair, watch: Watch, chat: int) -> None:
    sentences = ("This chat has begun", "This chat lies behind you.")
    for minutes, said in ((1, sentences[0]), (60, sentences[1])):
        watch.time = TUESDAY_TEN + minutes * MINUTE
        page = signed_in(app, pair.member_id, watch.time).get(f"/chat/{chat}").text
        assert [each for each in sentences if each in page] == [said]
