"""Booking's pages: they work, strangers get 404, others 403, GET never acts, and a lost time is told in words."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.db import transaction
from portal.domain.account import Role
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import WeeklyHours
from portal.services import booking as services
from portal.services.account import SafeAnswers, set_reach, set_safe_contact
from tests.booking_cast import (
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_member,
    add_pair,
    add_peer,
    booking_row,
    signed_in,
    walk_state,
)
from tests.matching_cast import set_walk
from tests.services.outbox import add_person

Forms = dict[str, str]


@pytest.fixture(autouse=True)
def at_ten(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture(autouse=True)
def no_tokens(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now)


@pytest.fixture
def member(app: Flask, pair: Pair, now: datetime) -> FlaskClient:
    return signed_in(app, pair.member_id, now)


@pytest.fixture
def peer(app: Flask, pair: Pair, now: datetime) -> FlaskClient:
    return signed_in(app, pair.peer_id, now)


@pytest.fixture
def stranger(app: Flask, now: datetime) -> FlaskClient:
    with app.app_context():
        person_id = add_member(now, "Sam")
    return signed_in(app, person_id, now)


@pytest.fixture
def booking_id(app: Flask, pair: Pair, now: datetime) -> int:
    with app.app_context():
        return services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "Juniper Café", key="", now=now)


def take(app: Flask, pair: Pair, now: datetime, starts_at: datetime = TUESDAY_TEN) -> None:
    """Let somebody else have this time."""
    with app.app_context():
        other = add_pair(now, peer_id=pair.peer_id, name="Noor")
        services.book(other.walk_id, other.member_id, starts_at, Format.COFFEE, "", key="", now=now)


def form_for(starts_at: datetime, **more: str) -> Forms:
    return {"starts_at": starts_at.isoformat(), "way": "coffee", "place": "Juniper Café", **more}


def test_times_stand_in_the_viewers_zone_with_the_others_clock_beside(member: FlaskClient, pair: Pair) -> None:
    page = member.get(f"/book/{pair.walk_id}")
    assert page.status_code == 200
    assert "<title>Times ·" in page.text
    assert "Tuesday 3 March, 4:00 pm; 10:00 am for Maya" in page.text
    assert "Berlin time" in page.text
    assert page.text.count("The soonest") == 1


def test_the_peer_sees_the_same_times_on_their_own_clock(peer: FlaskClient, pair: Pair) -> None:
    assert "Tuesday 3 March, 10:00 am; 4:00 pm for Ana" in peer.get(f"/book/{pair.walk_id}").text


def test_a_part_of_a_page_is_enough_for_htmx(member: FlaskClient, pair: Pair) -> None:
    page = member.get(f"/book/{pair.walk_id}", headers={"HX-Request": "true"})
    assert (page.status_code, page.text.lstrip()[:3], "<html" in page.text) == (200, "<h1", False)


def test_days_further_on_are_a_link_away(member: FlaskClient, pair: Pair) -> None:
    first = member.get(f"/book/{pair.walk_id}").text
    later = re.search(r'href="(/book/\d+\?[^"]*from=2026-03-12[^"]*)"', first)
    assert later is not None
    second = member.get(later[1].replace("&amp;", "&")).text
    assert "Thursday 12 March, 2:00 pm" in second
    assert "Tuesday 3 March" not in second
    assert "The soonest" not in second


def test_without_open_times_the_page_says_what_may_come(app: Flask, now: datetime) -> None:
    with app.app_context():
        pair = add_pair(now, peer_id=add_peer(now, days=[]))
    page = signed_in(app, pair.member_id, now).get(f"/book/{pair.walk_id}")
    assert (page.status_code, "No open times just now" in page.text) == (200, True)


def test_a_booking_takes_two_taps(member: FlaskClient, pair: Pair) -> None:
    check = member.get(f"/book/{pair.walk_id}/check", query_string={"starts_at": "2026-03-03T15:00Z"})
    assert check.status_code == 200
    assert "Tuesday 3 March, 4:00 pm</time>" in check.text
    assert "10:00 am for Maya" in check.text
    assert "30 minutes with Maya" in check.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', check.text))
    assert fields["minutes"] == "30"
    checked = re.findall(r'name="way" value="(\w+)" checked', check.text)
    assert checked == ["coffee"]
    done = member.post(f"/book/{pair.walk_id}", data=fields | {"way": checked[0]})
    assert done.status_code == 303
    chat = member.get(done.location)
    assert "Booked. You can see it here at any time. An invitation is on its way to you." in chat.text
    assert "A public place you both choose" in chat.text
    again = member.post(f"/book/{pair.walk_id}", data=fields | {"way": checked[0]})
    assert (again.status_code, again.location) == (303, done.location)


def test_a_time_that_went_answers_in_words_keeps_the_form_and_offers_times_near_it(
    app: Flask, member: FlaskClient, pair: Pair, now: datetime
) -> None:
    take(app, pair, now)
    page = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_TEN, way="walk"))
    assert page.status_code == 409
    assert "That time is no longer free. Please pick another time." in page.text
    assert 'value="Juniper Café"' in page.text
    assert 'value="walk" checked' in page.text
    near = re.findall(r'name="starts_at" value="([^"]+)"', page.text)
    assert page.text.index('<button type="submit" disabled hidden>') < page.text.index('class="time"')
    assert near == ["2026-03-03T14:00Z", "2026-03-03T16:00Z", "2026-03-03T16:30Z"]
    assert member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_ELEVEN)).status_code == 303


@pytest.mark.parametrize(
    ("starts_at", "words"),
    [
        ("2026-03-03T15:00Z", "That time is no longer free"),
        ("2026-03-03T14:30Z", "very close to another chat"),
        ("2026-03-03T20:00Z", "does not offer chats at that time"),
        ("2026-03-03T14:10Z", "start at set times"),
        ("2026-03-02T15:00Z", "a little more notice"),
        ("2026-03-01T15:00Z", "has gone by"),
        ("2026-06-01T15:00Z", "further ahead"),
    ],
)
def test_a_closed_time_says_why_before_and_at_the_submit(
    app: Flask, member: FlaskClient, pair: Pair, now: datetime, starts_at: str, words: str
) -> None:
    take(app, pair, now)
    check = member.get(f"/book/{pair.walk_id}/check", query_string={"starts_at": starts_at})
    submit = member.post(f"/book/{pair.walk_id}", data={"starts_at": starts_at, "way": "coffee"})
    assert (check.status_code, submit.status_code) == (409, 409)
    assert words in check.text
    assert words in submit.text


@pytest.mark.parametrize(
    "starts_at", ["", "soon", "2026-03-03T15:00", "9999-12-31T23:00-12:00", "9999-12-31T23:59Z", "0001-01-01T00:00Z"]
)
def test_what_is_no_time_leads_nowhere(member: FlaskClient, pair: Pair, starts_at: str) -> None:
    assert member.get(f"/book/{pair.walk_id}/check", query_string={"starts_at": starts_at}).status_code == 404


@pytest.mark.parametrize("form", [{"way": ""}, {"way": "balloon"}, {"place": "x" * 201}, {"note": "x" * 501}])
def test_bad_input_keeps_what_was_typed(member: FlaskClient, pair: Pair, form: Forms) -> None:
    page = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_TEN) | form)
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert form.get("place", "Juniper Café") in page.text
    assert member.get(f"/book/{pair.walk_id}").status_code == 200


def test_with_a_chat_ahead_the_times_lead_to_it(member: FlaskClient, pair: Pair, booking_id: int) -> None:
    for path in (f"/book/{pair.walk_id}", f"/book/{pair.walk_id}/check?starts_at=2026-03-03T16:00Z"):
        page = member.get(path)
        assert (page.status_code, page.location) == (303, f"/chat/{booking_id}")
    second = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_ELEVEN))
    assert second.status_code == 409
    assert "already have a chat ahead" in second.text
    assert f'href="/chat/{booking_id}">See the chat you have<' in re.sub(r">\s+", ">", second.text)
    part = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_ELEVEN), headers={"HX-Request": "true"})
    assert (part.status_code, "<html" in part.text, "See the chat you have" in part.text) == (409, False, True)


def test_a_chat_tells_when_with_whom_and_how(member: FlaskClient, peer: FlaskClient, booking_id: int) -> None:
    page = member.get(f"/chat/{booking_id}")
    assert page.status_code == 200
    assert "<title>Coffee ·" in page.text
    for words in ("Tuesday 3 March, 4:00 pm", "10:00 am for Maya", "Coffee in public", "Juniper Café", "30 minutes"):
        assert words in page.text
    assert "Tuesday 3 March, 10:00 am" in peer.get(f"/chat/{booking_id}").text


def test_a_chat_goes_into_ones_own_calendar(member: FlaskClient, booking_id: int) -> None:
    entry = member.get(f"/chat/{booking_id}/invite.ics")
    assert entry.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    lines = entry.text.splitlines()
    for line in ("METHOD:PUBLISH", "DTSTART:20260303T150000Z", "DTEND:20260303T153000Z", "SUMMARY:Coffee"):
        assert line in lines
    assert "ATTENDEE" not in entry.text
    assert "Maya" not in entry.text


@pytest.mark.parametrize("who", ["member", "peer"])
def test_a_chat_moves_by_a_time_and_one_button(
    request: pytest.FixtureRequest, app: Flask, booking_id: int, who: str
) -> None:
    client = request.getfixturevalue(who)
    page = client.get(f"/chat/{booking_id}/move")
    assert page.status_code == 200
    assert "2026-03-03T16:00Z" in page.text
    assert 'value="2026-03-03T15:00Z"' not in page.text
    assert f'method="get" action="/chat/{booking_id}/move/check"' in page.text
    check = client.get(f"/chat/{booking_id}/move/check", query_string={"starts_at": "2026-03-03T16:00Z"})
    clocks = ("5:00 pm", "4:00 pm") if who == "member" else ("11:00 am", "10:00 am")
    assert f"Move it to Tuesday 3 March, {clocks[0]}?" in check.text
    assert f"Tuesday 3 March, {clocks[1]}</time>" in check.text
    with app.app_context():
        assert booking_row(booking_id).starts_at == TUESDAY_TEN
    form = check.text.partition(f'action="/chat/{booking_id}/move"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', form))
    moved = client.post(f"/chat/{booking_id}/move", data=fields)
    assert (moved.status_code, moved.location) == (303, f"/chat/{booking_id}?was=2026-03-03T15:00Z")
    with app.app_context():
        assert booking_row(booking_id).starts_at == TUESDAY_ELEVEN


def test_a_closed_time_to_move_to_says_why_and_offers_others(
    app: Flask, member: FlaskClient, pair: Pair, booking_id: int, now: datetime
) -> None:
    take(app, pair, now, TUESDAY_ELEVEN)
    page = member.get(f"/chat/{booking_id}/move/check?starts_at=2026-03-03T16:00Z")
    assert (page.status_code, "no longer free" in page.text, "Free and near it" in page.text) == (409, True, True)
    assert member.get(f"/chat/{booking_id}/move/check").location == f"/chat/{booking_id}/move"
    assert member.get(f"/chat/{booking_id}/move/check?starts_at=soon").status_code == 404


def test_nobody_is_said_to_get_a_letter_who_may_not_be_written_to(
    app: Flask, member: FlaskClient, pair: Pair, now: datetime
) -> None:
    with app.app_context():
        for person_id in (pair.member_id, pair.peer_id):
            set_safe_contact(person_id, SafeAnswers(may_email=False), now=now)
    check = f"/book/{pair.walk_id}/check?starts_at=2026-03-03T15:00Z"
    assert "You get a letter" not in member.get(check).text
    chat = member.post(f"/book/{pair.walk_id}", data=form_for(TUESDAY_TEN)).location
    page = member.get(chat).text
    assert ("Booked. You can see it here at any time." in page, "An invitation" in page) == (True, False)
    assert "gets a letter" not in member.get(f"{chat}/move/check?starts_at=2026-03-03T16:00Z").text
    cancelling = member.get(f"{chat}/cancel").text
    assert ("gets a short letter" in cancelling, "Maya hears that the chat is off." in cancelling) == (False, True)
    member.post(f"{chat}/cancel", data={"revision": "0"})
    assert "Maya hears of it. No reason is given." in member.get(chat).text


def test_a_call_by_video_says_how_it_comes_about(app: Flask, now: datetime) -> None:
    with app.app_context():
        peer_id = add_peer(now, about={"formats": ["video"]})
        pair = add_pair(now, peer_id=peer_id)
    member = signed_in(app, pair.member_id, now)
    check = member.get(f"/book/{pair.walk_id}/check?starts_at=2026-03-03T15:00Z").text
    assert ("Neither of you has said yet how to be reached." in check, 'name="place"' in check) == (True, False)
    form = {"starts_at": "2026-03-03T15:00Z", "way": "video"}
    chat = member.post(f"/book/{pair.walk_id}", data=form).location
    page = member.get(chat).text
    assert "You two agree how to call. Maya has not said yet how to be reached." in page
    assert 'href="/account/reach"' in page
    with app.app_context():
        set_reach(peer_id, "maya@call.example", now=now)
    assert "You two agree how to call: write to Maya before." in member.get(chat).text
    assert "Neither of you" not in member.get(f"/book/{pair.walk_id}/check?starts_at=2026-03-03T15:00Z").text


def test_times_of_the_viewers_night_are_on_top_only_where_there_are_no_others(app: Flask, now: datetime) -> None:
    with app.app_context():
        pair = add_pair(now, peer_id=add_peer(now, zone="Asia/Tokyo"))
    member = signed_in(app, pair.member_id, now)
    assert soonest(member.get(f"/book/{pair.walk_id}").text) == ["1:00 am", "1:30 am", "2:00 am"]
    with app.app_context(), transaction() as session:
        session.add(WeeklyHours(peer_id=pair.peer_id, weekday=3, starts=16 * 60, ends=18 * 60))
    assert soonest(member.get(f"/book/{pair.walk_id}").text) == ["8:00 am", "8:30 am", "9:00 am"]


def soonest(page: str) -> list[str]:
    """Return the clock times that stand on top."""
    return re.findall(r"<b[^>]*>([^<]+)</b>", page.partition('class="soonest"')[2].partition("</section>")[0])


def test_a_move_to_a_time_that_went_offers_others(
    app: Flask, member: FlaskClient, pair: Pair, booking_id: int, now: datetime
) -> None:
    take(app, pair, now, TUESDAY_ELEVEN)
    page = member.post(f"/chat/{booking_id}/move", data={"starts_at": "2026-03-03T16:00Z", "revision": "0"})
    assert page.status_code == 409
    assert "no longer free" in page.text
    assert "Free and near it" in page.text


@pytest.mark.parametrize("who", ["member", "peer"])
def test_a_chat_is_cancelled_in_two_taps(
    request: pytest.FixtureRequest, app: Flask, pair: Pair, booking_id: int, who: str
) -> None:
    client = request.getfixturevalue(who)
    page = client.get(f"/chat/{booking_id}/cancel")
    assert (page.status_code, "gets a short letter" in page.text) == (200, True)
    with app.app_context():
        assert booking_row(booking_id).state == BookingState.BOOKED
    done = client.post(f"/chat/{booking_id}/cancel", data={"revision": "0"})
    assert (done.status_code, done.location) == (303, f"/chat/{booking_id}")
    with app.app_context():
        assert booking_row(booking_id).state == BookingState.CANCELLED
        assert walk_state(pair.walk_id) == State.BOTH_YES
    after = client.get(f"/chat/{booking_id}").text
    assert "This chat is cancelled</h1>" in after
    assert f"/book/{pair.walk_id}" in after


@pytest.mark.parametrize("deed", ["move", "cancel"])
def test_a_screen_that_is_out_of_date_is_told(
    app: Flask, member: FlaskClient, pair: Pair, booking_id: int, now: datetime, deed: str
) -> None:
    with app.app_context():
        services.move(booking_id, pair.peer_id, 0, TUESDAY_ELEVEN, key="", now=now)
    page = member.post(f"/chat/{booking_id}/{deed}", data={"revision": "0", "starts_at": "2026-03-03T15:00Z"})
    assert page.status_code == 409
    assert "Nothing is lost; here is how it stands now." in page.text
    assert "Tuesday 3 March, 5:00 pm" in page.text


@pytest.mark.parametrize("deed", ["move", "cancel"])
def test_a_chat_that_has_begun_stays_as_it_is(
    member: FlaskClient, booking_id: int, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    # The sign-in rests for two hours at most, so the member keeps the page warm on the way there.
    for at in (TUESDAY_TEN - timedelta(hours=hours) for hours in range(28, -1, -1)):
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        assert member.get(f"/chat/{booking_id}").status_code == 200
    assert member.get(f"/chat/{booking_id}/{deed}").status_code == 409
    page = member.post(f"/chat/{booking_id}/{deed}", data={"revision": "0", "starts_at": "2026-03-04T15:00Z"})
    assert page.status_code == 409
    assert "has begun or is over" in page.text


def test_a_page_is_never_put_into_a_page(member: FlaskClient, booking_id: int) -> None:
    member.post(f"/chat/{booking_id}/cancel", data={"revision": "0"})
    told = {"HX-Request": "true"}
    answer = member.get(f"/chat/{booking_id}/move/check?starts_at=2026-03-04T15:00Z", headers=told)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/chat/{booking_id}")
    page = member.get(f"/chat/{booking_id}").text
    assert "This chat is cancelled already." in page
    assert ">Undo<" in page.replace("<span>", "").replace("</span>", "")


def paths(pair: Pair, booking_id: int) -> list[tuple[str, str]]:
    check = f"/book/{pair.walk_id}/check?starts_at=2026-03-03T16:00Z"
    gets = [
        f"/book/{pair.walk_id}",
        check,
        *(f"/chat/{booking_id}{end}" for end in ("", "/move", "/cancel", "/not-made", "/invite.ics")),
        f"/chat/{booking_id}/move/check?starts_at=2026-03-03T16:00Z",
    ]
    posts = [
        f"/book/{pair.walk_id}",
        *(f"/chat/{booking_id}/{deed}" for deed in ("move", "cancel", "undo", "not-made")),
    ]
    return [("GET", path) for path in gets] + [("POST", path) for path in posts]


def statuses(client: FlaskClient, pair: Pair, booking_id: int) -> set[int]:
    form = form_for(TUESDAY_ELEVEN, revision="0")
    return {
        client.open(path, method=method, data=form if method == "POST" else None).status_code
        for method, path in paths(pair, booking_id)
    }


def test_a_stranger_finds_nothing(stranger: FlaskClient, pair: Pair, booking_id: int) -> None:
    assert statuses(stranger, pair, booking_id) == {404}


def test_coordinators_have_no_business_here(app: Flask, pair: Pair, booking_id: int, now: datetime) -> None:
    with app.app_context():
        coordinator = add_person("Cora", now, Role.COORDINATOR)
    assert statuses(signed_in(app, coordinator, now), pair, booking_id) == {403}


def test_nobody_in_particular_is_sent_to_sign_in(client: FlaskClient, pair: Pair, booking_id: int) -> None:
    assert statuses(client, pair, booking_id) == {303}
    assert "/sign-in" in client.get(f"/chat/{booking_id}").location


def test_looking_never_acts(app: Flask, member: FlaskClient, pair: Pair, booking_id: int) -> None:
    for method, path in paths(pair, booking_id):
        if method == "GET":
            member.get(path)
    with app.app_context():
        booking = booking_row(booking_id)
    assert (booking.state, booking.starts_at, booking.revision) == (BookingState.BOOKED, TUESDAY_TEN, 0)


def test_two_who_rest_are_led_to_their_walk(app: Flask, member: FlaskClient, pair: Pair) -> None:
    with app.app_context():
        set_walk(pair.walk_id, state=State.RESTING)
    times = f"/book/{pair.walk_id}"
    asked = form_for(TUESDAY_ELEVEN)
    answers = (
        member.get(times),
        member.get(f"{times}/check", query_string=asked),
        member.post(times, data=asked),
    )
    assert [answer.headers["Location"] for answer in answers] == [f"/walk/{pair.walk_id}"] * 3
    assert "“Walk on” takes it up again" in member.get(f"/walk/{pair.walk_id}").text
