"""The pages of a time that is asked for: they work, strangers get 404, the wrong side 403, and GET never answers."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.domain.account import Role
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.services import booking as services
from tests.booking_cast import TUESDAY_ELEVEN, TUESDAY_TEN, Pair, add_member, add_pair, add_peer, booking_row, signed_in
from tests.services.outbox import add_person, rows

WEDNESDAY_TEN = TUESDAY_TEN + timedelta(days=1)
ACTIONS = ("yes", "not-this-time", "take-back")


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now, peer_id=add_peer(now, says_yes_first=True))


def ask(app: Flask, pair: Pair, now: datetime, starts_at: datetime = TUESDAY_TEN) -> int:
    with app.app_context():
        return services.ask(pair.walk_id, pair.member_id, starts_at, Format.COFFEE, "", key="", now=now)


def state(app: Flask, booking_id: int) -> BookingState:
    with app.app_context():
        return booking_row(booking_id).state


def test_the_page_of_a_time_says_that_it_is_asked_for_and_one_tap_asks(
    app: Flask, pair: Pair, member: FlaskClient
) -> None:
    look = member.get(f"/book/{pair.walk_id}/check?starts_at={TUESDAY_TEN:%Y-%m-%dT%H:%MZ}")
    assert "Ask for this time?" in look.text
    assert "Maya says yes to each chat first." in look.text
    form = {"starts_at": TUESDAY_TEN.isoformat(), "way": "coffee", "place": ""}
    sent = member.post(f"/book/{pair.walk_id}", data=form)
    assert sent.status_code == 303
    shown = member.get(sent.location, follow_redirects=True)
    assert "You have asked for this time" in shown.text
    assert "Asked. Maya is told of it" in shown.text
    assert "You hear by Tuesday 3 March, 1:00 pm." in shown.text


def test_home_tells_each_of_the_two_what_waits(app: Flask, pair: Pair, member: FlaskClient, peer: FlaskClient) -> None:
    booking_id = ask(app, pair, clock.now())
    assert "You have asked Maya for a time" in member.get("/").text
    home = peer.get("/").text
    assert "Ana asks for a time" in home
    assert f'href="/chat/{booking_id}/asked"' in home


def test_the_peer_says_yes_and_both_have_a_chat(app: Flask, pair: Pair, member: FlaskClient, peer: FlaskClient) -> None:
    booking_id = ask(app, pair, clock.now())
    assert "Ana asks for a time" in peer.get(f"/chat/{booking_id}/asked").text
    answered = peer.post(f"/chat/{booking_id}/yes")
    assert (answered.status_code, answered.location) == (303, f"/chat/{booking_id}")
    assert "You said yes. It is booked for you both." in peer.get(answered.location).text
    assert state(app, booking_id) is BookingState.BOOKED
    assert "Your coffee chat" in member.get(f"/chat/{booking_id}/asked", follow_redirects=True).text
    late = member.post(f"/chat/{booking_id}/take-back")
    assert late.location == f"/chat/{booking_id}"
    assert "This question has been answered already." in member.get(late.location).text


def test_the_member_is_led_to_asking_where_only_the_peer_moves_a_chat(
    app: Flask, pair: Pair, member: FlaskClient, peer: FlaskClient
) -> None:
    booking_id = ask(app, pair, clock.now())
    peer.post(f"/chat/{booking_id}/yes")
    to_eleven = {"starts_at": TUESDAY_ELEVEN.isoformat(), "revision": "1"}
    answers = [
        member.get(f"/chat/{booking_id}/move"),
        member.get(f"/chat/{booking_id}/move/check", query_string=to_eleven),
        member.post(f"/chat/{booking_id}/move", data=to_eleven),
    ]
    assert [answer.status_code for answer in answers] == [409, 409, 409]
    for page in (member.get(f"/chat/{booking_id}?was=2026-03-03T16:00Z").text, *(answer.text for answer in answers)):
        assert page.count("The person you meet says yes to each time first.") == 1
        assert f'="/chat/{booking_id}/move"' not in page.replace(f'data-page="/chat/{booking_id}/move"', "")
        assert f'href="/chat/{booking_id}/cancel"' in page
        assert f'href="/book/{pair.walk_id}"' not in page  # until the first coffee there is room for one chat only
    assert "Move it instead" not in member.get(f"/chat/{booking_id}/cancel").text
    assert peer.get(f"/chat/{booking_id}/move").status_code == 200
    assert peer.post(f"/chat/{booking_id}/move", data=to_eleven).status_code == 303


def test_where_there_is_room_for_more_chats_another_time_is_one_tap_away(app: Flask, pair: Pair, now: datetime) -> None:
    with app.app_context():
        later = add_pair(now, State.WALKING, peer_id=pair.peer_id, name="Noor")
        booking_id = services.book(later.walk_id, later.peer_id, TUESDAY_TEN, Format.COFFEE, "", key="", now=now)
    page = signed_in(app, later.member_id, now).get(f"/chat/{booking_id}").text
    assert "Ask for another time" in page
    assert f'href="/book/{later.walk_id}"' in page


def test_not_this_time_asks_for_no_reason_and_the_member_sees_what_is_near(
    app: Flask, pair: Pair, member: FlaskClient, peer: FlaskClient
) -> None:
    booking_id = ask(app, pair, clock.now())
    assert peer.post(f"/chat/{booking_id}/not-this-time").status_code == 303
    page = member.get(f"/chat/{booking_id}", follow_redirects=True)
    assert "This time is free again" in page.text
    assert "No reason is asked for or given" in page.text
    assert f'value="{TUESDAY_TEN:%Y-%m-%dT%H:%MZ}"' in page.text


def test_of_several_times_each_has_its_own_yes_and_none_of_these_is_one_tap(
    app: Flask, pair: Pair, peer: FlaskClient
) -> None:
    first, second = ask(app, pair, clock.now()), ask(app, pair, clock.now(), WEDNESDAY_TEN)
    page = peer.get(f"/chat/{first}/asked").text
    assert "Ana asks for one of these times" in page
    assert 'aria-label="Yes to this one: Tuesday 3 March, 10:00 am; 4:00 pm for Ana"' in page
    peer.post(f"/chat/{first}/not-this-time", data={"every": "yes"})
    assert {state(app, first), state(app, second)} == {BookingState.RELEASED}


def test_the_member_takes_it_back_and_a_late_yes_is_told_so(
    app: Flask, pair: Pair, member: FlaskClient, peer: FlaskClient
) -> None:
    booking_id = ask(app, pair, clock.now())
    assert member.post(f"/chat/{booking_id}/take-back").location == f"/book/{pair.walk_id}"
    late = peer.post(f"/chat/{booking_id}/yes")
    assert late.status_code == 409
    assert "This question was taken back in the meantime" in late.text
    assert "Ana took the question back" in late.text
    assert member.post(f"/chat/{booking_id}/take-back").status_code == 409


def test_a_yes_after_it_lapsed_is_told_so_even_before_the_clock_has_looked(
    app: Flask, pair: Pair, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    booking_id, later = ask(app, pair, now), TUESDAY_TEN - timedelta(hours=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    member, peer = (signed_in(app, person_id, later) for person_id in (pair.member_id, pair.peer_id))
    late = peer.post(f"/chat/{booking_id}/yes")
    assert late.status_code == 409
    assert "waited as long as it could" in late.text
    assert "nobody did anything wrong" in member.get(f"/chat/{booking_id}/asked").text
    assert "Ana asks for a time" not in peer.get("/").text


def test_a_fourth_question_is_told_kindly_with_the_three_that_wait(app: Flask, pair: Pair, member: FlaskClient) -> None:
    waiting = [ask(app, pair, clock.now(), TUESDAY_TEN + timedelta(days=day)) for day in range(3)]
    form = {"starts_at": TUESDAY_ELEVEN.isoformat(), "way": "coffee", "place": ""}
    refused = member.post(f"/book/{pair.walk_id}", data=form)
    assert refused.status_code == 409
    assert "Three of your questions are waiting for an answer." in refused.text
    assert all(f'href="/chat/{booking_id}/asked"' in refused.text for booking_id in waiting)


def test_a_letter_about_a_question_leads_to_its_page(app: Flask, pair: Pair, peer: FlaskClient) -> None:
    booking_id = ask(app, pair, clock.now())
    with app.app_context():
        (letter,) = [row.id for row in rows() if row.kind == "time_asked"]
    assert peer.get(f"/n/{letter}").location == f"/chat/{booking_id}/asked"


def test_opening_an_address_answers_nothing(app: Flask, pair: Pair, member: FlaskClient, peer: FlaskClient) -> None:
    booking_id = ask(app, pair, clock.now())
    assert {peer.get(f"/chat/{booking_id}/{action}").status_code for action in ACTIONS} == {405}
    assert state(app, booking_id) is BookingState.ASKED


def test_a_stranger_finds_nothing_and_the_wrong_side_may_not_answer(
    app: Flask, pair: Pair, member: FlaskClient, peer: FlaskClient, now: datetime
) -> None:
    booking_id = ask(app, pair, now)
    with app.app_context():
        strangers = [signed_in(app, each, now) for each in (add_member(now, "Sam"), add_peer(now, "Cleo"))]
        alice = signed_in(app, add_person("Alice", now, Role.COORDINATOR), now)
    for stranger, actions in zip(strangers, (("take-back",), ("yes", "not-this-time")), strict=True):
        assert stranger.get(f"/chat/{booking_id}/asked").status_code == 404
        assert {stranger.post(f"/chat/{booking_id}/{action}").status_code for action in actions} == {404}
    assert {member.post(f"/chat/{booking_id}/{action}").status_code for action in ("yes", "not-this-time")} == {403}
    assert peer.post(f"/chat/{booking_id}/take-back").status_code == 403
    assert alice.get(f"/chat/{booking_id}/asked").status_code == 403
    assert state(app, booking_id) is BookingState.ASKED


def test_a_question_beside_one_that_got_a_yes_says_so_to_both_and_leads_to_the_chat(
    app: Flask, pair: Pair, member: FlaskClient, peer: FlaskClient
) -> None:
    left, booked = ask(app, pair, clock.now()), ask(app, pair, clock.now(), TUESDAY_ELEVEN)
    peer.post(f"/chat/{booked}/yes")
    said = (
        (member, "Maya said yes to another of your times."),
        (peer, "You said yes to another of Ana’s times, and this one is free again."),
    )
    for client, words in said:
        page = client.get(f"/chat/{left}/asked").text
        assert words in page
        assert f'href="/chat/{booked}"' in page
        assert "not to be had" not in page


def test_three_questions_that_wait_are_told_before_a_time_is_looked_for(
    app: Flask, pair: Pair, member: FlaskClient, peer: FlaskClient
) -> None:
    asked = [ask(app, pair, clock.now(), at) for at in (TUESDAY_TEN, TUESDAY_ELEVEN, WEDNESDAY_TEN)]
    for path in ("", f"/check?starts_at={WEDNESDAY_TEN + timedelta(hours=1):%Y-%m-%dT%H:%MZ}"):
        page = member.get(f"/book/{pair.walk_id}{path}")
        assert (page.status_code, "Three questions are waiting" in page.text) == (200, True)
        assert all(f'href="/chat/{each}/asked"' in page.text for each in asked)
    assert "When shall we meet?" in peer.get(f"/book/{pair.walk_id}").text


def test_a_question_taken_back_says_that_the_others_still_wait(app: Flask, pair: Pair, member: FlaskClient) -> None:
    first, second = ask(app, pair, clock.now()), ask(app, pair, clock.now(), TUESDAY_ELEVEN)
    said = [member.get(member.post(f"/chat/{each}/take-back").location).text for each in (first, second)]
    assert ["Taken back. The time is free again" in page for page in said] == [True, True]
    assert ["Your other question still waits." in page for page in said] == [True, False]
