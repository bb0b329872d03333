"""The coordinator's pages: who waits, one walk in full, the peers; with the second step done and for nobody else."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.account import PeerState, Purpose
from portal.domain.matching.walk import State, Step
from portal.models import AuditEntry, PeerProfile, Suggestion
from portal.queries import account
from portal.services import matching
from portal.services.account import SafeAnswers, begin_sign_in, give_consents, set_safe_contact, withdraw_consent
from tests.booking_cast import signed_in
from tests.matching_cast import (
    LONELINESS,
    NEVER_TOLD,
    STORY,
    Hill,
    add_asker,
    add_peer,
    both_yes,
    chosen,
    ranks,
    set_walk,
    walk_row,
)
from tests.web.account_steps import Watch

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


@pytest.fixture
def alice(app: Flask, hill: Hill, watch: Watch) -> FlaskClient:
    """Alice's browser, the second step done."""
    return staff_browser(app, hill.coordinator, watch.time)


def staff_browser(app: Flask, person_id: int, now: datetime) -> FlaskClient:
    with app.app_context():
        give_consents(person_id, list(Purpose), now=now)
        token = begin_sign_in(person_id, now=now, second_factor=True)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


@pytest.fixture
def walk_id(app: Flask, hill: Hill, now: datetime) -> int:
    """Ana has chosen Ben, Cleo, Dov."""
    with app.app_context():
        return chosen(hill, now)


def main_of(client: FlaskClient, path: str) -> str:
    return client.get(path).text.partition("<main")[2].partition("</main")[0]


def step(app: Flask, walk_id: int, **fields: object) -> dict[str, object]:
    with app.app_context():
        return {"revision": walk_row(walk_id).revision, "request_key": "k1", **fields}


def state_of(app: Flask, walk_id: int) -> State:
    with app.app_context():
        return walk_row(walk_id).state


def reads(app: Flask) -> list[tuple[str, int]]:
    with app.app_context():
        rows = read().execute(select(AuditEntry.subject, AuditEntry.subject_id).where(AuditEntry.verb == "read"))
        return [(subject, subject_id) for subject, subject_id in rows]


def test_the_board_says_who_waits_how_long_and_for_whom(alice: FlaskClient, walk_id: int, watch: Watch) -> None:
    watch.turn(minutes=20)
    page = main_of(alice, "/care")
    assert ("Ana" in page, "Ben" in page, "just now" in page, "Approve" in page) == (True, True, True, True)
    assert "The same hill" in page


def test_approving_is_one_tap_and_a_second_tap_does_nothing(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int
) -> None:
    fields = step(app, walk_id, peer_id=hill.peers[0])
    for _tap in range(2):
        answer = alice.post(f"/care/walks/{walk_id}/approve", data=fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/care")
    assert state_of(app, walk_id) is State.INVITED
    page = alice.get("/care").text
    assert ("Approved. The peer has two days to answer." in page, "No letter goes" in page) == (True, False)


@pytest.mark.parametrize("why", ["e-mail is not safe", "no letters"])
def test_whoever_may_not_be_written_to_is_said_to_need_another_way(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, watch: Watch, why: str
) -> None:
    with app.app_context():
        if why == "no letters":
            give_consents(hill.member, [Purpose.LETTERS], now=watch.time)
            withdraw_consent(hill.member, Purpose.LETTERS, now=watch.time)
        else:
            set_safe_contact(hill.member, SafeAnswers(may_email=False), now=watch.time)
    another_way = "No letter goes to the member: reach them in the way they said is safe."
    alice.post(f"/care/walks/{walk_id}/hold", data=step(app, walk_id, **{"hold-reason": "Ben is away."}))
    assert f"Held. The member can read why. {another_way}" in alice.get("/care").text
    alice.post(f"/care/walks/{walk_id}/release", data=step(app, walk_id, request_key="k2"))
    alice.post(f"/care/walks/{walk_id}/approve", data=step(app, walk_id, request_key="k3"))
    assert f"Approved. The peer has two days to answer. {another_way}" in alice.get("/care").text


def test_words_that_may_hurt_are_pointed_out_once_and_may_be_sent_all_the_same(
    app: Flask, alice: FlaskClient, walk_id: int
) -> None:
    path, words = f"/care/walks/{walk_id}/hold", "Ben missed his own chat."
    assert "The member reads this as it stands." in main_of(alice, f"/care/walks/{walk_id}")
    soft = alice.post(path, data=step(app, walk_id, **{"hold-reason": words}))
    assert (soft.status_code, "Some words may read hard (“missed”: say “couldn’t make it”)" in soft.text) == (422, True)
    assert (f"{words}</textarea>" in soft.text, state_of(app, walk_id)) == (True, State.CHOSEN)
    hidden = re.search(r'name="hold-read_again"[^>]* value="([^"]+)"', soft.text)
    assert hidden is not None
    again = {"hold-reason": words, "hold-read_again": hidden[1]}
    assert alice.post(path, data=step(app, walk_id, **again)).status_code == 303
    assert state_of(app, walk_id) is State.HELD


def test_what_holds_people_back_is_said_about_the_member(app: Flask, alice: FlaskClient, now: datetime) -> None:
    with app.app_context():
        add_peer(now, "Eve", topics=["debt"])
        lu = add_asker(now, "Lu", topics=["debt"], formats=["coffee"])
        walk_id = matching.ask(lu, key="", now=now)
    page = main_of(alice, f"/care/walks/{walk_id}")
    said = page.partition("What holds most people back")[2].partition("</p>")[0]
    assert ("the member" in said, " you" in said) == (True, False)


def test_a_board_that_is_out_of_date_is_told_and_nothing_is_lost(app: Flask, alice: FlaskClient, walk_id: int) -> None:
    answer = alice.post(f"/care/walks/{walk_id}/approve", data={"revision": 0})
    assert answer.status_code == 409
    assert "here is how it stands now" in answer.text
    assert state_of(app, walk_id) is State.CHOSEN


def test_a_peer_without_room_is_told_in_words(app: Flask, alice: FlaskClient, hill: Hill, walk_id: int) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).capacity_halves = 0
    answer = alice.post(f"/care/walks/{walk_id}/approve", data=step(app, walk_id))
    assert answer.status_code == 409
    assert "has no room just now" in answer.text


def test_the_board_is_filtered_and_sorted_by_links(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, watch: Watch
) -> None:
    assert main_of(alice, "/care?show=risk").count("<tr>") == 0
    watch.turn(days=3, hours=1)
    late = staff_browser(app, hill.coordinator, watch.time)
    assert "A few lines from you would be kind" in main_of(late, "/care?show=note")
    for sort in ("name", "waiting", "state", "nonsense"):
        assert late.get(f"/care?show=all&sort={sort}").status_code == 200, sort
    assert 'aria-sort="ascending"' in main_of(late, "/care?show=all&sort=name")


def test_whoever_has_gone_quiet_stands_on_the_board_without_blame(
    app: Flask, hill: Hill, walk_id: int, watch: Watch
) -> None:
    signed_in(app, hill.member, watch.time)
    watch.turn(days=15)
    page = main_of(staff_browser(app, hill.coordinator, watch.time), "/care")
    assert "Nobody is at fault." in page
    assert "last here on Monday 2 March" in page


def test_silent_letters_and_lines_to_check_are_said(app: Flask, alice: FlaskClient) -> None:
    page = main_of(alice, "/care")
    assert "Letters are standing still" in page
    unchecked = [line for line in app.config["CRISIS_COUNTRY"].lines if line.verified_on is None]
    assert f"{len(unchecked)} help lines should be checked by a person" in page
    home = app.config["CRISIS_COUNTRY"]
    checked = [replace(line, verified_on=date(2026, 3, 1), review_by=date(2027, 3, 1)) for line in home.lines]
    app.config["CRISIS_COUNTRY"] = replace(home, lines=tuple(checked))
    assert "should be checked by a person" not in main_of(alice, "/care")


def test_a_walk_shows_why_and_why_not_with_bars_and_words(alice: FlaskClient, walk_id: int) -> None:
    page = main_of(alice, f"/care/walks/{walk_id}")
    assert page.count("Why these two") >= 3
    assert ("Runner-up." in page, "Less of the same hill." in page, "What would bring them closer" in page) == (
        True,
        True,
        True,
    )
    assert "Chose, in an order" in page


def test_what_is_tender_opens_only_on_a_tap_that_is_written_down(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int
) -> None:
    closed = main_of(alice, f"/care/walks/{walk_id}")
    assert ("Loneliness" in closed, "Alcohol" in closed, NEVER_TOLD in closed) == (True, False, False)
    assert reads(app) == []
    opened = alice.post(f"/care/walks/{walk_id}/look").text
    assert ("Alcohol" in opened, NEVER_TOLD in opened) == (True, True)
    assert reads(app) == [("member_profile", hill.member)]


@pytest.mark.parametrize(
    ("answer", "words", "seen"),
    [
        (Step.UNSURE, "", True),
        (Step.SOMEONE_ELSE, "", True),
        (Step.KEEP_GOING, "He spoke a lot of zebras.", True),
        (Step.KEEP_GOING, "", False),
    ],
)
def test_what_was_told_after_a_chat_reaches_a_coordinator_once_it_is_opened(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime, answer: Step, words: str, seen: bool
) -> None:
    with app.app_context():
        walk_id = both_yes(hill, now)
        set_walk(walk_id, state=State.REFLECTION)
        matching.reflect(walk_id, hill.peers[0], answer, words, key="", now=now)
    path, note = f"/care/walks/{walk_id}", "Somebody wrote to you after a chat"
    board = main_of(alice, "/care?show=all")
    assert (note in board, f'href="{path}">Ben Carter' in board) == (seen, seen)
    closed = main_of(alice, path)
    assert ("zebras" in closed, "Open them" in closed) == (False, True)
    opened = alice.post(f"{path}/look").text
    assert ("Told after a chat" in opened, words in opened) == (True, True)
    assert note not in main_of(alice, "/care?show=all")
    with app.app_context():
        assert [one.subject for one in account.looked_at(hill.peers[0])] == ["reflection"]
        assert [one.subject for one in account.looked_at(hill.member)] == ["member_profile"]


def test_a_hold_needs_words_for_the_member_and_keeps_what_was_typed(
    app: Flask, alice: FlaskClient, walk_id: int
) -> None:
    path = f"/care/walks/{walk_id}/hold"
    assert alice.post(path, data=step(app, walk_id)).status_code == 422
    long = "word " * 101
    answer = alice.post(path, data=step(app, walk_id, **{"hold-reason": long}))
    assert (answer.status_code, long.strip() in answer.text) == (422, True)
    stale = alice.post(path, data={"revision": 0, "hold-reason": "Ben is away."})
    assert (stale.status_code, "Ben is away.</textarea>" in stale.text) == (409, True)
    done = alice.post(path, data=step(app, walk_id, **{"hold-reason": "Ben is away."}))
    assert done.headers["Location"] == f"/care/walks/{walk_id}"
    assert state_of(app, walk_id) is State.HELD
    assert "Ben is away." in main_of(alice, f"/care/walks/{walk_id}")


def test_a_held_walk_is_taken_up_again(app: Flask, alice: FlaskClient, walk_id: int) -> None:
    alice.post(f"/care/walks/{walk_id}/hold", data=step(app, walk_id, **{"hold-reason": "Ben is away."}))
    answer = alice.post(f"/care/walks/{walk_id}/release", data=step(app, walk_id, request_key="k2"))
    assert answer.headers["Location"] == f"/care/walks/{walk_id}"
    assert state_of(app, walk_id) is State.CHOSEN


def test_a_swap_offers_somebody_else_with_a_reason(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, now: datetime
) -> None:
    with app.app_context():
        eve = add_peer(now, "Eve")
    path = f"/care/walks/{walk_id}/swap"
    assert alice.post(path, data=step(app, walk_id, **{"swap-to_peer": eve})).status_code == 422
    assert alice.post(path, data=step(app, walk_id, **{"swap-to_peer": 999, "swap-reason": "x"})).status_code == 422
    done = alice.post(path, data=step(app, walk_id, **{"swap-to_peer": eve, "swap-reason": "Eve has more time."}))
    assert done.status_code == 303
    with app.app_context():
        assert eve in dict(ranks(walk_id))
        assert hill.peers[0] not in dict(ranks(walk_id))
    assert state_of(app, walk_id) is State.SHORTLISTED


def test_peers_are_shown_with_their_room(alice: FlaskClient, walk_id: int) -> None:
    page = main_of(alice, "/care/peers")
    assert ("Ben Carter" in page, "May be asked" in page, "0\u00a0of\u00a03" in page) == (True, True, True)


def test_an_offer_is_read_written_down_and_welcomed(app: Flask, alice: FlaskClient, now: datetime) -> None:
    with app.app_context():
        eve = add_peer(now, "Eve")
        with transaction() as session:
            profile = session.get_one(PeerProfile, eve)
            profile.state, profile.approved_at, profile.applied_at = PeerState.APPLIED, None, now - timedelta(days=1)
    assert "Offered on Sunday 1 March" in main_of(alice, "/care/peers")
    page = main_of(alice, f"/care/peers/{eve}")
    assert (STORY in page, "Welcome Eve as a peer" in page) == (True, True)
    assert [subject_id for _, subject_id in reads(app)] == [eve]
    assert alice.post(f"/care/peers/{eve}/approve", data={"request_key": "k1"}).headers["Location"] == "/care/peers"
    with app.app_context():
        assert read().get_one(PeerProfile, eve).state is PeerState.APPROVED


def test_what_does_not_exist_is_not_found(alice: FlaskClient, hill: Hill) -> None:
    assert [alice.get("/care/walks/99").status_code, alice.get(f"/care/peers/{hill.member}").status_code] == [404, 404]
    for verb in ("approve", "look", "hold", "release", "swap"):
        assert alice.post(f"/care/walks/99/{verb}").status_code == 404, verb
    assert alice.post("/care/peers/99/approve").status_code == 404


def test_the_pages_are_for_coordinators_only(app: Flask, hill: Hill, walk_id: int, now: datetime) -> None:
    paths = ("/care", f"/care/walks/{walk_id}", "/care/peers", f"/care/peers/{hill.peers[0]}")
    for person_id in (hill.member, hill.peers[0]):
        client = signed_in(app, person_id, now)
        assert [client.get(path).status_code for path in paths] == [403] * 4
        for verb in ("approve", "look", "hold", "release", "swap"):
            assert client.post(f"/care/walks/{walk_id}/{verb}").status_code == 403, verb
        assert client.post(f"/care/peers/{hill.peers[0]}/approve").status_code == 403


def test_without_the_second_step_a_coordinator_waits_outside(app: Flask, hill: Hill, now: datetime) -> None:
    assert signed_in(app, hill.coordinator, now).get("/care").headers["Location"] == "/second-step"


def test_get_never_acts(alice: FlaskClient, hill: Hill, walk_id: int) -> None:
    for verb in ("approve", "look", "hold", "release", "swap"):
        assert alice.get(f"/care/walks/{walk_id}/{verb}").status_code == 405, verb
    assert alice.get(f"/care/peers/{hill.peers[0]}/approve").status_code == 405


def test_whoever_fits_nobody_yet_waits_in_words(app: Flask, alice: FlaskClient, now: datetime) -> None:
    assert "Nobody here" in main_of(alice, "/care")
    with app.app_context():
        lu = add_asker(now, "Lu", topics=[LONELINESS], languages=["fi"])
        walk_id = matching.ask(lu, key="", now=now)
    assert "Nobody fits yet" in main_of(alice, "/care")
    assert "Nobody is suggested at the moment." in main_of(alice, f"/care/walks/{walk_id}")


def test_approving_whoever_has_offered_says_that_both_know_each_other_now(
    app: Flask, alice: FlaskClient, hill: Hill, walk_id: int, watch: Watch
) -> None:
    with app.app_context(), transaction() as session:
        row = session.scalar(select(Suggestion).where(Suggestion.walk_id == walk_id, Suggestion.rank == 1))
        assert row is not None
        row.offered_at = watch.time
    alice.post(f"/care/walks/{walk_id}/approve", data=step(app, walk_id))
    assert state_of(app, walk_id) is State.BOTH_YES
    page = alice.get("/care").text
    assert ("both know each other’s names now" in page, "two days to answer" in page) == (True, False)
