"""A member's pages: asking, cards, choosing, how it stands, stopping; never anybody else's."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.db import transaction
from portal.domain.account import Purpose, Role
from portal.models import Suggestion
from portal.queries import matching as matching_queries
from portal.services import matching as matching_services
from portal.services.account import withdraw_consent
from tests.booking_cast import signed_in
from tests.matching_cast import (
    STORY,
    Hill,
    add_asker,
    add_peer,
    asked,
    both_yes,
    chosen,
    invited,
    ranks,
    steps_of,
)
from tests.services.outbox import add_person
from tests.web.account_steps import Watch

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


def revision_of(app: Flask, hill: Hill, walk_id: int) -> int:
    with app.app_context():
        walk = matching_queries.walk_for(hill.member, walk_id)
        assert walk is not None
        return walk.revision


def test_asking_leads_to_three_people_in_their_own_words(ana: FlaskClient) -> None:
    answer = ana.post("/match/ask", data={"request_key": "k1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/match")
    page = ana.get("/match").text
    assert page.count(STORY) == 3
    assert page.count("Start with ") == 3
    assert "If they cannot just now, you choose again." in page
    assert "<title>Your walk ·" in page


def test_no_surname_and_no_way_to_reach_anybody_stands_on_a_card(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        asked(hill, now)
    page = ana.get("/match").text
    assert ("Start with Ben" in page, "Carter" in page, "@example.org" in page) == (True, False, False)


def test_a_tender_topic_is_never_named_on_a_card(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        asked(hill, now)
    assert "Alcohol" not in ana.get("/match").text.partition("<main")[2]


def test_one_tap_chooses_one_person(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    seen = revision_of(app, hill, walk_id)
    answer = ana.post(f"/match/{walk_id}/rank", data={"first": hill.peers[1], "revision": seen})
    assert answer.status_code == 303
    with app.app_context():
        assert sorted(peer for peer, rank in ranks(walk_id) if rank) == [hill.peers[1]]
    page = ana.get("/match").text
    assert (page.count("Thank you for choosing"), "Kept. Nobody has been asked yet." in page) == (1, True)


def test_an_order_of_three_is_kept(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    ben, cleo, dov = hill.peers
    order = {"first": dov, "second": ben, "third": cleo, "revision": revision_of(app, hill, walk_id)}
    assert ana.post(f"/match/{walk_id}/rank", data=order).status_code == 303
    with app.app_context():
        assert dict(ranks(walk_id)) == {dov: 1, ben: 2, cleo: 3}


def test_one_person_in_two_places_is_told_beside_the_field(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    twice = {"first": hill.peers[0], "second": hill.peers[0], "revision": revision_of(app, hill, walk_id)}
    answer = ana.post(f"/match/{walk_id}/rank", data=twice)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert f'<option selected value="{hill.peers[0]}"' in answer.text


def test_a_choice_from_an_old_page_changes_nothing_and_is_told(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = chosen(hill, now)
    answer = ana.post(f"/match/{walk_id}/rank", data={"first": hill.peers[2], "revision": 0})
    assert answer.status_code == 409
    assert "here is how it stands now" in answer.text
    with app.app_context():
        assert dict(ranks(walk_id)) == dict(zip(hill.peers, (1, 2, 3), strict=True))


def test_a_card_that_is_gone_by_now_is_told_as_moved_on(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
        old = revision_of(app, hill, walk_id)
        matching_services.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)
    for seen in (old, old + 1):
        answer = ana.post(f"/match/{walk_id}/rank", data={"first": hill.peers[2], "revision": seen})
        assert (answer.status_code, "here is how it stands now" in answer.text) == (409, True)
        assert ("#first" in answer.text, "Not a valid choice" in answer.text) == (False, False)


def test_choosing_together_is_one_tap(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    data = {"revision": revision_of(app, hill, walk_id)}
    assert ana.post(f"/match/{walk_id}/choose-with-me", data=data).status_code == 303
    assert "You asked a coordinator to choose with you." in ana.get("/match").text
    assert ana.post(f"/match/{walk_id}/choose-with-me", data=data).status_code == 409


def test_a_choice_can_be_taken_back_while_nobody_is_asked(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = chosen(hill, now)
    assert "Choose again" in ana.get("/match").text
    data = {"revision": revision_of(app, hill, walk_id), "request_key": "k1"}
    for _tap in range(2):
        assert ana.post(f"/match/{walk_id}/choose-again", data=data).headers["Location"] == "/match"
    page = ana.get("/match").text
    assert ("You can choose again." in page, page.count("Start with ")) == (True, 3)
    assert ana.post(f"/match/{walk_id}/choose-again", data=data | {"request_key": "k2"}).status_code == 409


def test_without_a_yes_to_being_matched_it_is_asked_for_and_leads_back(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        withdraw_consent(hill.member, Purpose.MATCHING, now=now)
    sent = ana.post("/match/ask").headers["Location"]
    assert sent == "/account/consents?back=/match"
    page = ana.get(sent).text
    assert "One more thing: may we use what you told to find somebody for you?" in page
    assert ('href="/match"' in page, 'name="back" value="/match"' in page) == (True, True)
    assert ana.post("/account/consents/matching/give", data={"back": "/match"}).headers["Location"] == "/match"
    assert (
        ana.post("/account/consents/letters/give", data={"back": "//x.example"})
        .headers["Location"]
        .endswith("/account/consents")
    )


def test_who_waits_longer_than_we_said_reads_so_and_only_then_why(app: Flask, now: datetime, watch: Watch) -> None:
    with app.app_context():
        add_peer(now, "Ben")
        lu = add_asker(now, "Lu", formats=["coffee"])
        matching_services.ask(lu, key="", now=now)
    early = signed_in(app, lu, now).get("/match").text
    why = "Nobody can meet you in person just now."
    assert ("within a day" in early, why in early) == (True, False)
    assert "Your place is kept, and we write to you the moment somebody comes." in early
    watch.turn(hours=25)
    for path in ("/match", "/"):
        page = signed_in(app, lu, watch.time).get(path).text
        assert ("It takes longer than we said." in page, "within a day" in page) == (True, False), path
    assert why in signed_in(app, lu, watch.time).get("/match").text


def test_one_person_who_is_left_is_not_told_as_several(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
        with transaction() as session:
            session.execute(
                update(Suggestion)
                .where(Suggestion.walk_id == walk_id, Suggestion.peer_id != hill.peers[0])
                .values(closed_at=now)
            )
    for path in ("/match", "/"):
        page = ana.get(path).text
        assert ("There is somebody you could walk with." in page, "There are people" in page) == (True, False), path
        assert ("Somebody you could walk with" in page, "People you could walk with" in page) == (True, False), path


def test_a_hold_and_its_reason_are_read_on_the_page(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = chosen(hill, now)
        matching_services.hold(walk_id, hill.coordinator, "Ben is away.", revision=None, key="", now=now)
    page = ana.get("/match").text
    assert page.count("Ben is away.") == 1
    with app.app_context():
        matching_services.release(walk_id, hill.coordinator, "", revision=None, key="", now=now)
    assert "What coordinators wrote to you" in ana.get("/match").text


def test_whoever_was_asked_has_a_day_by_which_one_hears(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        invited(hill, now)
    assert "You hear from us by Wednesday 4 March" in ana.get("/match").text


def test_who_is_asked_is_named_and_the_member_may_rather_meet_someone_else(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = invited(hill, now)
    page = ana.get("/match").text
    assert ("Ben has been asked" in page, "Carter" in page, "Your order" in page) == (True, False, True)
    assert ("A coordinator chose with you." in page, "I would rather meet someone else" in page) == (False, True)
    leaving = ana.get(f"/walk/{walk_id}/someone-else").text
    assert ("The question is taken back" in leaving, "chats" in leaving) == (True, False)
    data = {"revision": revision_of(app, hill, walk_id)}
    assert ana.post(f"/walk/{walk_id}/someone-else", data=data).headers["Location"] == "/match"
    assert "Start with Ben" not in ana.get("/match").text


def test_whom_a_coordinator_chose_is_told_as_that_and_never_as_an_order(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    choosing = ana.get("/match").text
    assert ("and asks one of them" in choosing, "no to anybody" in choosing) == (True, False)
    ana.post(f"/match/{walk_id}/choose-with-me", data={"revision": revision_of(app, hill, walk_id)})
    with app.app_context():
        matching_services.approve(walk_id, hill.coordinator, hill.peers[1], revision=None, key="", now=now)
    page = ana.get("/match").text
    assert ("Cleo has been asked" in page, "A coordinator chose with you." in page) == (True, True)
    assert ("Your order" in page, "I would rather meet someone else" in page) == (False, True)


def test_home_and_the_page_of_the_walk_call_each_place_the_same(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
        matching_services.choose_with_me(walk_id, hill.member, revision=None, key="", now=now)
    for path in ("/", "/match"):
        assert "A coordinator chooses with you" in ana.get(path).text, path
    with app.app_context():
        matching_services.choose_again(walk_id, hill.member, revision=None, key="", now=now)
        matching_services.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)
    for path in ("/", "/match"):
        page = ana.get(path).text
        assert ("We have asked who offers" in page, "We are looking" in page) == (True, False), path


def test_one_who_was_chosen_alone_is_no_order(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        chosen(hill, now, [hill.peers[2]])
    page = ana.get("/match").text
    assert ("Your order" in page, "You chose Dov." in page) == (False, True)


def test_after_both_yeses_the_cards_lead_to_the_two(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = both_yes(hill, now)
    assert ana.get("/match").headers["Location"] == f"/walk/{walk_id}"


def test_stopping_asks_once_and_can_be_begun_again(app: Flask, ana: FlaskClient, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    assert ana.get(f"/match/{walk_id}/stop").status_code == 200
    data = {"revision": revision_of(app, hill, walk_id)}
    assert ana.post(f"/match/{walk_id}/stop", data=data).headers["Location"] == "/"
    with app.app_context():
        assert steps_of(walk_id)[-1] == "stop"
    assert "Shall we look for somebody?" in ana.get("/match").text


def test_a_walk_of_somebody_else_is_not_there(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
        sam = add_person("Sam", now, Role.MEMBER)
    stranger = signed_in(app, sam, now)
    assert stranger.get(f"/match/{walk_id}/stop").status_code == 404
    for step in ("rank", "choose-with-me", "stop"):
        assert stranger.post(f"/match/{walk_id}/{step}", data={"first": hill.peers[0]}).status_code == 404, step


def test_a_coordinator_who_is_a_member_too_stops_nobody_elses_walk_by_the_members_door(
    app: Flask, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = both_yes(hill, now)
        cora = add_person("Cora", now, Role.MEMBER, Role.COORDINATOR)
    half_way = signed_in(app, cora, now)
    assert half_way.get("/care").headers["Location"] == "/second-step"
    data = {"revision": revision_of(app, hill, walk_id)}
    assert half_way.post(f"/match/{walk_id}/stop", data=data).status_code == 404
    assert half_way.post(f"/walk/{walk_id}/someone-else", data=data).status_code == 404
    assert revision_of(app, hill, walk_id) == data["revision"]


def test_the_pages_are_for_members_only_and_get_never_acts(
    app: Flask, ana: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = asked(hill, now)
    ben = signed_in(app, hill.peers[0], now)
    assert [ben.get("/match").status_code, ben.post("/match/ask").status_code] == [403, 403]
    assert ben.post(f"/match/{walk_id}/rank").status_code == 403
    assert ana.get("/match/ask").status_code == 405
    seen = revision_of(app, hill, walk_id)
    for path in ("rank", "choose-with-me", "choose-again"):
        back = ana.get(f"/match/{walk_id}/{path}")
        assert (back.status_code, back.headers["Location"]) == (303, "/match"), path
        assert ana.get(f"/match/999/{path}").status_code == 404, path
    assert revision_of(app, hill, walk_id) == seen


def test_a_peer_who_was_asked_reads_from_an_old_link_that_it_has_moved_on(
    app: Flask, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = invited(hill, now)
        matching_services.not_now(walk_id, hill.peers[0], revision=None, key="", now=now)
    ben = signed_in(app, hill.peers[0], now)
    back = ben.get(f"/asked/{walk_id}")
    assert (back.status_code, back.headers["Location"]) == (303, "/asked")
    assert "This has moved on in the meantime." in ben.get("/asked").text
    assert signed_in(app, hill.peers[2], now).get(f"/asked/{walk_id}").status_code == 404


def test_where_nobody_could_be_asked_there_is_no_button_that_leads_round(app: Flask, now: datetime) -> None:
    with app.app_context():
        lu = add_asker(now, "Lu", topics=["debt"])
        matching_services.ask(lu, key="", now=now)
    client = signed_in(app, lu, now)
    page = client.get("/match").text
    assert ("sk who offers" in page, "we look again by ourselves, each minute" in page.lower()) == (False, True)
    assert "We look again with this by ourselves, each minute." in client.get("/match/understood").text


def test_who_waits_longer_than_we_said_can_tell_a_coordinator_more(app: Flask, now: datetime, watch: Watch) -> None:
    with app.app_context():
        lu = add_asker(now, "Lu", topics=["debt"])
        matching_services.ask(lu, key="", now=now)
    words = "Write a few lines to your coordinator"
    assert words not in signed_in(app, lu, now).get("/match").text
    watch.turn(hours=25)
    assert words in signed_in(app, lu, watch.time).get("/match").text


def test_nobody_sees_the_pages_without_signing_in(app: Flask) -> None:
    assert app.test_client().get("/match").headers["Location"].startswith("/sign-in")
