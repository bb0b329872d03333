"""What a coordinator reads of one walk beside the first suggestion: a runner-up always, who was suggested before."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.db import transaction
from portal.domain.account import Role
from portal.domain.booking import Felt
from portal.domain.experience import Format
from portal.domain.matching.score import Part
from portal.models import PeerProfile
from portal.services import booking, experience, matching
from tests.booking_cast import TUESDAY_ELEVEN
from tests.matching_cast import Hill, add_asker, add_peer, asked, both_yes, chosen
from tests.services.outbox import add_person
from tests.web.account_steps import Watch
from tests.web.test_care import main_of, staff_browser

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


@pytest.fixture
def alice(app: Flask, hill: Hill, watch: Watch) -> FlaskClient:
    return staff_browser(app, hill.coordinator, watch.time)


def test_a_bar_stands_for_each_part_with_a_runner_up_and_what_would_change_it(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        chosen(hill, now)
    page = main_of(alice, "/care/walks/1")
    assert page.count('<figure class="bars">') == 3
    first = page.partition('<figure class="bars">')[2].partition("</figure>")[0]
    assert first.count('<rect class="bar"') == len(Part)
    assert ("Runner-up." in page, "Also possible." in page, "not on the member’s cards" in page) == (True, True, False)
    assert "by version 1 of the weights" in page


def test_a_runner_up_who_is_on_no_card_is_said_to_be(app: Flask, alice: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
        _rest(now, *hill.peers[1:])
        eve = add_peer(now, "Eve")
        matching.look_again(walk_id, hill.member, revision=1, key="", now=now)
        matching.rank(walk_id, hill.member, [hill.peers[0], eve], revision=2, key="", now=now)
        add_peer(now, "Fay")
    page = main_of(alice, f"/care/walks/{walk_id}")
    assert page.count("Fits, and is not on the member’s cards.") == 1
    assert "Fay" in page


def test_who_was_suggested_before_can_be_read_with_the_reasons_of_then(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
        _rest(now, *hill.peers)
        add_peer(now, "Eve")
        matching.make_shortlists(now=now + timedelta(minutes=1))
    page = main_of(alice, f"/care/walks/{walk_id}")
    assert ("Suggested before: 3" in page, "Ben Carter" in page) == (True, True)


def test_a_note_is_asked_for_once_and_not_after_it_was_written(
    app: Flask, hill: Hill, now: datetime, watch: Watch
) -> None:
    with app.app_context():
        asked(hill, now)
    watch.turn(hours=73)
    alice = staff_browser(app, hill.coordinator, watch.time)
    assert "I have written to Ana" in main_of(alice, "/care/walks/1")
    assert "A note would be kind (1)" in main_of(alice, "/care")
    alice.post("/care/walks/1/note", data={"request_key": "k1"})
    page = main_of(alice, "/care/walks/1")
    assert ("I have written to Ana" in page, "A few lines from you would be kind" in page) == (False, False)
    assert "A note would be kind (0)" in main_of(alice, "/care")


def _rest(now: datetime, *peer_ids: int) -> None:
    with transaction() as session:
        session.execute(update(PeerProfile).where(PeerProfile.person_id.in_(peer_ids)).values(resting_since=now))


def test_what_would_help_stands_only_where_too_few_fit_and_is_said_once(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime
) -> None:
    waits = "they hear the moment somebody comes"
    with app.app_context():
        _rest(now, *hill.peers[1:])
        walk_id = asked(hill, now)
        fin = matching.ask(add_asker(now, "Fin", formats=["coffee"], languages=["fi"]), key="", now=now)
        swedish = matching.ask(add_asker(now, "Swea", languages=["sv"]), key="", now=now)
    one = main_of(alice, f"/care/walks/{walk_id}")
    assert ("What could help" in one, waits in one) == (True, False)
    two = main_of(alice, f"/care/walks/{fin}")
    assert ("language and the way to meet together" in two, waits in two) == (True, True)
    assert "Few peers know what the member named" not in two
    said = main_of(alice, f"/care/walks/{swedish}")
    assert ("What holds most people back" in said, "Few peers speak the member’s language" in said) == (True, False)
    with app.app_context():
        matching.rank(walk_id, hill.member, hill.peers[:1], revision=None, key="", now=now)
    page = main_of(alice, f"/care/walks/{walk_id}")
    assert ("What could help" in page, "What holds most people back" in page) == (False, False)


def test_approving_from_an_old_page_leads_to_the_walk_as_it_stands(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = chosen(hill, now)
        matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    answer = alice.post(f"/care/walks/{walk_id}/approve", data={"peer_id": hill.peers[0], "revision": 2})
    assert answer.status_code == 409
    assert ("<h1>Ana</h1>" in answer.text, "This has moved on in the meantime." in answer.text) == (True, True)


def test_heavy_chats_are_seen_where_it_is_decided_by_whoever_looks_after_the_peer_alone(
    app: Flask, hill: Hill, now: datetime, watch: Watch
) -> None:
    ben = hill.peers[0]
    with app.app_context():
        experience.look_after(ben, hill.coordinator, seen=None, actor_id=hill.coordinator, now=now)
        ida = Hill(add_asker(now, "Ida"), hill.peers, hill.coordinator)
        other_walk, bob = both_yes(ida, now), add_person("Bob", now, Role.COORDINATOR)
        for starts_at in (TUESDAY_ELEVEN, TUESDAY_ELEVEN + timedelta(days=1)):
            chat_id = booking.book(other_walk, ida.member, starts_at, Format.PHONE, "", key="", now=watch.time)
            watch.time = starts_at + timedelta(hours=1)
            booking.settle_past(now=watch.time)
            experience.say_felt(chat_id, ben, Felt.HEAVY, now=watch.time)
        walk_id = chosen(hill, watch.time)
    said = "A kind word would be good"
    shown = [
        main_of(staff_browser(app, each, watch.time), f"/care/walks/{walk_id}") for each in (hill.coordinator, bob)
    ]
    assert [page.count(said) for page in shown] == [1, 0]


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/care/walks/1/hold", "/care/walks/1"),
        ("/care/proposal/1/publish", "/care/proposal"),
        ("/care/weights/preview", "/care/weights"),
    ],
)
def test_the_address_of_a_form_leads_to_the_page_it_stands_on(
    app: Flask, alice: FlaskClient, hill: Hill, now: datetime, address: str, page: str
) -> None:
    with app.app_context():
        chosen(hill, now)
    answer = alice.get(address)
    assert (answer.status_code, f'href="{page}"' in answer.text.partition("<main")[2]) == (405, True)
    assert "The link may be old" not in answer.text


def test_a_promise_names_its_zone(alice: FlaskClient) -> None:
    assert main_of(alice, "/care/promises").count("Days and hours here are in") == 1
