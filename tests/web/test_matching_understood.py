"""What the portal went by, a way to correct it, and looking again, at the doors."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.models import MemberProfile
from portal.queries import matching as queries
from portal.services import matching
from tests.booking_cast import signed_in
from tests.matching_cast import Hill, add_asker, add_peer, asked, chosen, invited, steps_of

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


def body(client: FlaskClient, address: str) -> str:
    return client.get(address).text.partition("<main")[2]


def tell(app: Flask, hill: Hill, at: datetime, **about: object) -> None:
    with app.app_context(), transaction() as session:
        profile = session.get_one(MemberProfile, hill.member)
        profile.about, profile.updated_at = {**profile.about, **about}, at


def test_each_card_leads_to_what_it_was_made_from(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        asked(hill, now)
    assert body(ana, "/match").count("Something here is not right?") == 3
    page = body(ana, "/match/understood")
    assert ("What we went by" in page, "Gentle" in page, "English" in page, "Look again with this" in page) == (
        True,
        True,
        True,
        True,
    )
    assert page.count(">Change<span") == 6
    assert "I have not told my sister." not in page


def test_a_change_is_seen_on_the_cards_and_looking_again_takes_it_in(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    assert "You have changed what you told" not in body(ana, "/match")
    tell(app, hill, now + timedelta(seconds=0.5), styles=["listen"])
    assert "You have changed what you told" in body(ana, "/match")
    data = {"revision": 1, "request_key": "k1"}
    for _tap in range(2):
        assert ana.post(f"/match/{walk_id}/look-again", data=data).headers["Location"] == "/match"
    assert "We have looked again: the same people fit." in ana.get("/match").text
    with app.app_context():
        assert steps_of(walk_id) == ["shortlist", "shortlist"]


def test_where_nobody_fits_the_cards_stay_and_it_is_said(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    tell(app, hill, now, languages=["so"])
    ana.post(f"/match/{walk_id}/look-again", data={"revision": 1})
    page = ana.get("/match").text
    assert ("the people from before stay on your cards" in page, page.count("Start with ")) == (True, 3)


def test_an_old_page_and_a_choice_made_are_told(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = chosen(hill, now)
    assert ana.post(f"/match/{walk_id}/look-again", data={"revision": 1}).status_code == 303
    assert "here is how it stands now" in ana.get("/match").text
    assert "Look again with this" not in body(ana, "/match/understood")


def test_it_is_the_members_own(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    ben = signed_in(app, hill.peers[0], now)
    assert ben.get("/match/understood").status_code == 403
    assert ben.post(f"/match/{walk_id}/look-again").status_code == 403
    assert ana.post("/match/999/look-again").status_code == 404
    assert ana.get(f"/match/{walk_id}/look-again").status_code == 405


def test_whoever_has_few_people_reads_what_could_help_and_where_to_change_it(app: Flask, now: datetime) -> None:
    with app.app_context():
        add_peer(now, "Ben")
        lu = add_asker(now, "Lu", topics=["debt"])
    client = signed_in(app, lu, now)
    client.post("/match/ask", data={"request_key": "k"})
    page = body(client, "/match")
    assert "Few people here know what you named." in page
    assert 'href="/experience/2">Look at my topics</a>' in page
    assert "we write to you the moment somebody comes." in page


def test_a_coordinator_reads_the_same_about_the_member(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        hers = asked(hill, now)
        peer_of_none = add_asker(now, "Lu", topics=["debt"])
    signed_in(app, peer_of_none, now).post("/match/ask", data={"request_key": "k"})
    with app.app_context():
        few = queries.choice(queries.open_walk_of(peer_of_none) or 0, now)
        many = queries.choice(hers, now)
    assert few is not None
    assert many is not None
    assert [way.hard for way in few.ways] == ["rare_topic", "nobody_yet"]
    assert many.ways == ()


def test_the_peer_reads_why_they_were_asked_without_a_name(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = invited(hill, now)
    page = body(signed_in(app, hill.peers[0], now), f"/asked/{walk_id}")
    assert "You have walked through loneliness, and are further along." in page
    assert ("Ana" in page, "Alcohol" in page) == (False, False)
    assert "They read your lines and chose you." in page


def test_whoever_was_chosen_by_a_coordinator_reads_that(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
        matching.choose_with_me(walk_id, hill.member, revision=None, key="", now=now)
        matching.approve(walk_id, hill.coordinator, hill.peers[1], revision=None, key="", now=now)
    page = body(signed_in(app, hill.peers[1], now), f"/asked/{walk_id}")
    assert "They left the choice to a coordinator, who thought of you." in page
