"""Everyone together, as coordinators see it: worked out, looked at, published; and for nobody else."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.matching.together import Fairness, Mark, PairState, ProposalState
from portal.domain.matching.walk import State
from portal.models import PeerProfile, Proposal
from portal.queries import matching as queries
from portal.services import matching
from portal.services.experience import wish_talk
from portal.services.matching import proposing
from portal.services.matching.proposing import opening
from portal.web.care import proposal as view
from tests.booking_cast import signed_in
from tests.matching_cast import LONELINESS, Hill, add_asker, asked, chosen, ranks, walk_row
from tests.services.outbox import add_person
from tests.web.account_steps import Watch
from tests.web.test_care import staff_browser

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
PAGE = "/care/proposal"


@pytest.fixture
def alice(app: Flask, hill: Hill, watch: Watch) -> FlaskClient:
    return staff_browser(app, hill.coordinator, watch.time)


@pytest.fixture
def walk_id(app: Flask, hill: Hill, now: datetime) -> int:
    """Ana has chosen Dov, then Cleo."""
    with app.app_context():
        return chosen(hill, now, [hill.peers[2], hill.peers[1]])


@pytest.fixture
def pair_id(app: Flask, hill: Hill, walk_id: int, now: datetime) -> int:
    """A proposal stands, and this is Ana's row."""
    with app.app_context():
        made = proposing.propose(hill.coordinator, Fairness.NOBODY_OUT, revision=None, key="", now=now)
        return queries.pending_pairs(made)[0]


def main_of(client: FlaskClient, path: str = PAGE) -> str:
    text = client.get(path).text.partition("<main")[2].partition("</main")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def proposal_id(app: Flask) -> int:
    with app.app_context():
        return queries.open_proposal_id() or 0


def state_of(app: Flask, pair_id: int) -> PairState:
    with app.app_context():
        pair = queries.proposed_pair(pair_id)
        assert pair is not None
        return pair.state


def test_from_the_board_to_a_proposal(app: Flask, alice: FlaskClient, walk_id: int) -> None:
    assert f'href="{PAGE}"' in alice.get("/care").text
    before = main_of(alice)
    assert ("Propose for all who wait" in before, "even where somebody is without anybody" in before) == (True, True)
    answer = alice.post(PAGE, data={"fairness": "nobody_out", "revision": -1, "request_key": "k"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = main_of(alice)
    for words in (
        "1 of 1",
        "Proved",
        "The order 1 person gave counts",
        "All fits together",
        "Publish 1",
        "Ana",
        "The same as today",
        "Keep together",
    ):
        assert words in page, words
    assert "<title>Everyone together · Hillside</title>" in alice.get(PAGE).text


def test_nothing_chosen_is_said_kindly(alice: FlaskClient) -> None:
    answer = alice.post(PAGE, data={"fairness": "fastest"})
    assert (answer.status_code, "There is a problem" in answer.text) == (422, True)


def test_publishing_one(app: Flask, alice: FlaskClient, walk_id: int, pair_id: int) -> None:
    answer = alice.post(f"{PAGE}/{proposal_id(app)}/publish", data={"pair_id": pair_id, "show": "open"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}?show=open")
    assert (state_of(app, pair_id), walk_state(app, walk_id)) == (PairState.PUBLISHED, State.INVITED)
    assert "1 published." in main_of(alice)


def walk_state(app: Flask, walk_id: int) -> State:
    with app.app_context():
        return walk_row(walk_id).state


def test_publishing_all_says_what_had_moved_on(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, now: datetime
) -> None:
    with app.app_context():
        asked(Hill(add_asker(now, "Ida"), hill.peers, hill.coordinator), now)
        proposing.propose(hill.coordinator, Fairness.NOBODY_OUT, revision=None, key="", now=now)
        matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
        moved = next(pair.id for pair in queries.proposed(queries.open_proposal_id() or 0, "settled", first=0, count=9))
    assert "Has moved on" in main_of(alice, f"{PAGE}?show=all")
    alice.post(f"{PAGE}/{proposal_id(app)}/publish", data={"all": 1})
    page = main_of(alice)
    assert ("1 published." in page, "not published" in page) == (True, False)
    alice.post(f"{PAGE}/{proposal_id(app)}/publish", data={"pair_id": moved})
    assert "1 was not published. The walk has moved on by itself since the proposal." in main_of(alice)
    assert walk_state(app, walk_id) is State.SHORTLISTED


def test_an_old_screen_is_told(app: Flask, alice: FlaskClient, hill: Hill, pair_id: int, now: datetime) -> None:
    old = proposal_id(app)
    with app.app_context():
        seen = queries.proposal(now)
        assert seen is not None
        proposing.propose(hill.coordinator, Fairness.CLOSEST, revision=seen.revision, key="", now=now)
    again = alice.post(PAGE, data={"fairness": "closest", "revision": seen.revision})
    published = alice.post(f"{PAGE}/{old}/publish", data={"pair_id": pair_id})
    assert (again.status_code, published.status_code) == (409, 409)
    assert "Nothing is lost; here it is." in again.text
    assert "This has moved on" in published.text


def test_why_these_two_and_who_else(alice: FlaskClient, pair_id: int) -> None:
    page = main_of(alice, f"{PAGE}/pairs/{pair_id}")
    for words in ("Ana and", "The same hill", "something tender", "Never these two", "Somebody else in the next run"):
        assert words in page, words
    assert "Ben" not in page  # Ana has not chosen Ben
    assert "Alcohol" not in page


def test_keeping_together_and_apart_and_taking_it_back(
    app: Flask, alice: FlaskClient, hill: Hill, pair_id: int
) -> None:
    _ben, cleo, _dov = hill.peers
    assert alice.post(f"{PAGE}/pairs/{pair_id}/pin", data={"peer_id": cleo}).status_code == 303
    assert marks(app) == [(hill.member, cleo, Mark.PIN)]
    assert "Kept together, or never" in main_of(alice)
    alice.post(f"{PAGE}/unmark", data={"member_id": hill.member, "peer_id": cleo})
    assert marks(app) == []
    alice.post(f"{PAGE}/pairs/{pair_id}/forbid")
    assert [mark for _, _, mark in marks(app)] == [Mark.FORBID]


def marks(app: Flask) -> list[tuple[int, int, Mark]]:
    with app.app_context():
        read().rollback()
        return [(one.member_id, one.peer_id, one.mark) for one in queries.marks()]


def test_leaving_a_pair_out(app: Flask, alice: FlaskClient, pair_id: int) -> None:
    assert alice.post(f"{PAGE}/pairs/{pair_id}/drop").status_code == 303
    assert state_of(app, pair_id) is PairState.DROPPED
    assert "Left out" in main_of(alice, f"{PAGE}?show=settled")


def test_whoever_has_nobody_is_told_of_with_the_reason_and_a_way_on(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        matching.ask(add_asker(now, "Far", topics=["debt"]), key="", now=now)
        matching.ask(add_asker(now, "Mute", topics=[LONELINESS], languages=["fi"]), key="", now=now)
        proposing.propose(hill.coordinator, Fairness.NOBODY_OUT, revision=None, key="", now=now)
    page = main_of(alice, f"{PAGE}?show=nobody")
    for words in ("No peer has walked one of the hills", "speak no common language", "A neighbouring topic"):
        assert words in page, words


def test_a_pin_that_could_not_be_kept_is_told_by_name(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, now: datetime
) -> None:
    with app.app_context():
        proposing.pin(hill.member, hill.peers[1], hill.coordinator, now=now)
        with transaction() as session:
            session.get_one(PeerProfile, hill.peers[1]).resting_since = now
        proposing.propose(hill.coordinator, Fairness.NOBODY_OUT, revision=None, key="", now=now)
    assert "Ana and Cleo: The peer is resting." in main_of(alice)


def test_while_it_is_worked_out_the_page_looks_again_by_itself(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "SMALL", 0)
    alice.post(PAGE, data={"fairness": "closest", "revision": -1})
    answer = alice.get(PAGE, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in answer.text
    assert ("<html" in answer.text, "Look again" in answer.text) == (False, True)
    assert "Nobody is working on it just now" not in answer.text
    watch.turn(minutes=1)
    assert "Nobody is working on it just now" in main_of(alice)
    with app.app_context():
        proposing.work(queries.open_proposal_id() or 0, now=watch.time)
    assert 'hx-trigger="every 2s"' not in alice.get(PAGE, headers={"HX-Request": "true"}).text


def test_what_could_not_be_worked_out_is_said_calmly(
    app: Flask, alice: FlaskClient, pair_id: int, now: datetime
) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Proposal, queries.open_proposal_id()).state = ProposalState.FAILED
    page = main_of(alice)
    assert ("Nothing has changed for anybody." in page, "Run again" in page) == (True, True)


def test_taking_it_away(app: Flask, alice: FlaskClient, walk_id: int, pair_id: int) -> None:
    alice.post(f"{PAGE}/{proposal_id(app)}/close")
    assert "Taken away." in main_of(alice)
    assert (proposal_id(app), walk_state(app, walk_id)) == (0, State.CHOSEN)


def test_many_rows_are_turned_by_pages(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "ROWS", 2)
    with app.app_context():
        for number in range(5):
            asked(Hill(add_asker(now - timedelta(hours=9 - number), f"M{number}"), hill.peers, 0), now)
        proposing.propose(hill.coordinator, Fairness.NOBODY_OUT, revision=None, key="", now=now)
    assert ("Page 1 of 3" in main_of(alice, f"{PAGE}?show=all"), "M4" in main_of(alice, f"{PAGE}?show=all&page=3")) == (
        True,
        True,
    )


def test_the_member_and_the_peer_see_nothing_of_it(
    app: Flask, hill: Hill, walk_id: int, pair_id: int, watch: Watch
) -> None:
    with app.app_context():
        before = ranks(walk_id)
    for person in (hill.member, hill.peers[0]):
        client = signed_in(app, person, watch.time)
        for path in (PAGE, f"{PAGE}/pairs/{pair_id}"):
            assert client.get(path).status_code == 403
        for path in (PAGE, f"{PAGE}/{proposal_id(app)}/publish", f"{PAGE}/pairs/{pair_id}/pin", f"{PAGE}/unmark"):
            assert client.post(path).status_code == 403
    with app.app_context():
        assert ranks(walk_id) == before


def test_a_stranger_is_asked_to_sign_in_and_a_made_up_pair_is_not_there(
    app: Flask, alice: FlaskClient, pair_id: int
) -> None:
    assert app.test_client().get(PAGE).status_code == 303
    assert alice.get(f"{PAGE}/pairs/999").status_code == 404
    for deed in ("drop", "pin", "forbid"):
        assert alice.post(f"{PAGE}/pairs/999/{deed}").status_code == 404
    assert alice.post(f"{PAGE}/999/publish").status_code == 404
    for deed in ("publish", "close"):
        assert alice.post(f"{PAGE}/999/{deed}", data={"pair_id": pair_id}).status_code == 404


def test_nothing_is_done_by_a_link(app: Flask, alice: FlaskClient, pair_id: int) -> None:
    for path in (
        f"{PAGE}/{proposal_id(app)}/publish",
        f"{PAGE}/{proposal_id(app)}/close",
        f"{PAGE}/pairs/{pair_id}/drop",
        f"{PAGE}/pairs/{pair_id}/pin",
        f"{PAGE}/pairs/{pair_id}/forbid",
        f"{PAGE}/unmark",
    ):
        assert alice.get(path).status_code == 405
    assert state_of(app, pair_id) is PairState.PENDING


def seen_by(app: Flask, person_id: int, watch: Watch) -> FlaskClient:
    return staff_browser(app, person_id, watch.time)


def test_what_is_kept_apart_is_not_counted_and_said_to_be(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, pair_id: int, now: datetime
) -> None:
    answer = alice.post(f"{PAGE}/pairs/{pair_id}/forbid")
    page = main_of(alice, answer.headers["Location"])
    assert "are not suggested to one another any more" in page
    assert "Publish" not in page
    assert "You keep these two apart." in main_of(alice, f"{PAGE}?show=settled")
    alice.post(f"{PAGE}/{proposal_id(app)}/publish", data={"pair_id": pair_id})
    assert "1 was not published. You keep these two apart." in main_of(alice)
    assert "Approve Ben" not in main_of(alice, f"/care/walks/{walk_id}")


def test_keeping_apart_is_taken_back_where_it_is_told(app: Flask, alice: FlaskClient, hill: Hill, pair_id: int) -> None:
    answer = alice.post(f"{PAGE}/pairs/{pair_id}/forbid")
    notice = alice.get(answer.headers["Location"]).text.partition('class="notice well"')[2].partition("</div>\n")[0]
    assert ("data-focus" in notice, f'action="{PAGE}/unmark"' in notice) == (True, True)
    alice.post(f"{PAGE}/unmark", data={"member_id": hill.member, "peer_id": marks(app)[0][1]})
    assert (marks(app), "any more" in main_of(alice, answer.headers["Location"])) == ([], False)


def test_what_the_walk_has_outrun_is_not_counted(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, pair_id: int, now: datetime
) -> None:
    assert "Publish 1" in main_of(alice)
    with app.app_context():
        matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    page = main_of(alice)
    assert ("Publish" in page, "To decide (0)" in page, "Settled (1)" in page) == (False, True, True)
    assert "Everything here is settled. What stands above is what was found then." in page


def test_what_somebody_else_published_meanwhile_is_told_by_name(
    app: Flask, alice: FlaskClient, hill: Hill, pair_id: int, now: datetime, watch: Watch
) -> None:
    with app.app_context():
        bob = add_person("Bob", now, Role.COORDINATOR)
    address = f"{PAGE}/{proposal_id(app)}/publish"
    seen_by(app, bob, watch).post(address, data={"all": 1})
    alice.post(address, data={"pair_id": pair_id})
    assert "1 was published by Bob a moment before you." in main_of(alice)
    alice.post(address, data={"all": 1})
    assert "There was nothing left to publish together." in main_of(alice)


def test_two_who_ask_at_once_are_told_whose_proposal_it_is(
    app: Flask,
    alice: FlaskClient,
    hill: Hill,
    walk_id: int,
    now: datetime,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(opening, "SMALL", 0)
    with app.app_context():
        bob = seen_by(app, add_person("Bob", now, Role.COORDINATOR), watch)
    alice.post(PAGE, data={"fairness": "closest", "revision": -1})
    assert "We have begun." in main_of(alice)
    bob.post(PAGE, data={"fairness": "nobody_out", "revision": -1})
    assert "Alice asked for a proposal at the same moment." in main_of(bob)


def test_a_run_that_is_done_is_said_to_be(app: Flask, alice: FlaskClient, walk_id: int) -> None:
    alice.post(PAGE, data={"fairness": "closest", "revision": -1})
    assert "The proposal is ready. Here is what was found." in main_of(alice)


def test_who_would_like_a_talk_is_seen_where_it_is_decided_and_left_for_a_look(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, pair_id: int, now: datetime
) -> None:
    with app.app_context():
        pair = queries.proposed_pair(pair_id)
        assert pair is not None
        wish_talk(pair.peer_id or 0, now=now)
    for path in (PAGE, f"{PAGE}/pairs/{pair_id}", f"/care/walks/{walk_id}"):
        assert "Would like a talk" in main_of(alice, path), path
    page = main_of(alice)
    assert ("1 is left for a look of its own" in page, "Publish 1" in page) == (True, False)
    alice.post(f"{PAGE}/{proposal_id(app)}/publish", data={"all": 1})
    assert state_of(app, pair_id) is PairState.PENDING
    alice.post(f"{PAGE}/{proposal_id(app)}/publish", data={"pair_id": pair_id})
    assert state_of(app, pair_id) is PairState.PUBLISHED


def test_the_pages_of_a_proposal_have_names_of_their_own_and_one_zone(
    alice: FlaskClient, walk_id: int, pair_id: int
) -> None:
    for path, title in (
        (PAGE, "Everyone together"),
        (f"{PAGE}/pairs/{pair_id}", "One pair"),
        ("/care/walks/1", "One walk"),
    ):
        page = alice.get(path).text
        assert (f"<title>{title} · Hillside</title>" in page, page.count("Days and hours here are in")) == (True, 1), (
            path
        )
    assert main_of(alice, f"{PAGE}/pairs/{pair_id}").count("oday") == 1
