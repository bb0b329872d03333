"""Asking who offers, at the doors: what a member sees before and after, what a peer reads and answers."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.domain.notice import Kind
from portal.models import MemberProfile, PeerProfile
from portal.services import matching as matching_services
from tests.booking_cast import signed_in
from tests.matching_cast import ALCOHOL, Hill, add_peer, asked, offering, walk_row
from tests.services.outbox import one
from tests.web.account_steps import Watch

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


@pytest.fixture
def ben(app: Flask, hill: Hill, now: datetime) -> FlaskClient:
    with app.app_context(), transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).applied_at = now
    return signed_in(app, hill.peers[0], now)


@pytest.fixture
def walk_id(app: Flask, hill: Hill, now: datetime) -> int:
    with app.app_context():
        return offering(hill, now)


def body(client: FlaskClient, address: str) -> str:
    return client.get(address).text.partition("<main")[2]


def test_not_now_on_a_page_from_before_the_offer_takes_nothing_back(app: Flask, ben: FlaskClient, walk_id: int) -> None:
    assert 'name="seen" value="open"' in body(ben, f"/offers/{walk_id}")
    ben.post(f"/offers/{walk_id}/yes", data={"request_key": "k1"})
    old = ben.post(f"/offers/{walk_id}/not-now", data={"seen": "open", "request_key": "k2"})
    assert (old.status_code, old.headers["Location"]) == (303, f"/offers/{walk_id}")
    page = ben.get(f"/offers/{walk_id}").text
    assert ("This has moved on in the meantime." in page, "Take my offer back" in page) == (True, True)


def test_before_she_asks_a_member_reads_what_peers_will_read(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk = asked(hill, now)
    assert f"/match/{walk}/who-offers" in body(ana, "/match")
    page = body(ana, f"/match/{walk}/who-offers")
    assert ("Loneliness" in page, "Something tender" in page, "Alcohol" in page) == (True, False, False)
    assert "The soonest that you and whoever reads it are both free" in page
    assert ("Gentle" in page, "English" in page) == (True, True)
    assert "They do not read your name" in page


def test_asking_is_one_tap_and_leads_back_to_how_it_stands(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk = asked(hill, now)
    answer = ana.post(f"/match/{walk}/who-offers", data={"revision": 1, "request_key": "k1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/match")
    page = body(ana, "/match")
    assert ("We have asked who offers" in page, "Start with" in page, "Close it and go back" in page) == (
        True,
        False,
        True,
    )
    assert ana.get(f"/match/{walk}/who-offers").headers["Location"] == "/match"


def test_an_old_page_or_a_strangers_asks_nobody(
    app: Flask, ana: FlaskClient, ben: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk = asked(hill, now)
        other = matching_services.ask(hill.member, key="", now=now)
    assert ana.post(f"/match/{other}/who-offers", data={"revision": 0}).status_code == 303
    assert "here is how it stands now" in ana.get("/match").text
    assert ana.get("/match/999/who-offers").status_code == 404
    assert ana.post("/match/999/who-offers").status_code == 404
    assert ben.post(f"/match/{walk}/who-offers").status_code == 403


def test_a_peer_finds_it_at_home_and_reads_it_without_a_name(ben: FlaskClient, walk_id: int) -> None:
    assert "Somebody asks who would walk with them" in body(ben, "/")
    assert f"/offers/{walk_id}" in body(ben, "/asked")
    page = body(ben, f"/offers/{walk_id}")
    assert "If they choose you and a coordinator agrees, you both learn each other’s names." in page
    assert "You have walked through loneliness, and are further along." in page
    assert "This is never all of it." in page
    assert ("Something tender" in page, "Alcohol" in page, ALCOHOL in page, "Ana" in page) == (
        False,
        False,
        False,
        False,
    )


def test_offering_makes_a_card_and_can_be_taken_back(ana: FlaskClient, ben: FlaskClient, walk_id: int) -> None:
    answer = ben.post(f"/offers/{walk_id}/yes", data={"request_key": "k1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/asked")
    page = body(ana, "/match")
    assert ("Somebody has offered to walk with you" in page, page.count("Start with ")) == (True, 1)
    assert "Ben has offered to walk with you." in page
    assert "they do not know yet" not in page
    assert "You have offered to walk with somebody" in body(ben, "/")
    assert "Take my offer back" in body(ben, f"/offers/{walk_id}")
    ben.post(f"/offers/{walk_id}/not-now", data={"request_key": "k2"})
    assert "We have asked who offers" in body(ana, "/match")


def test_leaving_it_takes_it_off_the_peers_pages(ben: FlaskClient, walk_id: int) -> None:
    assert ben.post(f"/offers/{walk_id}/not-now").headers["Location"] == "/asked"
    assert "That is fine. Nobody learns of it." in ben.get("/asked").text
    assert f"/offers/{walk_id}" not in body(ben, "/asked")
    page = body(ben, f"/offers/{walk_id}")
    assert ("I would like to walk with them" in page, ">Not now<" in page) == (True, False)


def test_a_peer_who_rests_reads_kindly_that_they_cannot(
    app: Flask, ben: FlaskClient, hill: Hill, walk_id: int, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).resting_since = now
    page = body(ben, f"/offers/{walk_id}")
    assert ("You are resting" in page, "I would like to walk with them" in page) == (True, False)
    assert 'href="/experience/readiness"' in page
    answer = ben.post(f"/offers/{walk_id}/yes")
    assert (answer.status_code, "Once you say you are, you can offer." in answer.text) == (409, True)
    assert f"/offers/{walk_id}" not in body(ben, "/asked")


def test_when_three_have_offered_the_others_read_that_people_were_found(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        eve = add_peer(now, "Eve")
        walk = offering(hill, now)
        for peer_id in hill.peers:
            matching_services.offer(walk, peer_id, key="", now=now)
    client = signed_in(app, eve, now)
    assert "People were found" in body(client, f"/offers/{walk}")
    answer = client.post(f"/offers/{walk}/yes")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/asked")
    assert "Enough people have offered in the meantime" in client.get("/asked").text


def test_what_is_settled_tells_a_peer_nothing_of_how(
    app: Flask, ana: FlaskClient, ben: FlaskClient, walk_id: int
) -> None:
    ana.post(f"/match/{walk_id}/stop", data={"revision": 2})
    page = body(ben, f"/offers/{walk_id}")
    assert ("This is settled" in page, "Loneliness" in page, "stop" in page.split("</style>")[-1].lower()) == (
        True,
        False,
        False,
    )


def test_an_offer_is_for_those_who_were_asked(app: Flask, ana: FlaskClient, walk_id: int, now: datetime) -> None:
    with app.app_context():
        stranger = add_peer(now, "Stranger", topics=["debt"])
    client = signed_in(app, stranger, now)
    assert client.get(f"/offers/{walk_id}").status_code == 404
    for path in ("yes", "not-now"):
        assert client.post(f"/offers/{walk_id}/{path}").status_code == 404
        assert client.get(f"/offers/{walk_id}/{path}").status_code == 405
        assert ana.post(f"/offers/{walk_id}/{path}").status_code == 403


def test_closing_it_leads_back_to_the_cards(ana: FlaskClient, walk_id: int) -> None:
    assert ana.post(f"/match/{walk_id}/choose-again", data={"revision": 2}).headers["Location"] == "/match"
    page = ana.get("/match").text
    assert ("We have closed the question." in page, page.count("Start with ")) == (True, 3)


def test_picking_one_who_offered_needs_no_second_yes(
    app: Flask, ana: FlaskClient, ben: FlaskClient, hill: Hill, walk_id: int, now: datetime
) -> None:
    ben.post(f"/offers/{walk_id}/yes")
    ana.post(f"/match/{walk_id}/rank", data={"first": hill.peers[0], "revision": 2})
    with app.app_context():
        matching_services.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
        assert walk_row(walk_id).peer_id == hill.peers[0]
    assert ana.get(f"/walk/{walk_id}").status_code == 200
    assert "This is settled" in body(ben, f"/offers/{walk_id}")


def test_the_days_are_over_and_the_page_says_it_calmly(
    app: Flask, watch: Watch, ana: FlaskClient, walk_id: int, now: datetime
) -> None:
    with app.app_context():
        matching_services.close_offers(now=now + timedelta(days=3))
    assert "The days for offers are over." in body(ana, "/match")


def test_the_link_of_each_letter_leads_to_its_page(
    app: Flask, ana: FlaskClient, ben: FlaskClient, hill: Hill, walk_id: int
) -> None:
    ben.post(f"/offers/{walk_id}/yes")
    with app.app_context():
        asked_of = one(Kind.OFFER_ASKED, hill.peers[0]).id
        told = one(Kind.OFFER_MADE, hill.member).id
    assert ben.get(f"/n/{asked_of}").headers["Location"] == f"/offers/{walk_id}"
    assert ana.get(f"/n/{told}").headers["Location"] == "/match"
    assert ana.get(f"/n/{asked_of}").status_code == 404


def test_whoever_offered_and_is_asked_once_more_is_led_to_the_question(
    app: Flask, ben: FlaskClient, hill: Hill, walk_id: int, now: datetime
) -> None:
    ben.post(f"/offers/{walk_id}/yes")
    with app.app_context():
        with transaction() as session:
            session.get_one(MemberProfile, hill.member).updated_at = now + timedelta(minutes=1)
        later = now + timedelta(minutes=2)
        matching_services.rank(walk_id, hill.member, [hill.peers[0]], revision=None, key="", now=later)
        assert "you are asked once more" in body(ben, f"/offers/{walk_id}")
        matching_services.approve(walk_id, hill.coordinator, None, revision=None, key="", now=later)
    assert ben.get(f"/offers/{walk_id}").headers["Location"] == f"/asked/{walk_id}"
