"""The pages of a check-in: set by the member, worded and held by the peer, a thought where it is silent."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import Role
from portal.domain.checkin import CheckInState
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.services import account, checkin
from portal.services.account import begin_sign_in
from tests.booking_cast import Pair, signed_in
from tests.checkin_cast import check_in_row, set_check_in, write
from tests.matching_cast import set_walk
from tests.services.outbox import add_person, rows
from tests.web.account_steps import Watch
from tests.web.test_checkin.part import main_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
ASKED = {"days": ["0", "3"], "at": "18:30", "weeks": "8", "silence": "3"}


def page(pair: Pair, more: str = "") -> str:
    return f"/walk/{pair.walk_id}/check-in{more}"


def test_a_member_sets_it_changes_it_and_stops_it(app: Flask, pair: Pair, ana: FlaskClient) -> None:
    assert "Set it" in main_of(ana, page(pair))
    ana.post(page(pair), data=ASKED)
    shown = main_of(ana, page(pair))
    assert "Monday and Thursday at 6:30 pm, until Monday 27 April" in shown
    assert "The next one: Monday 2 March, 6:30 pm." in shown
    ana.post(page(pair), data=ASKED | {"weeks": "2"})
    assert 'selected value="2"' in ana.get(page(pair)).text
    ana.post(page(pair), data=ASKED | {"days": [str(day) for day in range(7)]})
    assert "Every day at 6:30 pm" in main_of(ana, page(pair))
    ana.post(page(pair, "/stop"))
    with app.app_context():
        assert check_in_row(pair).state is CheckInState.OVER
    assert "Nothing comes by itself any more." in main_of(ana, page(pair))


def test_one_that_was_stopped_is_set_again_as_it_was(app: Flask, pair: Pair, ana: FlaskClient) -> None:
    ana.post(page(pair), data=ASKED)
    ana.post(page(pair, "/stop"))
    form = ana.get(page(pair)).text
    # The silence that was agreed on above all: with "never" nobody would notice it.
    assert ('selected value="3"' in form, 'value="18:30"' in form, 'selected value="8"' in form) == (True, True, True)
    assert form.count(" checked") == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"days": []}, "Choose at least one day."),
        ({"at": ""}, "Choose a time of day."),
        ({"at": "soon"}, "Please write a time"),
        ({"weeks": "52"}, "Not a valid choice"),
        ({"silence": "1"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_the_rest_stays(
    app: Flask, pair: Pair, ana: FlaskClient, wrong: dict[str, object], said: str
) -> None:
    answer = ana.post(page(pair), data={**ASKED, **wrong})
    assert (answer.status_code, said in answer.text) == (422, True)
    assert 'value="3" checked' in answer.text or "days" in wrong


def test_the_peer_reads_it_and_what_it_says_is_theirs(app: Flask, pair: Pair, maya: FlaskClient, now: datetime) -> None:
    assert "None is set" in main_of(maya, page(pair))
    with app.app_context():
        set_check_in(pair, now)
    assert "Ana has set a check-in" in main_of(maya, "/")
    with app.app_context():
        set_check_in(pair, now + timedelta(minutes=1))
    assert "Ana has changed the check-in" in main_of(maya, "/")
    shown = main_of(maya, page(pair))
    assert ("Monday at 9 am" in shown, "Berlin" in shown, "Usual words" in shown) == (True, True, True)
    maya.post(page(pair, "/words"), data={"words": "Thinking of you, Ana."})
    assert "Thinking of you, Ana." in main_of(maya, page(pair))
    too_long = "Zephyr " * 60
    answer = maya.post(page(pair, "/words"), data={"words": too_long})
    said = "Please use at most 300 characters. What you wrote is still here."
    assert (answer.status_code, too_long.strip() in answer.text, said in answer.text) == (422, True, True)


def test_the_peer_lets_it_rest_and_the_member_reads_until_when(
    app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        set_check_in(pair, now)
    maya.post(page(pair, "/hold"), data={"until": "2026-03-20"})
    assert "You let it rest. It goes on from Friday 20 March." in main_of(maya, page(pair))
    assert "Maya lets it rest for a while. It goes on from Friday 20 March." in main_of(ana, page(pair))
    for until in ("2026-03-01", "2027-01-01", "soon"):
        assert maya.post(page(pair, "/hold"), data={"until": until}).status_code == 422
    maya.post(page(pair, "/go-on"))
    assert "The next one: Monday 9 March" in main_of(maya, page(pair))


def test_words_for_a_check_in_that_is_over_meanwhile_are_not_said_to_go_out_and_not_lost(
    app: Flask, pair: Pair, maya: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        set_check_in(pair, now)
        checkin.stop_check_in(pair.walk_id, pair.member_id, now=now)
    told = maya.post(page(pair, "/words"), data={"words": "Zephyr."}, follow_redirects=True).text
    assert ("nothing goes out until Ana sets one anew" in told, "goes out from now on" in told) == (True, False)
    answer = maya.post(page(pair, "/words"), data={"words": "Zephyr " * 60})
    assert (answer.status_code, "Zephyr Zephyr" in answer.text, "at most 300" in answer.text) == (422, True, True)


def test_each_side_is_its_own(app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient, now: datetime) -> None:
    with app.app_context():
        set_check_in(pair, now)
    assert [maya.post(page(pair, more), data=ASKED).status_code for more in ("", "/stop")] == [403, 403]
    assert [ana.post(page(pair, more)).status_code for more in ("/words", "/hold", "/go-on")] == [403, 403, 403]
    for more in ("/stop", "/words", "/hold", "/go-on"):
        assert maya.get(page(pair, more)).status_code == 405


def test_silence_is_a_light_thought_for_the_peer_and_nothing_for_the_member(
    app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient, now: datetime, watch: Watch
) -> None:
    with app.app_context():
        set_check_in(pair, now)
    watch.turn(days=3)
    ana, maya = signed_in(app, pair.member_id, now + 3 * DAY), signed_in(app, pair.peer_id, now + 3 * DAY)
    assert "A thought for Ana" in main_of(maya, "/")
    assert "You have not heard from Ana" in main_of(maya, f"/walk/{pair.walk_id}")
    assert "not heard" not in main_of(ana, "/") + main_of(ana, f"/walk/{pair.walk_id}")
    with app.app_context():
        set_walk(pair.walk_id, state=State.RESTING)
    assert "A thought for Ana" not in main_of(maya, "/")


def test_the_board_thinks_of_them_some_days_later_and_of_whoever_asked_at_once(
    app: Flask, pair: Pair, now: datetime, watch: Watch
) -> None:
    with app.app_context():
        alice = add_person("Alice", now, Role.COORDINATOR)
        set_check_in(pair, now)
        write(pair, pair.peer_id, "Zephyr.", now)
        checkin.bring_in(pair.walk_id, pair.peer_id, now=now)
    watch.turn(days=6)
    board = main_of(second_step_done(app, alice, now + 6 * DAY), "/care")
    assert ("No sign on a check-in" in board, "Maya asks for a coordinator" in board, "Zephyr" in board) == (
        True,
        True,
        False,
    )


def test_a_coordinator_opens_how_to_reach_both_and_has_been_in_touch(
    app: Flask, pair: Pair, now: datetime, watch: Watch
) -> None:
    with app.app_context():
        alice = add_person("Alice", now, Role.COORDINATOR)
        checkin.bring_in(pair.walk_id, pair.member_id, now=now)
    client = second_step_done(app, alice, now)
    opened = client.post(f"/care/walks/{pair.walk_id}/reach").text
    assert ("ana@example.org" in opened, "maya@example.org" in opened) == (True, False)
    assert "Ana asked for you" in opened
    with app.app_context():
        account.set_reach(pair.member_id, "Ana@example.org", now=now)
    assert "As they wrote it" not in client.post(f"/care/walks/{pair.walk_id}/reach").text
    with app.app_context():
        account.set_reach(pair.member_id, "By Signal, as ana.b", now=now)
    assert "By Signal, as ana.b" in client.post(f"/care/walks/{pair.walk_id}/reach").text
    two = [signed_in(app, each, now) for each in (pair.member_id, pair.peer_id)]
    assert ["how you may be reached" in main_of(each, "/account/seen") for each in two] == [True, False]
    assert "maya@example.org" in client.post(f"/care/walks/{pair.walk_id}/reach", data={"both": "yes"}).text
    assert client.get(f"/care/walks/{pair.walk_id}/reach").status_code == 405
    client.post(f"/care/walks/{pair.walk_id}/in-touch")
    assert "asks for a coordinator" not in main_of(client, "/care")
    again = client.post(f"/care/walks/{pair.walk_id}/reach", follow_redirects=True)
    assert "in touch with them already" in again.text


def test_its_letters_lead_to_its_pages(
    app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        set_check_in(pair, now)
        checkin.send_due(now=now + 7 * DAY)
        owed = {row.kind: row.id for row in rows([Kind.CHECK_IN, Kind.CHECK_IN_SET])}
    assert ana.get(f"/n/{owed[Kind.CHECK_IN]}").headers["Location"] == f"/walk/{pair.walk_id}/thread#new"
    assert maya.get(f"/n/{owed[Kind.CHECK_IN_SET]}").headers["Location"] == page(pair)
    with app.app_context():
        set_walk(pair.walk_id, state=State.SOMEONE_ELSE, open=False)
    assert ana.get(f"/n/{owed[Kind.CHECK_IN]}").headers["Location"] == "/"


def second_step_done(app: Flask, person_id: int, now: datetime) -> FlaskClient:
    """Return a coordinator's browser."""
    client = signed_in(app, person_id, now)
    with app.app_context():
        token = begin_sign_in(person_id, now=now, second_factor=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client
