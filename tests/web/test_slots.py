"""A peer's pages about their times: they work, keep what was typed, and are nobody else's."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import clock
from portal.domain.account import Role
from portal.domain.slots import ChatWishes
from portal.queries import own_hours as queries
from portal.services import slots
from portal.web.slots.chats import FOLDED
from tests.booking_cast import signed_in
from tests.slots_cast import add_chat, add_peer
from tests.web.account_steps import add, send
from tests.web.slots_pages import words

SIX, NINE = 18 * 60, 21 * 60
ACTS = ("/times/hours", "/times/hours/1/remove", "/times/dates/1/remove", "/times/off/1/end")
PAGES = (
    *("/times", "/times/dates", "/times/off", "/times/chats", "/times/seen"),
    *("/times/holidays", "/times/seasons", "/times/travel", "/times/places"),
)


@pytest.fixture(autouse=True)
def _stopped(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    with app.app_context():
        return add_peer("maya@example.org", now)


@pytest.fixture
def peer(app: Flask, peer_id: int, now: datetime) -> FlaskClient:
    return signed_in(app, peer_id, now)


def post_hours(browser: FlaskClient, days: list[str], starts: str, ends: str, **more: str) -> TestResponse:
    return send(browser, "/times/hours", days=days, starts=starts, ends=ends, request_key="k", **more)  # type: ignore[arg-type]


def test_monday_to_thursday_evenings_are_four_ticks_and_one_tap(peer: FlaskClient) -> None:
    first = peer.get("/times")
    assert re.findall(r'name="starts"[^>]*value="([^"]+)"', first.text) == ["18:00"]
    assert re.findall(r'name="ends"[^>]*value="([^"]+)"', first.text) == ["21:00"]
    answer = post_hours(peer, ["0", "1", "2", "3"], "18:00", "21:00")
    assert (answer.status_code, answer.location) == (303, "/times")
    page = words(peer.get("/times"))
    assert "Added: 6 pm to 9 pm on Monday, Tuesday, Wednesday and Thursday." in page
    assert "No hours on Friday, Saturday and Sunday." in page
    assert "New York time" in page
    assert "Monday 2 March, 6:00 pm" in page


def test_htmx_gets_the_week_alone_with_the_words_in_it(peer: FlaskClient, peer_id: int) -> None:
    page = peer.get("/times").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    fields = {"csrf_token": token[1], "days": ["0"], "starts": "22:00", "ends": "02:00"}
    answer = peer.post("/times/hours", data=fields, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Added: 10 pm to 2 am the next day on Monday." in words(answer)


def test_hours_shorter_than_a_chat_are_said_to_open_nothing_yet(peer: FlaskClient) -> None:
    short = "Your chats take 30 minutes, so hours shorter than that open nothing yet."
    post_hours(peer, ["0"], "18:00", "18:20")
    assert short in words(peer.get("/times"))
    send(peer, "/times/dates", first="2026-03-10", starts="18:00", ends="18:25", request_key="d")
    assert short in words(peer.get("/times/dates"))
    send(peer, "/times/hours", days=["0"], starts="18:20", ends="18:40", request_key="k2")  # type: ignore[arg-type]
    assert short not in words(peer.get("/times"))


def test_hours_that_meet_others_are_said_to_be_one_now(
    peer: FlaskClient, app: Flask, peer_id: int, now: datetime
) -> None:
    with app.app_context():
        slots.add_weekly(peer_id, [0], SIX, NINE, key="a", now=now)
    post_hours(peer, ["0", "1"], "20:00", "22:00")
    page = words(peer.get("/times"))
    assert "On Monday it met hours you had, so they are one now." in page
    assert "6 pm to 10 pm" in page


@pytest.mark.parametrize(
    ("days", "starts", "ends", "sentence"),
    [
        ([], "18:00", "21:00", "Please choose at least one day."),
        (["2"], "18:03", "21:00", "Please use steps of five minutes, such as 6:00 or 6:05."),
        (["2"], "18:00", "18:00", "The end is the same as the start."),
        (["2"], "18:00", "late", "Please write a time such as 18:30 or 6:30 pm."),
        (["2"], "18:00", "", "Please choose when it ends."),
    ],
)
def test_what_was_typed_is_kept_with_the_sentence_beside_it(
    peer: FlaskClient, app: Flask, peer_id: int, days: list[str], starts: str, ends: str, sentence: str
) -> None:
    answer = post_hours(peer, days, starts, ends)
    assert answer.status_code == 422
    assert answer.text.count(sentence) == 2
    assert re.findall(r'name="starts"[^>]*value="([^"]*)"', answer.text) == [starts]
    assert re.findall(r'name="ends"[^>]*value="([^"]*)"', answer.text) == [ends]
    assert re.findall(r'name="days" value="(\d)" checked', answer.text) == days
    with app.app_context():
        assert queries.weekly_of(peer_id) == {}


@pytest.mark.parametrize(("typed", "minutes"), [("6 pm", SIX), ("6:30PM", SIX + 30), ("18.05", SIX + 5), ("12am", 0)])
def test_times_may_be_typed_as_people_write_them(
    peer: FlaskClient, app: Flask, peer_id: int, typed: str, minutes: int
) -> None:
    assert post_hours(peer, ["0"], typed, "23:00").status_code == 303
    with app.app_context():
        assert [row.starts for row in queries.weekly_of(peer_id)[0]] == [minutes]


def test_a_day_is_copied_and_a_window_removed(peer: FlaskClient, app: Flask, peer_id: int, now: datetime) -> None:
    with app.app_context():
        slots.add_weekly(peer_id, [0], SIX, NINE, key="a", now=now)
    assert "Copy Monday 6 pm to 9 pm" in words(peer.get("/times/days/0/copy"))
    assert send(peer, "/times/days/0/copy", request_key="b").status_code == 422
    answer = send(peer, "/times/days/0/copy", days=["4", "6"], request_key="c")  # type: ignore[arg-type]
    assert answer.status_code == 303
    assert "Friday and Sunday: the same hours as Monday now." in words(peer.get("/times"))
    with app.app_context():
        assert sorted(queries.weekly_of(peer_id)) == [0, 4, 6]
        window_id = queries.weekly_of(peer_id)[4][0].id
    assert send(peer, f"/times/hours/{window_id}/remove", request_key="d").status_code == 303
    with app.app_context():
        assert sorted(queries.weekly_of(peer_id)) == [0, 6]
    assert peer.get("/times/days/4/copy").status_code == 404
    assert peer.get("/times/days/9/copy").status_code == 404


def test_other_hours_hold_for_one_date(peer: FlaskClient, app: Flask, peer_id: int, now: datetime) -> None:
    with app.app_context():
        slots.add_weekly(peer_id, [0], SIX, NINE, key="a", now=now)
    gone = send(peer, "/times/dates", first="2026-03-01", starts="10:00", ends="12:00")
    assert gone.status_code == 422
    assert "That day has gone by." in gone.text
    assert 'value="2026-03-01"' in gone.text
    assert send(peer, "/times/dates", first="2026-03-09", starts="10:00", ends="12:00").status_code == 303
    page = words(peer.get("/times/dates"))
    assert "Monday 9 March 10 am to noon" in page
    assert "Instead of 6 pm to 9 pm" in page
    with app.app_context():
        window_id = queries.other_hours_of(peer_id, date(2026, 3, 9))[date(2026, 3, 9)][0].id
    assert send(peer, f"/times/dates/{window_id}/remove").status_code == 303
    assert "Monday 9 March" not in words(peer.get("/times/dates"))


def test_time_off_is_looked_at_before_it_is_taken(peer: FlaskClient, app: Flask, peer_id: int, now: datetime) -> None:
    with app.app_context():
        slots.add_weekly(peer_id, [1], SIX, NINE, key="a", now=now)
        chat = add_chat(peer_id, datetime(2026, 3, 10, 22, tzinfo=UTC), now)
    look = peer.get("/times/off?first=2026-03-09&last=2026-03-15")
    assert look.status_code == 200
    assert "Monday 9 March to Sunday 15 March" in words(look)
    assert "This closes 4 times that are open now." in words(look)
    assert "Move Tuesday 10 March, 6:00 pm with Robin" in words(look)
    assert f'href="/chat/{chat}/move"' in look.text
    with app.app_context():
        assert queries.time_off_ahead(peer_id, now) == []
    taken = send(peer, "/times/off", first="2026-03-09", last="2026-03-15", request_key="b")
    assert (taken.status_code, taken.location) == (303, "/times/off")
    after = peer.get("/times/off")
    assert "They stay booked, unless you move them." in words(after)
    assert "Time off Monday 9 March to Sunday 15 March" in words(peer.get("/times"))
    with app.app_context():
        (row,) = queries.time_off_ahead(peer_id, now)
    assert send(peer, f"/times/off/{row.id}/end", request_key="c").status_code == 303
    with app.app_context():
        assert queries.time_off_ahead(peer_id, now) == []


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-03-15", "2026-03-09", "The last day lies before the first."),
        ("2026-03-09", "soon", "Please write a day such as 2026-03-04."),
        ("2026-03-09", "9999-12-31", "Please choose a day within the next year."),
        ("", "2026-03-09", "Please choose a day."),
    ],
)
def test_days_that_cannot_be_taken_off_are_kept_and_said_why(
    peer: FlaskClient, first: str, last: str, sentence: str
) -> None:
    for answer in (
        peer.get("/times/off", query_string={"first": first, "last": last}),
        send(peer, "/times/off", first=first, last=last),
    ):
        assert answer.status_code == 422
        assert sentence in answer.text
        assert re.findall(r'name="last"[^>]*value="([^"]*)"', answer.text) == [last]


WISHES = {
    "length_minutes": "45",
    "rest_before_minutes": "15",
    "rest_after_minutes": "30",
    "notice_hours": "24",
    "horizon_days": "14",
    "cap_per_day": "2",
    "cap_per_week": "6",
    "cap_minutes_per_day": "120",
    "cap_minutes_per_week": "300",
    "step_minutes": "15",
}


def test_wishes_are_one_form(peer: FlaskClient, app: Flask, peer_id: int) -> None:
    lengths = {"other_lengths": ["30", "60"], "says_yes_first": "y"}
    assert send(peer, "/times/chats", **WISHES | lengths).status_code == 303  # type: ignore[arg-type]
    page = words(peer.get("/times"))
    assert "Chats of 45 minutes; members may also choose 30 and 60." in page
    assert (
        "Rest: 15 minutes before a chat, 30 minutes after. Booked at least 1 day before. At most 2 weeks ahead." in page
    )
    assert "A start every 15 minutes. At most 2 chats a day. At most 6 chats a week. At most 2 hours a day." in page
    assert "At most 5 hours a week. You say yes to each chat first." in page
    form = peer.get("/times/chats").text
    assert re.findall(r'name="other_lengths" value="(\d+)" checked', form) == ["30", "60"]
    assert 'name="says_yes_first" value="y" checked' in form


def test_no_limit_is_a_choice_and_what_is_not_sent_stays(peer: FlaskClient, app: Flask, peer_id: int) -> None:
    send(peer, "/times/chats", **WISHES)
    none = {"cap_per_day": "0", "cap_per_week": "0", "cap_minutes_per_day": "0", "step_minutes": "0"}
    assert send(peer, "/times/chats", length_minutes="30", **none).status_code == 303
    with app.app_context():
        assert queries.wishes_of(peer_id) == ChatWishes(30, 15, 30, 24, 14, cap_minutes_per_week=300)


@pytest.mark.parametrize("field", [*WISHES, "other_lengths"])
def test_a_wish_that_is_on_no_list_is_said_beside_it(peer: FlaskClient, app: Flask, peer_id: int, field: str) -> None:
    answer = send(peer, "/times/chats", **WISHES | {field: "11"})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert ('<details class="card" open>' in answer.text) == (field in FOLDED)
    with app.app_context():
        assert queries.wishes_of(peer_id) == ChatWishes()


def test_in_the_week_of_the_clock_change_the_wall_stays_the_same(
    peer: FlaskClient, app: Flask, peer_id: int, now: datetime
) -> None:
    with app.app_context():
        slots.add_weekly(peer_id, [5, 6], 60, 5 * 60, key="a", now=now)
    assert "On Sunday 8 March the clocks change." in words(peer.get("/times"))
    page = words(peer.get("/times/seen"))
    assert "Saturday 7 March 1:00 am, 1:30 am, 2:00 am, 2:30 am, 3:00 am" in page
    assert "Sunday 8 March 1:00 am, 1:30 am, 3:00 am, 3:30 am, 4:00 am, 4:30 am" in page
    skipped = peer.get("/times/seen?day=2026-03-08&at=02:30")
    assert "The clocks skip that time on that day." in words(skipped)


@pytest.mark.parametrize(
    ("day", "at", "sentence"),
    [
        ("2026-03-03", "18:00", "This time is open."),
        ("2026-03-03", "12:00", "That time is outside your hours. Other times are open."),
        ("2026-03-01", "18:00", "That time has gone by. Please pick a later one."),
        ("2026-06-02", "18:00", "That is further ahead than your chats can be booked."),
    ],
)
def test_any_time_may_be_asked_about(
    peer: FlaskClient, app: Flask, peer_id: int, now: datetime, day: str, at: str, sentence: str
) -> None:
    with app.app_context():
        slots.add_weekly(peer_id, [1], SIX, NINE, key="a", now=now)
    answer = peer.get(f"/times/seen?day={day}&at={at}")
    assert answer.status_code == 200
    assert sentence in words(answer)


@pytest.mark.parametrize("query", ["day=9999-12-31&at=23:55", "day=0001-01-01&at=00:00", "day=&at=", "day=x&at=y"])
def test_a_time_that_is_none_is_said_kindly(peer: FlaskClient, query: str) -> None:
    assert peer.get(f"/times/seen?{query}").status_code == 422


def test_a_strangers_window_is_not_found(peer: FlaskClient, app: Flask, now: datetime) -> None:
    with app.app_context():
        other = add_peer("sam@example.org", now)
        slots.add_weekly(other, [0], SIX, NINE, key="a", now=now)
        slots.add_other(other, date(2026, 3, 9), date(2026, 3, 9), SIX, NINE, key="b", now=now)
        slots.take_time_off(other, date(2026, 3, 9), date(2026, 3, 9), key="c", now=now)
        window = queries.weekly_of(other)[0][0].id
        day = queries.other_hours_of(other, date(2026, 3, 9))[date(2026, 3, 9)][0].id
        off = queries.time_off_ahead(other, now)[0].id
    for path in (f"/times/hours/{window}/remove", f"/times/dates/{day}/remove", f"/times/off/{off}/end"):
        assert send(peer, path, request_key="d").status_code == 404
    with app.app_context():
        assert len(queries.weekly_of(other)[0]) == 1
        assert len(queries.time_off_ahead(other, now)) == 1


def test_these_pages_are_for_peers(app: Flask, client: FlaskClient, now: datetime) -> None:
    member = signed_in(app, add(app, "robin@example.org", Role.MEMBER, now=now), now)
    for path in (*PAGES, "/times/days/0/copy"):
        assert member.get(path).status_code == 403
        assert client.get(path).status_code == 303
    for path in (*ACTS, "/times/off", "/times/chats", "/times/dates"):
        assert send(member, path).status_code == 403


def test_what_acts_does_not_answer_a_get_and_wants_its_token(peer: FlaskClient) -> None:
    for path in ACTS:
        assert peer.get(path).status_code == 405
        assert peer.post(path).status_code == 400


def test_a_peer_who_told_nothing_yet_finds_every_page(app: Flask, now: datetime) -> None:
    with app.app_context():
        new = add_peer("new@example.org", now, profile=False)
    browser = signed_in(app, new, now)
    assert [browser.get(path).status_code for path in PAGES] == [200] * len(PAGES)
    assert "No open time lies inside." in browser.get("/times/off?first=2026-03-09&last=2026-03-10").text
    assert browser.get("/times/seen?day=2026-03-09&at=18:00").status_code == 200
