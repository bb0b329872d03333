"""The pages of something earlier: the wish on a chat's page, the time that is held, and both answers."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.queries.booking import earlier as queries
from portal.services import booking as services
from tests.booking_cast import TUESDAY_TEN, Pair, add_member, add_pair, add_peer, booking_row, signed_in

WEDNESDAY_TEN = TUESDAY_TEN + timedelta(days=1)
ACTIONS = ("take", "no-thanks")


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    with app.app_context():
        return add_peer(now, cap_per_day=1)


@pytest.fixture
def pair(app: Flask, peer_id: int, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now, peer_id=peer_id)


@pytest.fixture
def taken(app: Flask, peer_id: int, now: datetime) -> tuple[Pair, int]:
    """Somebody else's chat on Tuesday at ten."""
    with app.app_context():
        other = add_pair(now, peer_id=peer_id, name="Noor")
        return other, services.book(other.walk_id, other.member_id, TUESDAY_TEN, Format.PHONE, "", key="", now=now)


@pytest.fixture
def chat(app: Flask, pair: Pair, taken: tuple[Pair, int], now: datetime) -> int:
    with app.app_context():
        return services.book(pair.walk_id, pair.member_id, WEDNESDAY_TEN, Format.PHONE, "", key="", now=now)


@pytest.fixture
def held(app: Flask, pair: Pair, chat: int, taken: tuple[Pair, int], member: FlaskClient, now: datetime) -> int:
    """The time that came free, held for the member who wished for it."""
    member.post(f"/book/{pair.walk_id}/earlier", data={"chat": chat})
    with app.app_context():
        services.cancel(taken[1], taken[0].member_id, 0, key="", now=now - timedelta(minutes=11))
        assert services.offer_earlier(now=now) == 1
        found = queries.held_for_walk(pair.walk_id)
    assert found is not None
    return found


def test_the_page_of_a_chat_offers_the_wish_and_its_end(app: Flask, pair: Pair, chat: int, member: FlaskClient) -> None:
    assert "Tell me if something earlier opens" in member.get(f"/chat/{chat}").text
    sent = member.post(f"/book/{pair.walk_id}/earlier", data={"chat": chat})
    assert (sent.status_code, sent.location) == (303, f"/chat/{chat}")
    assert "You hear from us when an earlier time with Maya comes free." in member.get(f"/chat/{chat}").text
    assert member.post(f"/book/{pair.walk_id}/no-earlier").location == f"/chat/{chat}"
    assert "Tell me if something earlier opens" in member.get(f"/chat/{chat}").text


def test_home_and_the_page_say_what_is_held_and_until_when(held: int, member: FlaskClient) -> None:
    assert "A time with Maya has come free" in member.get("/").text
    page = member.get(f"/chat/{held}/asked", follow_redirects=True).text
    assert "your chat on Wednesday 4 March, 4:00 pm moves to it" in page
    assert "It is held for you until Monday 2 March, 1:00 pm." in page


def test_yes_moves_the_chat(app: Flask, chat: int, held: int, member: FlaskClient) -> None:
    sent = member.post(f"/chat/{held}/take")
    assert (sent.status_code, sent.location) == (303, f"/chat/{chat}")
    assert "Tuesday 3 March, 3:00 pm" in member.get(sent.location).text
    with app.app_context():
        # With that day's one chat gone the whole morning is free, and its first time is the one held.
        assert booking_row(chat).starts_at == TUESDAY_TEN - timedelta(hours=1)


def test_no_thanks_leaves_everything_as_it_is(app: Flask, chat: int, held: int, member: FlaskClient) -> None:
    sent = member.post(f"/chat/{held}/no-thanks")
    assert "Everything stays as it is" in member.get(sent.location).text
    with app.app_context():
        assert (booking_row(held).state, booking_row(chat).starts_at) == (BookingState.RELEASED, WEDNESDAY_TEN)
    late = member.post(f"/chat/{held}/take")
    assert late.status_code == 409
    assert "This time is no longer held for you." in late.text


def test_an_offer_that_lapsed_says_so(
    app: Flask, pair: Pair, held: int, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    later = now + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    member = signed_in(app, pair.member_id, later)
    assert "This time is not held any more" in member.get(f"/chat/{held}/offered").text
    assert member.post(f"/chat/{held}/take").status_code == 409
    assert "has come free" not in member.get("/").text


def test_opening_an_address_answers_nothing_and_strangers_find_nothing(
    app: Flask, pair: Pair, chat: int, held: int, member: FlaskClient, now: datetime
) -> None:
    assert {member.get(f"/chat/{held}/{action}").status_code for action in ACTIONS} == {405}
    with app.app_context():
        stranger, peer = signed_in(app, add_member(now, "Sam"), now), signed_in(app, pair.peer_id, now)
    for client, status in ((stranger, 404), (peer, 403)):
        assert client.get(f"/chat/{held}/offered").status_code == status
        assert {client.post(f"/chat/{held}/{action}").status_code for action in ACTIONS} == {status}
        assert client.post(f"/book/{pair.walk_id}/earlier", data={"chat": chat}).status_code == status
        assert client.post(f"/book/{pair.walk_id}/no-earlier").status_code == status
    with app.app_context():
        assert booking_row(held).state is BookingState.OFFERED


def test_where_no_chat_is_set_the_list_of_times_offers_the_wish(
    app: Flask, pair: Pair, member: FlaskClient, now: datetime
) -> None:
    assert "Tell me when another time opens" in member.get(f"/book/{pair.walk_id}").text
    assert member.post(f"/book/{pair.walk_id}/earlier").location == f"/book/{pair.walk_id}"
    assert "You hear from us when another time with Maya comes free." in member.get(f"/book/{pair.walk_id}").text
    peer = signed_in(app, pair.peer_id, now)
    assert "another time opens" not in peer.get(f"/book/{pair.walk_id}").text


def test_the_letters_link_leads_to_the_chat_that_was_made_of_it(
    app: Flask, pair: Pair, chat: int, held: int, member: FlaskClient, now: datetime
) -> None:
    member.post(f"/chat/{held}/take")
    for _tap in range(2):
        assert member.get(f"/chat/{held}/offered").location == f"/chat/{chat}"
        assert member.post(f"/chat/{held}/take").location == f"/chat/{chat}"
    assert "It is yours." in member.get(f"/chat/{chat}").text
    with app.app_context():
        services.cancel(chat, pair.member_id, booking_row(chat).revision, key="", now=now)
    shown = member.get(f"/chat/{held}/offered", follow_redirects=True).text
    assert "This chat is cancelled" in shown
    assert "You hear from us" not in shown


def test_a_held_time_that_became_a_chat_of_its_own_leads_to_it(
    app: Flask, pair: Pair, taken: tuple[Pair, int], member: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        services.wish_earlier(pair.walk_id, pair.member_id, now=now - timedelta(minutes=20))
        services.cancel(taken[1], taken[0].member_id, 0, key="", now=now - timedelta(minutes=11))
        assert services.offer_earlier(now=now) == 1
        held = queries.held_for_walk(pair.walk_id)
    member.post(f"/chat/{held}/take", data={"way": "phone"})
    assert member.get(f"/chat/{held}/offered").location == f"/chat/{held}"


def test_a_time_that_is_gone_promises_news_only_while_they_are_wished_for(
    app: Flask, pair: Pair, chat: int, held: int, member: FlaskClient, now: datetime
) -> None:
    member.post(f"/chat/{held}/no-thanks")
    left = member.get(f"/chat/{held}/offered").text
    assert "You hear from us when another one comes free." in left
    assert f'href="/chat/{chat}"' in left
    with app.app_context():
        services.cancel(chat, pair.member_id, booking_row(chat).revision, key="", now=now)
    after = member.get(f"/chat/{held}/offered").text
    assert "This time is no longer held for you." in after
    assert "You hear from us" not in after
