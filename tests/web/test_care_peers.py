"""The coordinators' page of peers: talks, kind words, who looks after whom; and what only one of them reads."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.booking import Felt
from portal.domain.experience import Format
from portal.models import AuditEntry, LooksAfter, PeerProfile, PersonRole, TalkWish
from portal.services import booking, matching
from portal.services import experience as services
from tests.booking_cast import TUESDAY_ELEVEN, signed_in
from tests.matching_cast import Hill, add_peer, both_yes, chosen
from tests.services.outbox import add_person
from tests.web.account_steps import Watch
from tests.web.test_care import main_of, staff_browser

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
PEERS = "/care/peers"
HOUR = timedelta(hours=1)


@pytest.fixture
def alice(app: Flask, hill: Hill, watch: Watch) -> FlaskClient:
    """Alice's browser, the second step done."""
    return staff_browser(app, hill.coordinator, watch.time)


@pytest.fixture
def bob(app: Flask, hill: Hill, watch: Watch) -> FlaskClient:
    """Another coordinator's browser."""
    with app.app_context():
        bob_id = add_person("Bob", watch.time, Role.COORDINATOR)
    return staff_browser(app, bob_id, watch.time)


def care_for(app: Flask, hill: Hill, now: datetime, *peer_ids: int) -> None:
    with app.app_context():
        for peer_id in peer_ids:
            services.look_after(peer_id, hill.coordinator, seen=None, actor_id=hill.coordinator, now=now)


def row_of(page: str, name: str) -> str:
    return page.partition(f">{name}</a>")[2].partition("</tr>")[0]


def test_a_talk_stands_first_and_is_settled_in_one_tap(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        talk_id = services.wish_talk(hill.peers[2], now=now)
    for path in ("/", "/care"):
        assert "1 peer would like a talk" in main_of(alice, path)
    page = main_of(alice, PEERS)
    assert page.index(">Dov</a>") < page.index(">Ben Carter</a>")
    assert "Would like a talk, since Monday 2 March" in row_of(page, "Dov")
    for _tap in range(2):
        assert alice.post(f"/care/talks/{talk_id}/settle").headers["Location"] == PEERS
    assert "Would like a talk" not in main_of(alice, PEERS)
    with app.app_context():
        assert read().get_one(TalkWish, talk_id).settled_by == hill.coordinator


def test_who_settled_a_talk_is_told_to_the_others(
    app: Flask, alice: FlaskClient, bob: FlaskClient, hill: Hill, now: datetime
) -> None:
    dov = hill.peers[2]
    with app.app_context():
        talk_id = services.wish_talk(dov, now=now)
    care_for(app, hill, now, dov)
    bob.post(f"/care/talks/{talk_id}/settle")
    assert "Alice looks after them and may like to know." in main_of(bob, PEERS)
    alice.post(f"/care/talks/{talk_id}/settle")
    page = main_of(alice, PEERS)
    assert ("Bob has talked with them already." in page, "Kept: you have talked" in page) == (True, False)


def test_a_coordinator_who_is_a_peer_does_not_settle_their_own_talk(app: Flask, hill: Hill, watch: Watch) -> None:
    with app.app_context():
        both = add_peer(watch.time, "Eve")
        services.look_after(both, hill.coordinator, seen=None, actor_id=hill.coordinator, now=watch.time)
        talk_id = services.wish_talk(both, now=watch.time)
    with app.app_context(), transaction() as session:
        session.add(PersonRole(person_id=both, role=Role.COORDINATOR, since=watch.time))
    eve = staff_browser(app, both, watch.time)
    assert "We have talked" not in main_of(eve, PEERS)
    assert eve.post(f"/care/talks/{talk_id}/settle").status_code == 403


def test_how_chats_were_is_read_by_who_looks_after_the_peer_and_by_nobody_else(
    app: Flask, hill: Hill, now: datetime, watch: Watch
) -> None:
    care_for(app, hill, watch.time, hill.peers[0])
    with app.app_context():
        walk_id, bob = both_yes(hill, now), add_person("Bob", now, Role.COORDINATOR)
        for starts_at in (TUESDAY_ELEVEN, TUESDAY_ELEVEN + timedelta(days=1)):
            chat_id = booking.book(walk_id, hill.member, starts_at, Format.PHONE, "", key="", now=watch.time)
            watch.time = starts_at + timedelta(hours=1)
            booking.settle_past(now=watch.time)
            services.say_felt(chat_id, hill.peers[0], Felt.HEAVY, now=watch.time)
    seen = row_of(main_of(staff_browser(app, hill.coordinator, watch.time), PEERS), "Ben Carter")
    assert ("A kind word would be good." in seen, "The last chats were heavy for them" in seen) == (True, True)
    assert "Heavy, Heavy" in seen
    bob_browser = staff_browser(app, bob, watch.time)
    bobs = main_of(bob_browser, PEERS)
    assert bobs.index(">Cleo</a>") > bobs.index(">Ben Carter</a>")  # by name alone
    assert [words in row_of(bobs, "Ben Carter") for words in ("A kind word would be good.", "eavy")] == [False] * 2
    assert ">Ben Carter</a>" not in main_of(bob_browser, f"{PEERS}?show=word")
    with app.app_context():
        services.look_after(hill.peers[0], bob, seen=hill.coordinator, actor_id=bob, now=watch.time + HOUR)
    assert "eavy" not in row_of(main_of(bob_browser, PEERS), "Ben Carter")  # said to somebody else, before
    with app.app_context():
        found = select(AuditEntry.actor_id).where(AuditEntry.verb == "read how chats were")
        assert list(read().scalars(found.where(AuditEntry.subject_id == hill.peers[0]))) == [hill.coordinator]
    for person_id in (hill.member, hill.peers[1]):
        other = signed_in(app, person_id, watch.time)
        assert [("eavy" in other.get(path).text) for path in ("/", f"/walk/{walk_id}", "/account")] == [False] * 3


def test_any_coordinator_changes_who_looks_after_a_peer(
    app: Flask, alice: FlaskClient, bob: FlaskClient, hill: Hill, now: datetime
) -> None:
    ben = hill.peers[0]
    assert "Nobody yet" in row_of(main_of(alice, PEERS), "Ben Carter")
    assert bob.post(f"{PEERS}/{ben}/looked-after", data={"coordinator": hill.coordinator}).headers["Location"] == PEERS
    page = main_of(alice, PEERS)
    assert f'<option selected value="{hill.coordinator}">Alice' in row_of(page, "Ben Carter")
    assert ">1 peer<" in page.partition("Who looks after how many")[2]
    assert "You look after peers" in main_of(alice, "/")
    with app.app_context():
        assert read().get_one(LooksAfter, ben).coordinator_id == hill.coordinator


def test_an_old_page_is_told_who_looks_after_a_peer_now(
    app: Flask, alice: FlaskClient, bob: FlaskClient, hill: Hill, now: datetime
) -> None:
    ben = hill.peers[0]
    assert 'name="seen" value="0"' in row_of(main_of(bob, PEERS), "Ben Carter")
    with app.app_context():
        cora = add_person("Cora", now, Role.COORDINATOR)
    alice.post(f"{PEERS}/{ben}/looked-after", data={"coordinator": hill.coordinator, "seen": 0})
    answer = bob.post(f"{PEERS}/{ben}/looked-after", data={"coordinator": cora, "seen": 0})
    assert (answer.status_code, "Somebody else has changed who looks after this peer." in answer.text) == (409, True)
    with app.app_context():
        assert read().get_one(LooksAfter, ben).coordinator_id == hill.coordinator


@pytest.mark.parametrize("typed", ["", "0", "nobody", "4711"])
def test_who_is_no_coordinator_looks_after_nobody(app: Flask, alice: FlaskClient, hill: Hill, typed: str) -> None:
    answer = alice.post(f"{PEERS}/{hill.peers[0]}/looked-after", data={"coordinator": typed})
    assert (answer.status_code, "Please choose one of the coordinators who are here." in answer.text) == (422, True)
    for nobody in (hill.member, hill.peers[1]):
        assert alice.post(f"{PEERS}/{hill.peers[0]}/looked-after", data={"coordinator": nobody}).status_code == 422
    with app.app_context():
        assert read().get(LooksAfter, hill.peers[0]) is None


@pytest.mark.parametrize(
    ("peers", "words"),
    [
        (7, ""),
        (8, "8 peers: as many as is good for one person"),
        (9, "9 peers: more than is good for one person"),
    ],
)
def test_eight_peers_are_said_to_be_enough(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime, peers: int, words: str
) -> None:
    with app.app_context():
        more = [add_peer(now, f"Peer{number}") for number in range(peers - 3)]
    care_for(app, hill, now, *hill.peers, *more)
    page, home = main_of(alice, PEERS), main_of(alice, "/")
    assert (f"You look after {words}" in page if words else "for one person" not in page) is True
    assert ((f"{words}." in home) if words else ("7 peers." in home)) is True


def test_room_and_walks_are_told_in_words(app: Flask, alice: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        both_yes(hill, now)
        services.lower_capacity(hill.peers[0], key="a", now=now)
        services.lower_capacity(hill.peers[0], key="b", now=now)
    page = main_of(alice, PEERS)
    ben = row_of(page, "Ben Carter")
    assert ("1.5, and 1 wished for: nothing new comes" in ben, "1 new" in ben) == (True, True)
    assert ("0\u00a0of\u00a03" in row_of(page, "Cleo"), "Nobody just now" in row_of(page, "Cleo")) == (True, True)


def test_how_old_a_word_is_stands_in_its_row(app: Flask, alice: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        for peer_id, ready_at in zip(hill.peers, (now, now - timedelta(days=3), now - timedelta(days=13)), strict=True):
            session.get_one(PeerProfile, peer_id).ready_at = ready_at
    page = main_of(alice, PEERS)
    words = ("as they said today<", "as they said 3 days ago<", "as they said 13 days ago; asked again")
    assert [said in row_of(page, name) for said, name in zip(words, ("Ben Carter", "Cleo", "Dov"), strict=True)] == [
        True
    ] * 3


def test_a_question_that_waits_is_no_walk_yet(app: Flask, alice: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        matching.approve(chosen(hill, now), hill.coordinator, None, revision=None, key="", now=now)
    assert "1 question open" in row_of(main_of(alice, PEERS), "Ben Carter")


def test_these_acts_are_for_coordinators_and_never_done_by_opening(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        talk_id = services.wish_talk(hill.peers[0], now=now)
    paths = (f"/care/talks/{talk_id}/settle", f"{PEERS}/{hill.peers[0]}/looked-after")
    for person_id in (hill.member, hill.peers[0]):
        client = signed_in(app, person_id, now)
        assert [client.post(path).status_code for path in paths] == [403, 403]
    assert [alice.get(path).status_code for path in paths] == [405, 405]
    assert alice.post("/care/talks/4711/settle").status_code == 404
    assert alice.post(f"{PEERS}/4711/looked-after", data={"coordinator": hill.coordinator}).status_code == 404


def test_the_page_shows_whom_one_looks_for_fifty_at_a_time(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        more = [add_peer(now, f"Peer{number:02}") for number in range(49)]
        services.wish_talk(more[30], now=now)
    care_for(app, hill, now, hill.peers[0])
    rows = {path: main_of(alice, path).count("/looked-after") for path in (PEERS, f"{PEERS}?page=2", f"{PEERS}?page=9")}
    assert rows == {PEERS: 50, f"{PEERS}?page=2": 2, f"{PEERS}?page=9": 0}
    assert "Page 1 of 2" in main_of(alice, PEERS)
    assert ">Ben Carter</a>" in main_of(alice, f"{PEERS}?show=mine")
    word = main_of(alice, f"{PEERS}?show=word")
    assert (word.count("/looked-after"), ">Peer30</a>" in word) == (1, True)
    for nonsense in ("show=x", "page=-3", "page=x"):
        assert alice.get(f"{PEERS}?{nonsense}").status_code == 200, nonsense
