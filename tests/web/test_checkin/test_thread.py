"""The page of a thread: read and written by two, one tap on the hill, help lines near, closing, asking somebody in."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.matching.walk import State
from portal.services import checkin
from tests.booking_cast import Pair, add_peer, signed_in
from tests.checkin_cast import last_line, lines, set_check_in, thread_row, write
from tests.matching_cast import set_walk
from tests.web.test_checkin.part import main_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)
CARD = "Somebody is there right now"


def page(pair: Pair, more: str = "") -> str:
    return f"/walk/{pair.walk_id}/thread{more}"


def sent(app: Flask, pair: Pair, now: datetime) -> int:
    """A check-in has gone out."""
    with app.app_context():
        set_check_in(pair, now)
        checkin.send_due(now=now + WEEK - 2 * HOUR)
        return last_line(pair)


def test_what_one_writes_the_other_reads_as_plain_text(
    app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient
) -> None:
    answer = ana.post(page(pair), data={"words": "It is <b>steep</b>.\nhttps://example.org"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{page(pair)}#newest")
    read = main_of(maya, page(pair))
    assert "It is &lt;b&gt;steep&lt;/b&gt;.\nhttps://example.org" in read
    assert 'href="https://example.org' not in read
    assert "New for you" in read
    assert "New for you" not in main_of(ana, page(pair))


def test_looking_marks_nothing_and_saying_so_does(app: Flask, pair: Pair, ana: FlaskClient, now: datetime) -> None:
    with app.app_context():
        line_id = write(pair, pair.peer_id, "Hello.", now)
    for _look in range(2):
        assert "New for you" in main_of(ana, page(pair))
    by_script = ana.post(page(pair, "/seen"), data={"line": line_id}, headers={"HX-Request": "true"})
    assert by_script.status_code == 204
    assert "New for you" not in main_of(ana, page(pair))


def test_a_line_that_cannot_be_taken_comes_back_with_its_words(pair: Pair, ana: FlaskClient) -> None:
    long = "Zephyr " * 400
    answer = ana.post(page(pair), data={"words": long})
    assert (answer.status_code, long.strip() in answer.text) == (422, True)
    assert ana.post(page(pair), data={"words": " "}).status_code == 422


def test_nor_are_they_lost_where_the_other_has_just_closed_it(
    app: Flask, pair: Pair, ana: FlaskClient, now: datetime
) -> None:
    ana.get(page(pair))
    with app.app_context():
        checkin.end_thread(pair.walk_id, pair.peer_id, now=now)
    answer = ana.post(page(pair), data={"words": "Zephyr."})
    assert (answer.status_code, "Zephyr." in answer.text, "needs no reason" in answer.text) == (409, True, True)


@pytest.mark.parametrize("where", ["thread", "check-in/words"])
@pytest.mark.parametrize(("ended", "status"), [(State.ENDED, 409), (State.SOMEONE_ELSE, 404)])
def test_nor_where_the_walk_has_come_to_its_end(
    app: Flask, pair: Pair, maya: FlaskClient, now: datetime, where: str, ended: State, status: int
) -> None:
    with app.app_context():
        set_check_in(pair, now)
        set_walk(pair.walk_id, state=ended, open=False)
    address = f"/walk/{pair.walk_id}/{where}"
    answer = maya.post(address, data={"words": "Zephyr <3"})
    said = answer.text.partition("<main")[2]
    assert (answer.status_code, "Zephyr &lt;3</textarea>" in said) == (status, True)
    assert maya.post(address, data={"words": " "}).status_code in (404, 422, 409)


def test_whoever_never_walked_here_is_told_the_same_as_who_does_no_more(
    app: Flask, pair: Pair, maya: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        stranger = signed_in(app, add_peer(now, "Kim"), now)
        set_walk(pair.walk_id, state=State.SOMEONE_ELSE, open=False)
    told = [
        each.post(page(pair), data={"words": "Zephyr."}).text.partition("<h1")[2].partition("</section")[0]
        for each in (maya, stranger)
    ]
    assert told[0] == told[1]
    assert "was not sent" in told[0]


def test_words_that_sound_heavy_bring_the_lines_to_their_writer_alone_and_once(
    pair: Pair, ana: FlaskClient, maya: FlaskClient
) -> None:
    ana.get(page(pair))
    answer = ana.post(page(pair), data={"words": "I don’t want to wake up."})
    assert (answer.status_code, CARD in answer.text, "tel:988" in answer.text) == (200, True, True)
    assert "Set-Cookie" not in answer.headers
    assert CARD not in main_of(ana, page(pair))
    assert CARD not in main_of(maya, page(pair))
    assert CARD not in main_of(maya, "/")


def test_one_tap_answers_a_check_in_and_a_second_changes_it(
    app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient, now: datetime
) -> None:
    line_id = sent(app, pair, now)
    assert "How is the hill today?" in main_of(ana, page(pair))
    assert "How is the hill today?" not in main_of(maya, page(pair))
    for height in (2, 4):
        assert ana.post(page(pair, "/height"), data={"line": line_id, "height": height}).status_code == 303
    read = main_of(maya, page(pair))
    assert ("Well on the way up" in read, "It is steep today" in read) == (True, False)
    assert "A sign from Ana" in main_of(maya, "/")
    assert maya.post(page(pair, "/height"), data={"line": line_id, "height": 1}).status_code == 403


def test_a_tap_on_the_hill_keeps_the_words_that_were_begun(
    app: Flask, pair: Pair, ana: FlaskClient, now: datetime
) -> None:
    line_id = sent(app, pair, now)
    shown = main_of(ana, page(pair))
    buttons = re.findall(r'<button[^>]*name="height"[^>]*>', shown)
    assert len(buttons) == 5
    assert all('form="line"' in button and f'formaction="{page(pair, "/height")}"' in button for button in buttons)
    assert f'<input type="hidden" name="line" value="{line_id}" form="line">' in shown
    begun = {"line": line_id, "height": 3, "words": "I am not sure how to"}
    answer = ana.post(page(pair, "/height"), data=begun)
    assert (answer.status_code, ">\r\nI am not sure how to</textarea>" in answer.text) == (200, True)
    with app.app_context():
        assert [height for _writer, _kind, _words, height in lines(pair) if height is not None] == [3]
    too_late = ana.post(page(pair, "/height"), data=begun | {"line": 0})
    assert (too_late.status_code, ">\r\nI am not sure how to</textarea>" in too_late.text) == (404, True)


def test_a_tap_on_an_older_check_in_is_told_kindly(app: Flask, pair: Pair, ana: FlaskClient, now: datetime) -> None:
    line_id = sent(app, pair, now)
    with app.app_context():
        checkin.send_due(now=now + 2 * WEEK)
    answer = ana.post(page(pair, "/height"), data={"line": line_id, "height": 3}, follow_redirects=True)
    assert "nothing to answer here any more" in answer.text


def test_no_page_of_it_counts_anything(app: Flask, pair: Pair, ana: FlaskClient, now: datetime) -> None:
    line_id = sent(app, pair, now)
    ana.post(page(pair, "/height"), data={"line": line_id, "height": 3})
    for path in (page(pair), "/", f"/walk/{pair.walk_id}", f"/walk/{pair.walk_id}/check-in"):
        shown = re.sub(r"<[^>]*>", " ", main_of(ana, path))
        assert re.findall(r"\b[1-5] ?(?:of|/) ?5\b|\(\d+\)", shown) == [], path


def test_long_threads_are_read_page_by_page(app: Flask, pair: Pair, ana: FlaskClient, now: datetime) -> None:
    with app.app_context():
        for number in range(25):
            write(pair, pair.member_id if number % 2 else pair.peer_id, f"Line {number:02}.", now)
    newest = main_of(ana, page(pair))
    assert ("Line 24." in newest, "Line 04." in newest) == (True, False)
    earlier = re.search(r"\?before=\d+", newest)
    assert earlier is not None
    older = main_of(ana, page(pair, earlier.group()))
    assert ("Line 04." in older, "Line 00." in older, "Line 05." in older, "To the newest" in older) == (
        True,
        True,
        False,
        True,
    )
    assert main_of(ana, page(pair, "?before=nonsense")) != ""


def test_looking_for_new_lines_keeps_what_is_typed_and_sends_nothing(pair: Pair, ana: FlaskClient) -> None:
    looked = ana.post(page(pair), data={"words": "Half a line", "look": "1"})
    assert (looked.status_code, "Half a line</textarea>" in looked.text) == (200, True)
    assert "Half a line" not in main_of(ana, page(pair))


def test_closing_is_told_first_and_the_other_reads_it_kindly(
    app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient
) -> None:
    assert "Your walk goes on" in main_of(ana, page(pair, "/end"))
    ana.post(page(pair, "/end"))
    assert "Ana has closed your thread" in main_of(maya, "/")
    assert "Ana has closed this thread" in main_of(maya, page(pair))
    assert "<textarea" not in main_of(maya, page(pair))
    maya.post(page(pair, "/open"))
    assert "<textarea" not in main_of(maya, page(pair))
    opened = ana.post(page(pair, "/open"), follow_redirects=True).text
    assert "A check-in that ended with it stays over until it is set anew." in opened
    assert "<textarea" in main_of(maya, page(pair))


def test_asking_somebody_in_says_first_what_they_see_and_only_the_asker_knows(
    app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient, now: datetime
) -> None:
    ana.post(page(pair), data={"words": "Zephyr."})
    assert "They do not see a word" in main_of(ana, page(pair, "/heavy"))
    ana.post(page(pair, "/heavy"))
    assert "A coordinator is asked in" in main_of(ana, page(pair))
    assert "A coordinator is asked in" not in main_of(maya, page(pair))


@pytest.mark.parametrize(("over", "status"), [(State.ENDED, 200), (State.SOMEONE_ELSE, 404), (State.CLOSED, 404)])
def test_after_the_walk_it_is_read_where_it_ended_well(
    app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient, now: datetime, over: State, status: int
) -> None:
    with app.app_context():
        write(pair, pair.member_id, "Hello.", now)
        set_walk(pair.walk_id, state=over, open=False)
    assert [client.get(page(pair)).status_code for client in (ana, maya)] == [status, status]


def test_strangers_and_the_other_methods_find_nothing(
    app: Flask, pair: Pair, ana: FlaskClient, maya: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        stranger = add_peer(now, "Kim")
        write(pair, pair.member_id, "Hello.", now)
    kim = signed_in(app, stranger, now)
    for more in ("", "/end", "/heavy"):
        assert kim.get(page(pair, more)).status_code == 404
        assert kim.post(page(pair, more), data={"words": "Hello."}).status_code == 404
    for more in ("/height", "/seen", "/open", "/texts"):
        assert ana.get(page(pair, more)).status_code == 405
    with app.app_context():
        assert (len(lines(pair)), thread_row(pair).ended_at) == (1, None)


def test_while_they_rest_the_page_says_that_lines_wait(app: Flask, pair: Pair, ana: FlaskClient, now: datetime) -> None:
    with app.app_context():
        set_walk(pair.walk_id, state=State.RESTING)
    assert "No letter goes out while you rest" in main_of(ana, page(pair))


def test_without_a_phone_there_is_no_word_of_texts(pair: Pair, ana: FlaskClient) -> None:
    assert "text message" not in main_of(ana, page(pair))
    answer = ana.post(page(pair, "/texts"), data={"agree": "yes"}, follow_redirects=True)
    assert "Texts need a phone" in answer.text
