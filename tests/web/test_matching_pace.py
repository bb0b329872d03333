"""Resting, walking on, ending and the page to keep, as the two see it; strangers and wrong roles find nothing."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import Role
from portal.domain.matching.ending import LONGEST_KEEPSAKE, Taper
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.queries import matching as queries
from portal.services import matching
from tests.booking_cast import signed_in
from tests.matching_cast import Hill, both_yes, owed, set_walk, walk_row, walking
from tests.services.outbox import add_person, book, one
from tests.web.account_steps import Watch

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
PAGES = ("rest", "end", "goodbye", "keepsake", "keepsake.txt")


@pytest.fixture
def walk_id(app: Flask, hill: Hill, now: datetime) -> int:
    """Ana and Ben walk together."""
    with app.app_context():
        return walking(hill, now)


@pytest.fixture
def ending(app: Flask, hill: Hill, walk_id: int, now: datetime) -> int:
    with app.app_context():
        return matching.end(walk_id, hill.member, Taper.ONE_CHAT, revision=None, key="", now=now)


@pytest.fixture
def ended(app: Flask, hill: Hill, ending: int, now: datetime) -> int:
    with app.app_context():
        return matching.farewell(ending, hill.member, revision=None, key="", now=now)


def state_of(app: Flask, walk_id: int) -> State:
    with app.app_context():
        return walk_row(walk_id).state


def main_of(client: FlaskClient, path: str) -> str:
    return client.get(path).text.partition("<main")[2]


def test_each_possible_step_stands_in_plain_words(app: Flask, ana: FlaskClient, ben: FlaskClient, walk_id: int) -> None:
    shown = {
        State.WALKING: {"Rest for a while", "Bring it to an end"},
        State.RESTING: {"Walk on", "Bring it to an end"},
    }
    every = {"Walk on", "Say goodbye now"}.union(*shown.values())
    for state, words in shown.items():
        with app.app_context():
            set_walk(walk_id, state=state)
        for client, leave in ((ana, "I would rather meet someone else"), (ben, "Not the right fit")):
            page = main_of(client, f"/walk/{walk_id}")
            assert {each for each in every if f">{each}<" in page} == words, state
            assert (leave in page) == (client is ana or state is State.WALKING)
        assert f'href="/walk/{walk_id}"' in main_of(ana, "/")


def test_an_ending_is_taken_back_on_the_page_of_whoever_chose_it(
    ana: FlaskClient, ben: FlaskClient, ending: int
) -> None:
    for client, may in ((ana, True), (ben, False)):
        page = main_of(client, f"/walk/{ending}")
        assert (">Walk on<" in page, ">Say goodbye now<" in page) == (may, True)
        assert "Whoever brought it there can take it up again until its last day." in page
    assert "Not the right fit" not in main_of(ben, f"/walk/{ending}")
    assert ben.post(f"/walk/{ending}/walk-on", data={"revision": 5}).headers["Location"] == f"/walk/{ending}"
    assert "Whoever brought it to its end can take it up again." in ben.get(f"/walk/{ending}").text


def test_whoever_leaves_an_ending_reads_first_that_its_page_goes(ana: FlaskClient, walk_id: int, ending: int) -> None:
    for path in (f"/walk/{ending}/someone-else", f"/match/{ending}/stop"):
        assert "The page for your lines goes with it, for you both." in main_of(ana, path)


def test_resting_says_first_what_happens_and_keeps_the_chat(
    app: Flask, ana: FlaskClient, ben: FlaskClient, hill: Hill, walk_id: int, now: datetime
) -> None:
    with app.app_context():
        booking_id = book(walk_id, hill.member, hill.peers[0], now + timedelta(days=2), now)
    page = main_of(ana, f"/walk/{walk_id}/rest")
    assert "The place is kept" in page
    assert "Your chat on Wednesday 4 March, 11:00 am stays, unless you cancel it here." in page
    answer = ana.post(f"/walk/{walk_id}/rest", data={"revision": 4, "request_key": "k"})
    assert answer.headers["Location"] == f"/walk/{walk_id}"
    assert state_of(app, walk_id) is State.RESTING
    assert f'href="/chat/{booking_id}"' in main_of(ben, f"/walk/{walk_id}")
    assert ana.get(f"/walk/{walk_id}/rest").headers["Location"] == f"/walk/{walk_id}"
    assert ben.post(f"/walk/{walk_id}/walk-on", data={"revision": 5}).headers["Location"] == f"/walk/{walk_id}"
    assert state_of(app, walk_id) is State.WALKING


def test_a_chat_is_called_off_with_it_where_that_is_ticked(
    app: Flask, ana: FlaskClient, hill: Hill, walk_id: int, now: datetime
) -> None:
    with app.app_context():
        booking_id = book(walk_id, hill.member, hill.peers[0], now + timedelta(days=2), now)
    ana.post(f"/walk/{walk_id}/rest", data={"revision": 4, "cancel": "y"})
    assert f'href="/chat/{booking_id}"' not in main_of(ana, f"/walk/{walk_id}")
    assert "You two are resting" in main_of(ana, f"/walk/{walk_id}")


def test_an_ending_is_chosen_with_its_last_day(app: Flask, ana: FlaskClient, ben: FlaskClient, walk_id: int) -> None:
    page = main_of(ben, f"/walk/{walk_id}/end")
    for words in ("Until Monday 16 March.", "Until Monday 30 March.", "Until Monday 27 April.", "Nobody asks why."):
        assert words in page
    assert ben.post(f"/walk/{walk_id}/end", data={"revision": 4}).status_code == 422
    assert ben.post(f"/walk/{walk_id}/end", data={"revision": 4, "taper": "never"}).status_code == 422
    answer = ben.post(f"/walk/{walk_id}/end", data={"revision": 4, "taper": "few_weeks"})
    assert answer.headers["Location"] == f"/walk/{walk_id}"
    assert state_of(app, walk_id) is State.ENDING
    assert "The last day of this walk is Monday 30 March." in main_of(ana, f"/walk/{walk_id}")
    assert "Its last day is Monday 30 March." in main_of(ana, "/")


def test_a_goodbye_is_asked_once_and_leads_to_the_page_to_keep(
    app: Flask, ana: FlaskClient, ben: FlaskClient, ending: int
) -> None:
    assert "Say goodbye now?" in main_of(ben, f"/walk/{ending}/goodbye")
    assert ben.post(f"/walk/{ending}/goodbye", data={"revision": 5}).headers["Location"] == f"/walk/{ending}"
    assert state_of(app, ending) is State.ENDED
    for client, thanks in ((ana, "It was good that you walked it."), (ben, "Thank you for having been there.")):
        assert client.get(f"/walk/{ending}").headers["Location"] == f"/walk/{ending}/keepsake"
        page = main_of(client, f"/walk/{ending}/keepsake")
        assert (thanks in page, "left you" in page) == (True, False)
        assert f'href="/walk/{ending}/keepsake"' in main_of(client, "/walks")
        assert 'href="/walks"' in main_of(client, "/")


def test_after_the_end_the_member_may_ask_again(app: Flask, ana: FlaskClient, ben: FlaskClient, ended: int) -> None:
    assert 'action="/match/ask"' in main_of(ana, f"/walk/{ended}/keepsake")
    assert 'action="/match/ask"' not in main_of(ben, f"/walk/{ended}/keepsake")
    ana.post("/match/ask", data={"request_key": "k"})
    assert "People you could walk with" in main_of(ana, "/")
    assert 'action="/match/ask"' not in main_of(ana, f"/walk/{ended}/keepsake")


def test_each_writes_lines_and_both_read_them(app: Flask, ana: FlaskClient, ben: FlaskClient, ending: int) -> None:
    path = f"/walk/{ending}/keepsake"
    data = {"words": "Thank you.\nThe mornings <b>stay</b>.", "seen": "", "request_key": "k"}
    assert ana.post(path, data=data).headers["Location"] == path
    for client in (ana, ben):
        assert "The mornings &lt;b&gt;stay&lt;/b&gt;." in main_of(client, path)
    assert "Nothing from" not in main_of(ben, path)
    kept = ben.get(f"{path}.txt")
    assert kept.text.replace("\r", "") == "Ana\n\nThank you.\nThe mornings <b>stay</b>.\n"
    assert kept.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert kept.headers["Content-Disposition"] == 'attachment; filename="lines.txt"'


def test_four_weeks_after_the_end_one_s_own_lines_can_only_be_taken_back(
    app: Flask, ana: FlaskClient, hill: Hill, ended: int, now: datetime, watch: Watch
) -> None:
    path = f"/walk/{ended}/keepsake"
    ana.post(path, data={"words": "Thank you.", "seen": ""})
    watch.time = now + timedelta(weeks=4)
    ana = signed_in(app, hill.member, watch.time)
    page = main_of(ana, path)
    assert ("<textarea" in page, "Take my lines back" in page) == (False, True)
    with app.app_context():
        seen = queries.keepsake_of(hill.member, ended)
    assert seen is not None
    assert seen.own_at is not None
    assert ana.post(path, data={"words": "More.", "seen": seen.own_at.isoformat()}).status_code == 409
    assert ana.post(path, data={"words": "", "seen": seen.own_at.isoformat()}).status_code == 303
    assert "Take my lines back" not in main_of(ana, path)


def test_lines_that_are_too_long_or_of_an_old_page_stay_in_the_form(
    app: Flask, ana: FlaskClient, hill: Hill, ending: int, now: datetime
) -> None:
    path = f"/walk/{ending}/keepsake"
    answer = ana.post(path, data={"words": "a" * (LONGEST_KEEPSAKE + 1), "seen": ""})
    assert (answer.status_code, "a" * 4001 in answer.text) == (422, True)
    with app.app_context():
        matching.write_keepsake(ending, hill.member, "Newer.", seen=None, key="", now=now)
    answer = ana.post(path, data={"words": "Older.", "seen": ""})
    assert (answer.status_code, "Newer." in answer.text, "Older." in answer.text) == (409, True, True)
    assert f'value="{now.isoformat()}"' in answer.text
    assert ana.post(path, data={"words": "Older, again.", "seen": now.isoformat()}).status_code == 303
    assert ana.post(path, data={"words": "x", "seen": "nonsense"}).status_code == 404


def test_an_old_page_is_told_and_changes_nothing(app: Flask, ana: FlaskClient, walk_id: int) -> None:
    for page, data in (("rest", {}), ("walk-on", {}), ("end", {"taper": "today"}), ("goodbye", {})):
        answer = ana.post(f"/walk/{walk_id}/{page}", data={"revision": 3, **data})
        assert answer.headers["Location"] == f"/walk/{walk_id}"
        assert "moved on in the meantime" in ana.get(f"/walk/{walk_id}").text
        assert state_of(app, walk_id) is State.WALKING


def test_strangers_and_coordinators_find_nothing(
    app: Flask, hill: Hill, walk_id: int, ended: int, now: datetime
) -> None:
    with app.app_context():
        sam, alex = add_person("Sam", now, Role.MEMBER), add_person("Alex", now, Role.COORDINATOR)
    for state in (State.WALKING, State.ENDING, State.ENDED):
        with app.app_context():
            set_walk(walk_id, state=state, open=state is not State.ENDED)
        for person_id, refused in ((sam, 404), (hill.peers[1], 404), (alex, (302, 403))):
            client = signed_in(app, person_id, now)
            found = [client.get(f"/walk/{walk_id}/{page}").status_code for page in PAGES]
            found += [
                client.post(f"/walk/{walk_id}/{page}").status_code
                for page in ("rest", "walk-on", "end", "goodbye", "keepsake")
            ]
            assert all(status in (refused if isinstance(refused, tuple) else (refused,)) for status in found), found


def test_nothing_is_done_by_looking(app: Flask, ana: FlaskClient, walk_id: int) -> None:
    assert ana.get(f"/walk/{walk_id}/walk-on").status_code == 405
    for page in PAGES:
        ana.get(f"/walk/{walk_id}/{page}")
    assert state_of(app, walk_id) is State.WALKING


def test_while_they_walk_there_is_no_page_to_keep(ana: FlaskClient, walk_id: int) -> None:
    for page in ("goodbye", "keepsake", "keepsake.txt"):
        assert ana.get(f"/walk/{walk_id}/{page}").headers["Location"] == f"/walk/{walk_id}"


def test_the_soonest_times_stand_on_the_page_of_both_after_both_yeses(
    app: Flask, ana: FlaskClient, ben: FlaskClient, hill: Hill, now: datetime
) -> None:
    with app.app_context():
        walk_id = both_yes(hill, now)
    for client in (ana, ben):
        page = main_of(client, f"/walk/{walk_id}")
        assert page.count(f'href="/book/{walk_id}/check?starts_at=') == 3


def test_not_sure_is_a_fine_answer_with_a_way_on(app: Flask, ana: FlaskClient, ben: FlaskClient, walk_id: int) -> None:
    with app.app_context():
        set_walk(walk_id, state=State.REFLECTION)
    assert "A fine answer." in main_of(ana, f"/walk/{walk_id}/reflect")
    ana.post(f"/walk/{walk_id}/reflect", data={"answer": "unsure"})
    page = main_of(ana, f"/walk/{walk_id}")
    assert ("that is a fine answer" in page, f'href="/book/{walk_id}"' in page) == (True, True)
    assert "fine answer" not in main_of(ben, f"/walk/{walk_id}")


def test_the_letter_leads_both_to_the_page(
    app: Flask, ana: FlaskClient, ben: FlaskClient, hill: Hill, ended: int
) -> None:
    with app.app_context():
        assert owed(ended) == [(Kind.KEEPSAKE, hill.member), (Kind.KEEPSAKE, hill.peers[0])]
        hers, his = (one(Kind.KEEPSAKE, person_id).id for person_id in (hill.member, hill.peers[0]))
    assert ana.get(f"/n/{hers}").headers["Location"] == f"/walk/{ended}/keepsake"
    assert ben.get(f"/n/{his}").headers["Location"] == f"/walk/{ended}/keepsake"


def test_who_has_not_walked_yet_finds_an_empty_page(app: Flask, ana: FlaskClient, hill: Hill, walk_id: int) -> None:
    assert "Nothing here yet" in main_of(ana, "/walks")
    assert 'href="/walks"' not in main_of(ana, "/")
    with app.app_context():
        assert queries.walked_by(hill.member) == ()
