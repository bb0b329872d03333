"""A peer's pages: telling, applying, and afterwards room, rest and readiness in one tap; and who may come in at all."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import PeerState, Role
from portal.domain.experience import Readiness
from portal.domain.notice import Kind
from portal.queries import care
from portal.queries import experience as queries
from portal.queries.experience import PeerTold
from portal.services import experience as services
from portal.web.experience.peer import STEPS, WAY
from tests.services.outbox import one
from tests.web.account_steps import Watch, add, come_in
from tests.web.account_steps import send as send_any
from tests.web.test_experience.part import send, ticked

WREN = "wren@example.org"
OFFER = "/experience/peer"
ACTS = ("apply", "rest", "back", "ready", "fewer", "put-back")
OWN_ACTS = ("/experience/felt/1", "/experience/fine", "/experience/talk", "/experience/talk/back")
READINESS = "/experience/readiness"


@pytest.fixture
def wren(app: Flask, client: FlaskClient, watch: Watch) -> int:
    """Wren, who would like to be a peer, signed in on `client`; a member too, so that the same token serves."""
    person_id = add(app, WREN, Role.PEER, Role.MEMBER, now=watch.time, name="Wren")
    come_in(app, client, WREN)
    return person_id


@pytest.fixture
def approved(app: Flask, wren: int, watch: Watch) -> int:
    """Wren, approved."""
    coordinator_id = add(app, "alice@example.org", Role.COORDINATOR, now=watch.time)
    with app.app_context():
        services.choose_topics(wren, Role.PEER, [queries.topic_ids()["debt"]], step=14, now=watch.time)
        services.agree(wren, agreed=True, step=14, now=watch.time)
        services.apply_as_peer(wren, now=watch.time)
        services.approve_peer(wren, coordinator_id, key="", now=watch.time)
    return wren


def page(name: str) -> str:
    return f"{OFFER}/{WAY.number(name)}"


def told(app: Flask, person_id: int) -> PeerTold:
    with app.app_context():
        found = queries.peer_told(person_id)
    assert found is not None
    return found


def test_the_whole_way_ends_with_an_application(app: Flask, client: FlaskClient, wren: int, watch: Watch) -> None:
    with app.app_context():
        debt = str(queries.topic_ids()["debt"])
    kinds = ("gender", "age_band", "lgbtq", "parent", "veteran", "culture", "faith")
    answers: dict[str, dict[str, object]] = {
        "topics": {"topics": [debt]},
        "stages": {f"stage_{debt}": "further", f"ready_{debt}": "glad"},
        "story": {"story": "The first winter I could not open his letters."},
        "line": {"line": "Two dogs, one garden."},
        "styles": {"styles": ["listen"]},
        "formats": {"formats": ["coffee"]},
        "where": {"town": "2964574", "radius": ""},
        "languages": {"languages": ["en"]},
        "pathways": {"pathways": []},
        "traits": {"age_band": "45-54", **{f"shown_{kind}": "peer" for kind in kinds}},
        "limits": {"limits": "No late evenings."},
        "capacity": {"capacity": "4"},
        "agreed": {"agreed": "y"},
    }
    assert list(answers) == [step.name for step in STEPS]
    for number, (name, fields) in enumerate(answers.items(), start=1):
        onward = f"{OFFER}/{number + 1}" if number < len(STEPS) else OFFER
        assert (name, send(client, page(name), fields).headers.get("Location")) == (name, onward)
    offer = client.get(OFFER).text
    for words in (
        "Send my application",
        "No late evenings.",
        "2 places",
        "Two dogs, one garden.",
        "Dublin, Ireland",
        "Age: 45 to 54",
    ):
        assert words in offer
    assert told(app, wren).applied_at is None
    assert send(client, f"{OFFER}/apply").headers["Location"] == OFFER
    assert "Your application is with a coordinator" in client.get(OFFER).text
    kept = told(app, wren)
    assert (kept.applied_at, kept.state, kept.capacity_halves) == (watch.time, PeerState.APPLIED, 4)
    assert [(topic.stage, topic.readiness) for topic in kept.topics] == [("further", "glad")]


def test_what_an_application_lacks_is_asked_for(client: FlaskClient, wren: int) -> None:
    assert send(client, f"{OFFER}/apply").status_code == 404
    send(client, page("story"), {"story": "It got lighter."})
    assert send(client, f"{OFFER}/apply").headers["Location"] == page("topics")


def test_the_agreement_has_to_be_ticked(client: FlaskClient, wren: int) -> None:
    response = send(client, page("agreed"), {"skip": "1"})
    assert (response.status_code, 'name="skip"' in response.text) == (422, False)


def test_a_line_that_is_too_long_comes_back_whole(client: FlaskClient, wren: int) -> None:
    response = send(client, page("line"), {"line": "a" * 161})
    assert (response.status_code, "a" * 161 in response.text) == (422, True)


def test_a_peer_may_name_more_than_three_topics(app: Flask, client: FlaskClient, wren: int) -> None:
    with app.app_context():
        chosen = [str(topic_id) for topic_id in list(queries.topic_ids().values())[:5]]
    assert send(client, page("topics"), {"topics": chosen}).status_code == 303
    assert sorted(ticked(client.get(page("topics")))) == sorted(chosen)


def test_after_approval_the_same_pages_change_the_answers(app: Flask, client: FlaskClient, approved: int) -> None:
    assert send(client, page("story"), {"story": "It got lighter."}).headers["Location"] == OFFER
    assert told(app, approved).story == "It got lighter."
    assert "It got lighter." in client.get(OFFER).text


def test_rest_and_back_are_one_tap(app: Flask, client: FlaskClient, approved: int) -> None:
    send(client, f"{OFFER}/rest")
    assert ("I am back" in client.get(OFFER).text, told(app, approved).resting_since is None) == (True, False)
    send(client, f"{OFFER}/back")
    assert ("I am back" in client.get(OFFER).text, told(app, approved).resting_since) == (False, None)


def test_readiness_is_asked_again_after_twelve_days(
    app: Flask, client: FlaskClient, approved: int, watch: Watch
) -> None:
    assert ("Are you still ready?" in client.get(OFFER).text, "What I am ready for" in client.get(OFFER).text) == (
        False,
        True,
    )
    watch.turn(days=12, minutes=1)
    come_in(app, client, WREN)
    assert "Are you still ready?" in client.get(OFFER).text
    send(client, f"{OFFER}/ready")
    assert told(app, approved).ready_at == watch.time
    assert "Are you still ready?" not in client.get(OFFER).text


def test_one_place_fewer_is_one_tap_and_a_second_tap_does_nothing(
    app: Flask, client: FlaskClient, approved: int
) -> None:
    for _tap in range(2):
        lowered = send(client, f"{OFFER}/fewer", {"request_key": "the same form"})
        assert lowered.headers["Location"] == f"{OFFER}?was=6"
    assert told(app, approved).capacity_halves == 4


def test_one_place_fewer_is_taken_back_in_one_tap(app: Flask, client: FlaskClient, approved: int) -> None:
    after = client.get(send(client, f"{OFFER}/fewer", {"request_key": "a"}).headers["Location"]).text
    assert ("Your room is now: 2 places." in after, "Nobody is told why." in after) == (True, True)
    assert 'name="halves" value="6"' in after
    send(client, f"{OFFER}/put-back", {"halves": "6"})
    assert told(app, approved).capacity_halves == 6
    assert "Your room is now" not in client.get(f"{OFFER}?was=6").text
    for typed in ("30", "-1", "six", ""):
        send(client, f"{OFFER}/put-back", {"halves": typed})
        assert told(app, approved).capacity_halves == 6


def test_all_as_it_is_stands_before_the_topics_which_stay_closed(client: FlaskClient, approved: int) -> None:
    page = client.get(READINESS).text.partition("<main")[2]
    assert page.index("All as it is") < page.index("<details")
    assert "Debt" not in page.partition("<details")[0]
    assert "Can listen: 1 topic" in page


def test_the_light_letter_leads_there(app: Flask, client: FlaskClient, approved: int, watch: Watch) -> None:
    watch.turn(days=12, minutes=1)
    with app.app_context():
        assert services.ask_ready_again(now=watch.time) == 1
        letter = one(Kind.READY_AGAIN, approved)
    come_in(app, client, WREN)
    assert client.get(f"/n/{letter.id}").headers["Location"] == READINESS


def test_a_changed_topic_says_that_one_is_ready(app: Flask, client: FlaskClient, approved: int, watch: Watch) -> None:
    with app.app_context():
        debt = queries.topic_ids()["debt"]
    watch.turn(days=12, minutes=1)
    come_in(app, client, WREN)
    answer = send(client, READINESS, {f"ready_{debt}": "not_now"})
    assert answer.headers["Location"] == OFFER
    assert "Every topic says “not now”" in client.get(OFFER).text
    kept = told(app, approved)
    assert ([topic.readiness for topic in kept.topics], kept.ready_at) == ([Readiness.NOT_NOW], watch.time)


@pytest.mark.parametrize("typed", ["", "perhaps"])
def test_a_readiness_that_was_not_offered_comes_back(
    app: Flask, client: FlaskClient, approved: int, watch: Watch, typed: str
) -> None:
    with app.app_context():
        debt = queries.topic_ids()["debt"]
    answer = send(client, READINESS, {f"ready_{debt}": typed})
    assert (answer.status_code, "There is a problem" in answer.text) == (422, True)
    assert [topic.readiness for topic in told(app, approved).topics] == [Readiness.LISTEN]


def test_before_approval_there_is_nothing_to_be_ready_for(client: FlaskClient, wren: int) -> None:
    assert client.get(READINESS).headers["Location"] == OFFER


def test_who_rests_reads_so_where_they_say_what_they_are_ready_for(client: FlaskClient, approved: int) -> None:
    send(client, f"{OFFER}/rest")
    page = client.get(READINESS).text.partition("<main")[2]
    assert ("You are resting" in page, "All as it is" in page) == (True, False)


def test_a_talk_is_one_tap_and_so_is_taking_it_back(app: Flask, client: FlaskClient, approved: int) -> None:
    assert send(client, "/experience/talk", {"page": "offer"}).headers["Location"] == OFFER
    page = client.get(OFFER).text
    assert ("You asked for it on Monday 2 March." in page, "Take it back" in page) == (True, True)
    with app.app_context():
        assert care.talk_wishes_open() == 1
    assert send(client, "/experience/talk/back").headers["Location"] == "/"
    with app.app_context():
        assert care.talk_wishes_open() == 0


def test_a_word_that_was_not_offered_is_refused(client: FlaskClient, approved: int) -> None:
    assert [send(client, "/experience/felt/1", {"felt": word}).status_code for word in ("", "awful")] == [422, 422]
    assert send(client, "/experience/felt/1", {"felt": "heavy"}).status_code == 404


def test_a_peer_finds_the_way_to_their_hours(client: FlaskClient, approved: int) -> None:
    assert 'href="/times"' in client.get(OFFER).text


@pytest.mark.parametrize("path", [*(f"{OFFER}/{act}" for act in ACTS), *OWN_ACTS])
def test_nothing_is_done_by_opening_an_address(client: FlaskClient, approved: int, path: str) -> None:
    assert client.get(path).status_code == 405


def test_enough_is_not_said_by_opening_an_address(client: FlaskClient, wren: int) -> None:
    assert client.get("/experience/enough").status_code == 405


@pytest.mark.parametrize("number", [0, 14])
def test_a_question_that_is_not_there_is_not_found(client: FlaskClient, wren: int, number: int) -> None:
    assert client.get(f"{OFFER}/{number}").status_code == 404


MEMBERS_PAGES = ("/experience", "/experience/1", "/experience/check")
PEERS_PAGES = (OFFER, f"{OFFER}/1", READINESS)
MEMBERS_ACTS = ("/experience/1", "/experience/enough")
PEERS_ACTS = (f"{OFFER}/1", READINESS, *(f"{OFFER}/{act}" for act in ACTS), *OWN_ACTS)


@pytest.mark.parametrize("path", [*MEMBERS_PAGES, *PEERS_PAGES])
def test_a_stranger_is_asked_to_sign_in(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers["Location"].partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize(
    ("role", "closed"),
    [(Role.PEER, MEMBERS_PAGES), (Role.MEMBER, PEERS_PAGES), (Role.COORDINATOR, MEMBERS_PAGES + PEERS_PAGES)],
)
def test_another_role_stays_outside(
    app: Flask, client: FlaskClient, watch: Watch, role: Role, closed: tuple[str, ...]
) -> None:
    add(app, WREN, role, now=watch.time)
    come_in(app, client, WREN)
    assert [client.get(path).status_code for path in closed] == [403] * len(closed)


@pytest.mark.parametrize(("role", "closed"), [(Role.PEER, MEMBERS_ACTS), (Role.MEMBER, PEERS_ACTS)])
def test_another_role_can_do_nothing_here(
    app: Flask, client: FlaskClient, watch: Watch, role: Role, closed: tuple[str, ...]
) -> None:
    add(app, WREN, role, now=watch.time)
    come_in(app, client, WREN)
    assert [send_any(client, path, skip="1").status_code for path in closed] == [403] * len(closed)
