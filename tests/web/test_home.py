"""The front page, and what is next for each: one card with one thing to do."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.domain.account import Purpose, Role
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import MemberProfile, PeerProfile
from portal.services import booking, matching
from portal.services.account import begin_sign_in, give_consents
from tests.booking_cast import TUESDAY_ELEVEN, signed_in
from tests.matching_cast import Hill, add_hill, asked, both_yes, chosen, invited, set_walk
from tests.services.outbox import add_person
from tests.web.account_steps import Watch

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


@pytest.fixture
def hill(app: Flask, now: datetime) -> Hill:
    with app.app_context():
        made = add_hill(now)
        with transaction() as session:
            session.get_one(MemberProfile, made.member).finished_at = now
            for peer_id in made.peers:
                session.get_one(PeerProfile, peer_id).applied_at = now
        return made


def titles(client: FlaskClient) -> list[str]:
    """Return the headings of the cards, the next thing first."""
    return re.findall(r"<h2>([^<]+)</h2>", client.get("/").text.partition("<main")[2].partition("</main")[0])


def of(app: Flask, person_id: int, now: datetime) -> list[str]:
    return titles(signed_in(app, person_id, now))


def test_the_front_page_has_two_ways_in_and_explains_leaving(app: Flask) -> None:
    page = app.test_client().get("/").text
    main = page.partition("<main")[2].partition("</main")[0]
    assert main.count('class="button primary"') == 1
    assert ("Find somebody who gets it" in main, "I would like to walk beside somebody" in main) == (True, True)
    assert "It does not erase your browser’s history." in main
    assert "<title>Welcome ·" in page


def test_the_front_page_is_small(app: Flask) -> None:
    assert len(app.test_client().get("/").data) < 40_000


def test_a_new_member_is_asked_to_tell(app: Flask, now: datetime) -> None:
    with app.app_context():
        person_id = add_person("Sam", now, Role.MEMBER)
    assert of(app, person_id, now) == ["Tell us where you are"]


def test_a_member_who_has_told_may_ask(app: Flask, hill: Hill, now: datetime) -> None:
    client = signed_in(app, hill.member, now)
    assert titles(client) == ["Shall we look for somebody?"]
    assert '<form class="one" method="post" action="/match/ask"' in client.get("/").text


def test_each_state_of_a_walk_has_its_card(app: Flask, hill: Hill, now: datetime) -> None:
    client = signed_in(app, hill.member, now)
    with app.app_context():
        walk_id = asked(hill, now)
    assert titles(client) == ["People you could walk with"]
    for state, title in (
        (State.ASKED, "We are looking"),
        (State.CHOSEN, "You have chosen"),
        (State.HELD, "A few lines for you"),
        (State.INVITED, "Somebody has been asked"),
    ):
        with app.app_context():
            set_walk(walk_id, state=state)
        assert titles(client) == [title], state


def test_the_two_find_a_time_meet_and_say_how_it_was(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = both_yes(hill, now)
    ana, ben = signed_in(app, hill.member, now), signed_in(app, hill.peers[0], now)
    assert titles(ana) == ["Find a time with Ben Carter"]
    assert titles(ben) == ["You and Ana", "You are ready to be asked"]
    with app.app_context():
        booking.book(walk_id, hill.member, TUESDAY_ELEVEN, Format.PHONE, "", key="", now=now)
    assert titles(ana) == ["A call with Ben Carter"]
    assert titles(ben) == ["A call with Ana", "You are ready to be asked"]
    with app.app_context():
        set_walk(walk_id, state=State.REFLECTION)
    assert "How was it with Ben Carter?" in titles(ana)


def test_a_peer_who_is_asked_sees_that_first(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        invited(hill, now)
    assert of(app, hill.peers[0], now)[0] == "Somebody would like to walk with you"


def test_a_peer_is_asked_now_and_then_whether_they_are_ready(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).ready_at = now - timedelta(days=15)
        session.get_one(PeerProfile, hill.peers[1]).resting_since = now
        session.get_one(PeerProfile, hill.peers[2]).applied_at = None
    expected = [["Are you still ready to be asked?"], ["You are resting"], ["Tell us what you have walked through"]]
    assert [of(app, peer_id, now) for peer_id in hill.peers] == expected


def test_a_peer_is_asked_lightly_how_a_chat_was_and_the_member_is_not(
    app: Flask, hill: Hill, now: datetime, watch: Watch
) -> None:
    with app.app_context():
        walk_id = both_yes(hill, now)
        chat_id = booking.book(walk_id, hill.member, TUESDAY_ELEVEN, Format.PHONE, "", key="", now=now)
    watch.time = TUESDAY_ELEVEN + timedelta(hours=1)
    ana, ben = signed_in(app, hill.member, watch.time), signed_in(app, hill.peers[0], watch.time)
    question = "How was the chat on Tuesday 3 March for you?"
    assert (question in titles(ben), question in titles(ana)) == (True, False)
    page = ben.get("/").text.partition(question)[2].partition("</section>")[0]
    assert (page.count("<form"), "button primary" in page) == (3, False)
    assert ben.post(f"/experience/felt/{chat_id}", data={"felt": "heavy"}).headers["Location"] == "/"
    after = ben.get("/")
    assert ("Kept: heavy." in after.text, question in titles(ben)) == (True, False)
    assert f'href="/experience/peer?felt={chat_id}#felt"' in ben.get("/").text
    assert '<details class="card" id="felt" open>' in ben.get(f"/experience/peer?felt={chat_id}").text
    old_tab = ben.post(f"/experience/felt/{chat_id}", data={"felt": "light", "seen": ""})
    assert old_tab.headers["Location"] == f"/experience/peer?felt={chat_id}#felt"
    assert "It stays as you said; you can change it here." in ben.get("/experience/peer").text
    chat = ben.get(f"/chat/{chat_id}").text
    assert ('aria-label="Heavy, as you said"' in chat, "How was it for you?" in chat) == (True, True)
    assert "How was it for you?" not in ana.get(f"/chat/{chat_id}").text
    back = ben.post(f"/experience/felt/{chat_id}", data={"felt": "light", "seen": "heavy", "page": "chat"})
    assert back.headers["Location"] == f"/chat/{chat_id}"


def test_whose_room_is_full_is_offered_a_rest_and_a_talk_and_may_be_fine(
    app: Flask, hill: Hill, now: datetime, watch: Watch
) -> None:
    with app.app_context():
        with transaction() as session:
            session.get_one(PeerProfile, hill.peers[0]).capacity_halves = 3
        both_yes(hill, now)
    ben, offer = signed_in(app, hill.peers[0], now), "Would a rest or a talk be good?"
    page = ben.get("/").text
    assert offer in titles(ben)
    for words in ("I would like to rest", "One place fewer", "I would like a talk", "I am fine"):
        assert page.count(f">{words}</button>") == 1, words
    ben.post("/experience/fine")
    assert offer not in titles(ben)
    watch.turn(days=14)
    ben = signed_in(app, hill.peers[0], watch.time)
    assert offer in titles(ben)
    ben.post("/experience/talk")
    assert (offer in titles(ben), "You would like a talk" in titles(ben)) == (False, True)
    ben.post("/experience/talk/back")
    assert "You would like a talk" not in titles(ben)


def test_a_peers_word_is_asked_for_before_two_weeks_are_over(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).ready_at = now - timedelta(days=12, minutes=1)
    page = signed_in(app, hill.peers[0], now).get("/").text
    assert ("nearly two weeks" in page, "All as it is" in page, "/experience/readiness" in page) == (True, True, True)


def test_a_coordinator_sees_how_many_wait(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        chosen(hill, now)
        give_consents(hill.coordinator, list(Purpose), now=now)
        token = begin_sign_in(hill.coordinator, now=now, second_factor=True)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert titles(client) == ["1 person has chosen and waits for you", "Look at the letters"]


def test_a_chat_of_today_comes_before_everything(app: Flask, hill: Hill, now: datetime, watch: Watch) -> None:
    with app.app_context():
        walk_id = both_yes(hill, now)
        booking.book(walk_id, hill.member, TUESDAY_ELEVEN, Format.PHONE, "", key="", now=now)
        set_walk(walk_id, state=State.REFLECTION)
    assert of(app, hill.member, now)[0] == "A call with Ben Carter"


def test_stopping_leads_back_to_asking(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        matching.stop(asked(hill, now), hill.member, revision=None, key="", now=now)
    assert of(app, hill.member, now) == ["Shall we look for somebody?"]


@pytest.mark.parametrize("who", ["member", "peer"])
def test_a_walk_that_ends_while_they_talk_leaves_one_calm_line_and_no_dead_link(
    app: Flask, hill: Hill, now: datetime, watch: Watch, who: str
) -> None:
    ana, ben = hill.member, hill.peers[0]
    with app.app_context():
        walk_id = both_yes(hill, now)
        chat_id = booking.book(walk_id, ana, TUESDAY_ELEVEN, Format.PHONE, "", key="", now=now)
        watch.time = TUESDAY_ELEVEN + timedelta(minutes=5)
        matching.someone_else(walk_id, ana, revision=None, key="", now=watch.time)
    reader, other, told = (ana, "Ben", 0) if who == "member" else (ben, "Ana", 1)
    page = signed_in(app, reader, watch.time).get("/").text.partition("<main")[2]
    assert page.count(f"Your walk with {other} has come to its end") == told
    assert (page.count(other), f"/chat/{chat_id}" in page, f"/walk/{walk_id}" in page) == (told, False, False)


def test_a_peer_without_room_is_not_told_that_they_can_be_asked(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        for peer_id, halves in zip(hill.peers, (0, 2, 3), strict=True):
            session.get_one(PeerProfile, peer_id).capacity_halves = halves
    no_room, ready = "You have no room for somebody new just now", "You are ready to be asked"
    assert [of(app, peer_id, now) for peer_id in hill.peers] == [[no_room], [no_room], [ready]]
    assert "Choose how much room I have" in signed_in(app, hill.peers[0], now).get("/").text
