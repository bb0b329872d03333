"""A peer's pages about days that are not as usual: ranges, seasons, travel and holidays."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.domain.account import Role
from portal.queries import own_hours as queries
from portal.services import slots
from tests.booking_cast import signed_in
from tests.slots_cast import add_chat, add_peer
from tests.web.account_steps import add, send
from tests.web.slots_pages import value_of, words

SIX, NINE = 18 * 60, 21 * 60
ACTS = (
    *("/times/seasons/1/hours", "/times/seasons/1/end", "/times/travel/1/end"),
    *("/times/places/1/up", "/times/places/1/remove"),
)
PAGES = ("/times/dates", "/times/holidays", "/times/seasons", "/times/travel", "/times/places")


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


@pytest.fixture
def evenings(app: Flask, peer_id: int, now: datetime) -> None:
    """Hours on Monday and Tuesday evenings."""
    with app.app_context():
        slots.add_weekly(peer_id, [0, 1], SIX, NINE, key="evenings", now=now)


@pytest.mark.usefixtures("evenings")
def test_other_hours_of_a_range_are_looked_at_before_they_are_set(
    peer: FlaskClient, app: Flask, peer_id: int, now: datetime
) -> None:
    with app.app_context():
        chat = add_chat(peer_id, datetime(2026, 3, 10, 22, tzinfo=UTC), now)
    wanted = {"first": "2026-03-09", "last": "2026-03-15", "starts": "10:00", "ends": "12:00", "days": ["0", "1"]}
    look = peer.get("/times/dates", query_string=wanted)
    assert look.status_code == 200
    said = words(look)
    assert "Monday 9 March to Tuesday 10 March: 10 am to noon" in said
    assert "This opens 8 times." in said
    assert "Monday 9 March 10:00 am" in said
    assert "This closes 10 times that are open now." in said
    assert "Move Tuesday 10 March, 6:00 pm with Robin" in said
    assert f'href="/chat/{chat}/move"' in look.text
    with app.app_context():
        assert queries.other_hours_of(peer_id, date(2026, 3, 1)) == {}
    assert send(peer, "/times/dates", request_key="a", **wanted).status_code == 303  # type: ignore[arg-type]
    page = peer.get("/times/dates")
    assert "Monday 9 March to Tuesday 10 March 10 am to noon" in words(page)
    assert "Other hours on some days 2 days" in words(peer.get("/times"))
    with app.app_context():
        window_id = queries.other_hours_of(peer_id, date(2026, 3, 9))[date(2026, 3, 9)][0].id
    assert send(peer, f"/times/dates/{window_id}/remove", last="2026-03-10", request_key="b").status_code == 303
    with app.app_context():
        assert queries.other_hours_of(peer_id, date(2026, 3, 1)) == {}


@pytest.mark.parametrize(
    ("last", "ends", "sentence"),
    [
        ("2026-03-08", "12:00", "The last day lies before the first."),
        ("2026-05-08", "12:00", "For so long, a season of its own is simpler."),
        ("soon", "12:00", "Please write a day such as 2026-03-04."),
        ("2026-03-10", "10:00", "The end is the same as the start."),
    ],
)
def test_other_hours_that_cannot_be_keep_what_was_typed(peer: FlaskClient, last: str, ends: str, sentence: str) -> None:
    wanted = {"first": "2026-03-09", "last": last, "starts": "10:00", "ends": ends, "days": ["0"], "ways": ["phone"]}
    for answer in (
        peer.get("/times/dates", query_string=wanted),
        send(peer, "/times/dates", **wanted),  # type: ignore[arg-type]
    ):
        assert answer.status_code == 422
        assert answer.text.count(sentence) == 2
        assert (value_of(answer, "last"), value_of(answer, "ends")) == (last, ends)
        assert 'name="days" value="0" checked' in answer.text
        assert 'name="ways" value="phone" checked' in answer.text


@pytest.mark.usefixtures("evenings")
def test_a_season_is_a_copy_that_is_changed_with_the_same_parts(peer: FlaskClient, app: Flask, peer_id: int) -> None:
    begun = send(peer, "/times/seasons", first="2026-07-01", last="2026-08-31", request_key="a")
    assert begun.status_code == 303
    page = peer.get(begun.location)
    assert "Wednesday 1 July to Monday 31 August. In these days this week stands" in words(page)
    assert "Monday 6 pm to 9 pm" in words(page)
    hours = {"days": ["5"], "starts": "10:00", "ends": "14:00", "ways": ["coffee"]}
    added = send(peer, f"{begun.location}/hours", request_key="b", **hours)  # type: ignore[arg-type]
    assert (added.status_code, added.location) == (303, begun.location)
    assert "Saturday 10 am to 2 pm, coffee in public only" in words(peer.get(begun.location))
    season_id = int(begun.location.rpartition("/")[2])
    with app.app_context():
        monday = queries.weekly_of(peer_id, season_id)[0][0].id
    gone = send(peer, f"/times/hours/{monday}/remove", season=str(season_id), request_key="c")
    assert gone.location == begun.location
    copied = send(peer, f"{begun.location}/days/5/copy", days=["6"], request_key="d")  # type: ignore[arg-type]
    assert copied.location == begun.location
    said = words(peer.get("/times/seasons"))
    assert "Saturday: 10 am to 2 pm, coffee in public only Sunday: 10 am to 2 pm" in said
    assert "Monday 6 pm to 9 pm" in words(peer.get("/times"))
    assert send(peer, f"{begun.location}/end", request_key="e").location == "/times/seasons"
    assert peer.get(begun.location).status_code == 404


@pytest.mark.usefixtures("evenings")
def test_htmx_gets_a_seasons_week_alone(peer: FlaskClient) -> None:
    season = send(peer, "/times/seasons", first="2026-07-01", last="2026-08-31", request_key="a").location
    token = value_of(peer.get(season), "csrf_token")
    fields = {"csrf_token": token, "days": ["6"], "starts": "09:00", "ends": "11:00"}
    answer = peer.post(f"{season}/hours", data=fields, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Added: 9 am to 11 am on Sunday." in words(answer)


def test_seasons_that_overlap_are_refused_in_words(peer: FlaskClient) -> None:
    send(peer, "/times/seasons", first="2026-07-01", last="2026-08-31", request_key="a")
    answer = send(peer, "/times/seasons", first="2026-08-31", last="2026-09-10", empty="y", request_key="b")
    assert answer.status_code == 422
    assert answer.text.count("You have a season in these days already.") == 2
    assert value_of(answer, "first") == "2026-08-31"
    assert 'name="empty" value="y" checked' in answer.text


@pytest.fixture
def season(peer: FlaskClient, app: Flask, peer_id: int, evenings: None, now: datetime) -> str:
    """A season from Monday 9 to Friday 20 March with nothing but a Sunday morning, and where its page is."""
    with app.app_context():
        season_id = slots.add_season(peer_id, date(2026, 3, 9), date(2026, 3, 20), copied=False, key="s", now=now)
        slots.add_weekly(peer_id, [6], 600, 660, season_id=season_id, key="t", now=now)
    return f"/times/seasons/{season_id}"


def test_a_seasons_days_are_changed_after_a_look_at_what_that_opens_and_closes(
    peer: FlaskClient, app: Flask, peer_id: int, season: str, now: datetime
) -> None:
    with app.app_context():
        chat = add_chat(peer_id, datetime(2026, 3, 23, 23, tzinfo=UTC), now)
    assert f'href="{season}/days"' in peer.get(season).text
    page = peer.get(f"{season}/days")
    assert (value_of(page, "first"), value_of(page, "last")) == ("2026-03-09", "2026-03-20")
    wanted = {"first": "2026-03-16", "last": "2026-03-29"}
    look = peer.get(f"{season}/days", query_string=wanted)
    said = words(look)
    assert look.status_code == 200
    assert "Monday 16 March to Sunday 29 March" in said
    assert "This opens" in said
    assert "This closes" in said
    assert f'href="/chat/{chat}/move"' in look.text
    with app.app_context():
        assert [row.first_day for row in queries.seasons_ahead(peer_id, date(2026, 3, 2))] == [date(2026, 3, 9)]
    kept = send(peer, f"{season}/days", request_key="a", **wanted)
    assert (kept.status_code, kept.location) == (303, season)
    said = words(peer.get(season))
    assert "Kept. This week holds Monday 16 March to Sunday 29 March." in said
    assert "Sunday 10 am to 11 am" in said


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-03-20", "2026-03-16", "The last day lies before the first."),
        ("2026-03-16", "2026-06-01", "You have a season in these days already."),
        ("2026-02-01", "2026-03-01", "That day has gone by."),
        ("2026-03-16", "2028-03-01", "Please choose a day within the next year."),
        ("someday", "2026-03-16", "Please write a day such as 2026-03-04."),
    ],
)
def test_days_that_a_season_cannot_have_are_said_why_and_stay(
    peer: FlaskClient, app: Flask, peer_id: int, season: str, now: datetime, first: str, last: str, sentence: str
) -> None:
    with app.app_context():
        slots.add_season(peer_id, date(2026, 6, 1), date(2026, 6, 10), copied=False, key="u", now=now)
    wanted = {"first": first, "last": last}
    for answer in (
        peer.get(f"{season}/days", query_string=wanted),
        send(peer, f"{season}/days", request_key="a", **wanted),
    ):
        assert answer.status_code == 422
        assert answer.text.count(sentence) == 2
        assert (value_of(answer, "first"), value_of(answer, "last")) == (first, last)


@pytest.mark.usefixtures("evenings")
def test_travel_is_looked_at_in_the_hours_of_both_clocks(peer: FlaskClient, app: Flask, peer_id: int) -> None:
    wanted = {"first": "2026-03-09", "last": "2026-03-20", "zone": "Asia/Tokyo"}
    look = peer.get("/times/travel", query_string=wanted)
    said = words(look)
    assert "Monday 9 March to Friday 20 March: Tokyo time" in said
    assert "Monday: 6 pm to 9 pm there is 5 am to 8 am at home." in said
    assert "Go by that clock" in said
    with app.app_context():
        assert queries.stays_ahead(peer_id, date(2026, 3, 2)) == []
    assert send(peer, "/times/travel", request_key="a", **wanted).status_code == 303
    stay = "Monday 9 March to Friday 20 March: Tokyo time"
    assert f"While you travel your hours go by the clock there. {stay}." in words(peer.get("/times"))
    with app.app_context():
        (row,) = queries.stays_ahead(peer_id, date(2026, 3, 2))
    assert send(peer, f"/times/travel/{row.id}/end", request_key="b").status_code == 303
    assert "Tokyo time" not in words(peer.get("/times"))


@pytest.mark.usefixtures("evenings")
def test_hours_there_may_begin_on_another_day_at_home(peer: FlaskClient) -> None:
    west = peer.get("/times/travel?first=2026-03-09&last=2026-03-09&zone=Pacific/Honolulu")
    assert "Monday: 6 pm to 9 pm there begins the day after at home: midnight to 3 am." in words(west)
    east = peer.get("/times/travel?first=2026-03-09&last=2026-03-09&zone=Pacific/Kiritimati")
    assert "Monday: 6 pm to 9 pm there is midnight to 3 am at home." in words(east)


@pytest.mark.parametrize(
    ("zone", "last", "sentence"),
    [
        ("America/New_York", "2026-03-10", "That is the clock you live by."),
        ("Europe/Atlantis", "2026-03-10", "Not a valid choice."),
        ("", "2026-03-10", "Please choose the place you will be in."),
        ("Asia/Tokyo", "2026-03-01", "The last day lies before the first."),
    ],
)
def test_travel_that_cannot_be_is_said_why(peer: FlaskClient, zone: str, last: str, sentence: str) -> None:
    wanted = {"first": "2026-03-09", "last": last, "zone": zone}
    for answer in (
        peer.get("/times/travel", query_string=wanted),
        send(peer, "/times/travel", **wanted),
    ):
        assert answer.status_code == 422
        assert answer.text.count(sentence) == 2
        assert value_of(answer, "last") == last


@pytest.mark.usefixtures("evenings")
def test_holidays_are_a_suggestion_with_ticks(peer: FlaskClient, app: Flask, peer_id: int, now: datetime) -> None:
    page = peer.get("/times/holidays")
    assert "United States: the next six months" in words(page)
    assert "Monday 25 May Memorial Day. Your hours: 6 pm to 9 pm" in words(page)
    assert 'value="2026-05-25" checked' in page.text
    assert 'value="2026-06-19" checked' not in page.text
    with app.app_context():
        assert queries.time_off_ahead(peer_id, now) == []
    bavaria = {"country": "DE", "region": "BY"}
    assert "Corpus Christi" in words(peer.get("/times/holidays", query_string=bavaria))
    fields = bavaria | {"days": ["2026-05-25", "2026-06-04"], "request_key": "a"}
    taken = send(peer, "/times/holidays", **fields)  # type: ignore[arg-type]
    assert (taken.status_code, taken.location) == (303, "/times/off")
    assert "2 days are taken off." in words(peer.get("/times/off"))
    again = words(peer.get("/times/holidays"))
    assert "Germany: the next six months" in again
    assert "Monday 25 May, Pentecost Monday: off already" in again


def test_no_ticked_day_is_said_and_a_country_that_is_none_shows_the_list(peer: FlaskClient) -> None:
    answer = send(peer, "/times/holidays", country="DE", region="", request_key="a")
    assert answer.status_code == 422
    assert answer.text.count("Please tick at least one day.") == 2
    nowhere = peer.get("/times/holidays?country=ZZ&region=%3Cb%3E")
    assert nowhere.status_code == 200
    assert "Take the ticked days off" not in nowhere.text
    assert send(peer, "/times/holidays", country="ZZ", days="2026-05-25", request_key="b").status_code == 422


def test_a_strangers_days_are_not_found(peer: FlaskClient, app: Flask, now: datetime) -> None:
    with app.app_context():
        other = add_peer("sam@example.org", now)
        season_id = slots.add_season(other, date(2026, 3, 9), date(2026, 3, 10), copied=False, key="a", now=now)
        slots.add_weekly(other, [0], SIX, NINE, season_id=season_id, key="b", now=now)
        slots.add_stay(other, date(2026, 3, 9), date(2026, 3, 10), "Asia/Tokyo", key="c", now=now)
        window_id = queries.weekly_of(other, season_id)[0][0].id
        stay_id = queries.stays_ahead(other, date(2026, 3, 2))[0].id
    week = {"days": "0", "starts": "10:00", "ends": "12:00"}
    assert peer.get(f"/times/seasons/{season_id}").status_code == 404
    assert peer.get(f"/times/seasons/{season_id}/days/0/copy").status_code == 404
    assert send(peer, f"/times/seasons/{season_id}/hours", request_key="d", **week).status_code == 404
    assert send(peer, f"/times/seasons/{season_id}/end", request_key="e").status_code == 404
    assert peer.get(f"/times/seasons/{season_id}/days").status_code == 404
    other_days = {"first": "2026-03-09", "last": "2026-03-11", "request_key": "i"}
    assert send(peer, f"/times/seasons/{season_id}/days", **other_days).status_code == 404
    assert send(peer, f"/times/hours/{window_id}/remove", season=str(season_id), request_key="f").status_code == 404
    assert send(peer, f"/times/hours/{window_id}/remove", season="x", request_key="g").status_code == 404
    assert send(peer, f"/times/travel/{stay_id}/end", request_key="h").status_code == 404


def test_these_pages_are_for_peers(app: Flask, client: FlaskClient, now: datetime) -> None:
    member = signed_in(app, add(app, "robin@example.org", Role.MEMBER, now=now), now)
    for path in PAGES:
        assert member.get(path).status_code == 403
        assert client.get(path).status_code == 303
    for path in (*ACTS, *PAGES):
        assert send(member, path).status_code == 403


def test_what_acts_does_not_answer_a_get_and_wants_its_token(peer: FlaskClient) -> None:
    for path in ACTS:
        assert peer.get(path).status_code == 405
        assert peer.post(path).status_code == 400


@pytest.mark.usefixtures("evenings")
def test_hours_may_be_for_some_ways_to_meet(peer: FlaskClient) -> None:
    hours = {"days": ["5"], "starts": "10:00", "ends": "14:00", "ways": ["coffee", "walk"]}
    send(peer, "/times/hours", request_key="a", **hours)  # type: ignore[arg-type]
    said = words(peer.get("/times"))
    assert "Saturday 10 am to 2 pm, coffee in public and a walk only" in said
    wrong = send(peer, "/times/hours", request_key="b", **hours | {"ways": ["pigeon"]})  # type: ignore[arg-type]
    assert wrong.status_code == 422
