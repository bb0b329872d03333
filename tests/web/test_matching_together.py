"""A peer's askings, and the two after both yeses: what each sees, how it was, someone else."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import Role
from portal.domain.matching.walk import State
from portal.queries import matching as matching_queries
from tests.booking_cast import signed_in
from tests.matching_cast import STORY, Hill, both_yes, invited, set_walk, walk_row
from tests.services.outbox import add_person

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]


def revision_of(app: Flask, walk_id: int) -> int:
    with app.app_context():
        return walk_row(walk_id).revision


def state_of(app: Flask, walk_id: int) -> State:
    with app.app_context():
        return walk_row(walk_id).state


@pytest.fixture
def asking(app: Flask, hill: Hill, now: datetime) -> int:
    """Ben has been asked."""
    with app.app_context():
        return invited(hill, now)


@pytest.fixture
def together(app: Flask, hill: Hill, now: datetime) -> int:
    """Ana and Ben have both said yes."""
    with app.app_context():
        return both_yes(hill, now)


def test_a_peer_reads_why_they_were_asked_and_not_by_whom(ben: FlaskClient, asking: int) -> None:
    for path in ("/asked", f"/asked/{asking}"):
        page = ben.get(path).text.partition("<main")[2]
        assert ("Loneliness" in page, "Something tender" in page) == (True, True)
        assert ("Ana" in page, "Alcohol" in page, "ana@example.org" in page) == (False, False, False)
        assert "The question stays open until Wednesday 4 March. If it passes, we ask somebody else" in page


def test_yes_opens_who_it_is(app: Flask, ben: FlaskClient, asking: int) -> None:
    data = {"revision": revision_of(app, asking), "request_key": "k1"}
    answer = ben.post(f"/asked/{asking}/yes", data=data)
    assert answer.headers["Location"] == f"/walk/{asking}"
    assert "You and Ana" in ben.get(f"/walk/{asking}").text
    assert ben.post(f"/asked/{asking}/yes", data=data).headers["Location"] == f"/walk/{asking}"
    assert ben.get(f"/asked/{asking}").headers["Location"] == f"/walk/{asking}"


def test_not_now_asks_for_no_reason_and_closes_the_page(app: Flask, ben: FlaskClient, asking: int) -> None:
    answer = ben.post(f"/asked/{asking}/not-now", data={"revision": revision_of(app, asking)})
    assert answer.headers["Location"] == "/asked"
    assert "That is fine." in ben.get("/asked").text
    assert "Nobody asks just now" in ben.get("/asked").text
    assert ben.get(f"/asked/{asking}").headers["Location"] == "/asked"
    assert "This has moved on in the meantime." in ben.get("/asked").text


def test_an_answer_from_an_old_page_is_told_and_changes_nothing(app: Flask, ben: FlaskClient, asking: int) -> None:
    assert ben.post(f"/asked/{asking}/yes", data={"revision": 0}).headers["Location"] == "/asked"
    assert "moved on in the meantime" in ben.get("/asked").text
    assert state_of(app, asking) is State.INVITED


def test_another_peer_and_a_member_find_nothing_there(cleo: FlaskClient, ana: FlaskClient, asking: int) -> None:
    assert cleo.get(f"/asked/{asking}").status_code == 404
    assert cleo.post(f"/asked/{asking}/yes").status_code == 404
    assert cleo.post(f"/asked/{asking}/not-now").status_code == 404
    assert [ana.get("/asked").status_code, ana.get(f"/asked/{asking}").status_code] == [403, 403]


def test_get_never_answers_for_anybody(ben: FlaskClient, asking: int) -> None:
    assert [ben.get(f"/asked/{asking}/yes").status_code, ben.get(f"/asked/{asking}/not-now").status_code] == [405, 405]


def test_before_both_yeses_the_page_of_the_two_stays_closed(ana: FlaskClient, ben: FlaskClient, asking: int) -> None:
    assert ana.get(f"/walk/{asking}").headers["Location"] == "/match"
    assert ben.get(f"/walk/{asking}").headers["Location"] == "/asked"
    assert ana.get(f"/walk/{asking}/reflect").status_code == 404


def test_after_both_yeses_each_sees_the_other(ana: FlaskClient, ben: FlaskClient, together: int) -> None:
    hers, his = ana.get(f"/walk/{together}").text, ben.get(f"/walk/{together}").text
    assert ("You and Ben Carter" in hers, STORY in hers, f'href="/book/{together}"' in hers) == (True, True, True)
    assert ("You and Ana" in his, STORY in his, "Alcohol" in his) == (True, False, True)
    assert "New York time" in hers


def test_strangers_and_coordinators_are_not_shown_the_two(
    app: Flask, cleo: FlaskClient, together: int, now: datetime
) -> None:
    with app.app_context():
        sam = add_person("Sam", now, Role.MEMBER)
    for client in (cleo, signed_in(app, sam, now)):
        for page in ("", "/reflect", "/someone-else"):
            assert client.get(f"/walk/{together}{page}").status_code == 404, page
        assert client.post(f"/walk/{together}/someone-else").status_code == 404
        assert client.post(f"/walk/{together}/reflect").status_code == 404


def test_how_it_was_is_asked_once_they_met_and_stays_unseen_by_the_other(
    app: Flask, ana: FlaskClient, ben: FlaskClient, together: int
) -> None:
    assert ana.get(f"/walk/{together}/reflect").headers["Location"] == f"/walk/{together}"
    with app.app_context():
        set_walk(together, state=State.REFLECTION)
    assert ana.post(f"/walk/{together}/reflect", data={}).status_code == 422
    answer = ana.post(f"/walk/{together}/reflect", data={"answer": "unsure", "words": "It was a lot."})
    assert answer.headers["Location"] == f"/walk/{together}"
    assert "Only a coordinator can read what you wrote." in ana.get(f"/walk/{together}").text
    his = ben.get(f"/walk/{together}").text
    assert ("It was a lot." in his, "unsure" in his.lower(), "Say how it was" in his) == (False, False, True)


def test_both_keep_going(app: Flask, ana: FlaskClient, ben: FlaskClient, together: int) -> None:
    with app.app_context():
        set_walk(together, state=State.REFLECTION)
    for client in (ana, ben):
        client.post(f"/walk/{together}/reflect", data={"answer": "keep_going"})
    assert state_of(app, together) is State.WALKING


def test_someone_else_is_asked_once_and_then_done(
    app: Flask, ana: FlaskClient, ben: FlaskClient, together: int
) -> None:
    assert "We ask for no reason" in ana.get(f"/walk/{together}/someone-else").text
    answer = ana.post(f"/walk/{together}/someone-else", data={"revision": revision_of(app, together)})
    assert answer.headers["Location"] == "/match"
    assert state_of(app, together) is State.SOMEONE_ELSE
    assert ben.get(f"/walk/{together}").headers["Location"] == "/"
    assert "Ben" not in ana.get("/match").text


def test_a_peer_may_end_it_as_quietly(app: Flask, ben: FlaskClient, hill: Hill, together: int) -> None:
    answer = ben.post(f"/walk/{together}/someone-else", data={"revision": revision_of(app, together)})
    assert answer.headers["Location"] == "/asked"
    with app.app_context():
        assert matching_queries.open_walk_of(hill.member) not in (None, together)


def test_someone_else_from_an_old_page_is_told(app: Flask, ana: FlaskClient, together: int) -> None:
    assert ana.post(f"/walk/{together}/someone-else", data={"revision": 0}).headers["Location"] == f"/walk/{together}"
    assert state_of(app, together) is State.BOTH_YES
