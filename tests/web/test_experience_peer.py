"""A peer's pages: telling, applying, and afterwards room, rest and readiness in one tap; and who may come in at all."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import PeerState, Role
from portal.queries import experience as queries
from portal.queries.experience import PeerTold
from portal.services import experience as services
from portal.web.experience.peer import STEPS, WAY
from tests.web.account_steps import Watch, add, come_in
from tests.web.account_steps import send as send_any
from tests.web.test_experience_member import _ticked, send

WREN = "wren@example.org"
OFFER = "/experience/peer"
ACTS = ("apply", "rest", "back", "ready", "fewer")


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
    assert sorted(_ticked(client.get(page("topics")))) == sorted(chosen)


def test_after_approval_the_same_pages_change_the_answers(app: Flask, client: FlaskClient, approved: int) -> None:
    assert send(client, page("story"), {"story": "It got lighter."}).headers["Location"] == OFFER
    assert told(app, approved).story == "It got lighter."
    assert "It got lighter." in client.get(OFFER).text


def test_rest_and_back_are_one_tap(app: Flask, client: FlaskClient, approved: int) -> None:
    send(client, f"{OFFER}/rest")
    assert ("I am back" in client.get(OFFER).text, told(app, approved).resting_since is None) == (True, False)
    send(client, f"{OFFER}/back")
    assert ("I am back" in client.get(OFFER).text, told(app, approved).resting_since) == (False, None)


def test_readiness_is_asked_again_after_ten_days(app: Flask, client: FlaskClient, approved: int, watch: Watch) -> None:
    assert ("Are you still ready?" in client.get(OFFER).text, "I am still ready" in client.get(OFFER).text) == (
        False,
        True,
    )
    watch.turn(days=10, minutes=1)
    come_in(app, client, WREN)
    assert "Are you still ready?" in client.get(OFFER).text
    send(client, f"{OFFER}/ready")
    assert told(app, approved).ready_at == watch.time
    assert "Are you still ready?" not in client.get(OFFER).text


def test_one_place_fewer_is_one_tap_and_a_second_tap_does_nothing(
    app: Flask, client: FlaskClient, approved: int
) -> None:
    for _tap in range(2):
        assert send(client, f"{OFFER}/fewer", {"request_key": "the same form"}).status_code == 303
    assert told(app, approved).capacity_halves == 4


def test_a_peer_finds_the_way_to_their_hours(client: FlaskClient, approved: int) -> None:
    assert 'href="/times"' in client.get(OFFER).text


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_by_opening_an_address(client: FlaskClient, approved: int, act: str) -> None:
    assert client.get(f"{OFFER}/{act}").status_code == 405


def test_enough_is_not_said_by_opening_an_address(client: FlaskClient, wren: int) -> None:
    assert client.get("/experience/enough").status_code == 405


@pytest.mark.parametrize("number", [0, 14])
def test_a_question_that_is_not_there_is_not_found(client: FlaskClient, wren: int, number: int) -> None:
    assert client.get(f"{OFFER}/{number}").status_code == 404


MEMBERS_PAGES = ("/experience", "/experience/1", "/experience/check")
PEERS_PAGES = (OFFER, f"{OFFER}/1")
MEMBERS_ACTS = ("/experience/1", "/experience/enough")
PEERS_ACTS = (f"{OFFER}/1", *(f"{OFFER}/{act}" for act in ACTS))


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
