"""The pages of a rhythm: a look that books nothing, what does not fit with times near it, one tap, and its end."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.db import transaction
from portal.domain.account import Role
from portal.domain.booking import Meeting
from portal.domain.booking.rhythm import turns
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import Booking, TimeOff
from portal.services import booking as services
from tests.booking_cast import TUESDAY_TEN, Pair, add_member, add_pair, add_peer, signed_in
from tests.services.outbox import add_person

CHOSEN = re.compile(r'name="start" value="([^"]+)" checked')
NEAR = re.compile(r'type="radio" name="near-([^"]+)" value="([^"]+)"')


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now, State.WALKING, peer_id=add_peer(now, horizon_days=60))


def look(pair: Pair, **more: object) -> str:
    asked = {"starts_at": f"{TUESDAY_TEN:%Y-%m-%dT%H:%MZ}", "every": 1, "times": 4, **more}
    return f"/book/{pair.walk_id}/rhythm?" + "&".join(f"{name}={value}" for name, value in asked.items())


def weekly(count: int) -> list[datetime]:
    return [turn.starts_at for turn in turns(TUESDAY_TEN, "Europe/Berlin", 1, count)]


def send(client: FlaskClient, pair: Pair, starts: list[str], **near: str) -> object:
    form = {"starts_at": TUESDAY_TEN.isoformat(), "every": "1", "times": "4", "way": "coffee", "place": ""}
    return client.post(f"/book/{pair.walk_id}/rhythm", data={**form, "start": starts, **near})


def count_chats(app: Flask) -> int:
    with app.app_context(), transaction() as session:
        return session.query(Booking).count()


def close(app: Flask, pair: Pair, at: datetime) -> None:
    with app.app_context(), transaction() as session:
        session.add(TimeOff(peer_id=pair.peer_id, starts_at=at, ends_at=at + timedelta(minutes=30)))


def test_looking_books_nothing_and_shows_each_time_by_the_lookers_own_clock(
    app: Flask, pair: Pair, member: FlaskClient
) -> None:
    page = member.get(look(pair)).text
    assert CHOSEN.findall(page) == [f"{at:%Y-%m-%dT%H:%MZ}" for at in weekly(4)]
    assert page.count("4:00 pm") >= 4
    # New York changes its clocks on 8 March, Berlin on 29 March.
    assert page.count("That week it is 11:00 am for Maya: the clocks change on different days.") == 3
    assert count_chats(app) == 0


def test_what_does_not_fit_says_why_and_offers_times_near_it(app: Flask, pair: Pair, member: FlaskClient) -> None:
    third = weekly(3)[2]
    close(app, pair, third)
    page = member.get(look(pair)).text
    assert "Tuesday 17 March, 4:00 pm does not fit" in page
    assert "Your peer is taking time off then." in page
    near = NEAR.findall(page)
    assert len(near) == 3
    sent = send(member, pair, CHOSEN.findall(page), **{f"near-{near[0][0]}": near[0][1]})
    assert sent.status_code == 303  # type: ignore[attr-defined]
    assert count_chats(app) == 4


def test_what_lies_beyond_the_horizon_is_said(app: Flask, pair: Pair, member: FlaskClient) -> None:
    page = member.get(look(pair, times=12)).text
    assert "lie further ahead than can be booked for now" in page
    assert len(CHOSEN.findall(page)) < 12


def test_one_tap_books_them_and_the_page_of_each_tells_of_the_others(
    app: Flask, pair: Pair, member: FlaskClient
) -> None:
    sent = send(member, pair, [at.isoformat() for at in weekly(4)])
    page = member.get(sent.location).text  # type: ignore[attr-defined]
    assert "Your rhythm is set: 4 chats." in page
    assert "Every week" in page
    assert "End the rhythm after this chat" in page


def test_where_one_went_meanwhile_the_page_comes_back_with_the_others_still_chosen(
    app: Flask, pair: Pair, member: FlaskClient
) -> None:
    starts = [at.isoformat() for at in weekly(4) if at != weekly(4)[1]]
    close(app, pair, weekly(3)[2])
    sent = send(member, pair, starts)
    assert sent.status_code == 409  # type: ignore[attr-defined]
    text = sent.text  # type: ignore[attr-defined]
    assert "One of these times went in the meantime, so nothing is booked yet." in text
    assert CHOSEN.findall(text) == [f"{at:%Y-%m-%dT%H:%MZ}" for at in (weekly(4)[0], weekly(4)[3])]
    assert count_chats(app) == 0


def test_a_single_time_is_no_rhythm(app: Flask, pair: Pair, member: FlaskClient) -> None:
    sent = send(member, pair, [TUESDAY_TEN.isoformat()])
    assert sent.status_code == 422  # type: ignore[attr-defined]
    assert "A rhythm has at least two chats." in sent.text  # type: ignore[attr-defined]


def test_its_end_is_looked_at_first_and_keeps_this_chat(app: Flask, pair: Pair, member: FlaskClient) -> None:
    with app.app_context():
        first = services.set_rhythm(
            pair.walk_id, pair.member_id, weekly(3), 1, Meeting(Format.PHONE), key="", now=clock.now()
        )
    page = member.get(f"/chat/{first}/end-rhythm").text
    assert "End this rhythm?" in page
    assert "Tuesday 10 March" in page
    sent = member.post(f"/chat/{first}/end-rhythm")
    assert "2 later chats are cancelled. This one stays." in member.get(sent.location).text
    assert member.get(f"/chat/{first}/end-rhythm").status_code == 409


def test_before_the_first_coffee_the_page_leads_on(app: Flask, now: datetime) -> None:
    with app.app_context():
        pair = add_pair(now, name="Noor")
    noor = signed_in(app, pair.member_id, now)
    assert noor.get(look(pair)).location == f"/walk/{pair.walk_id}"


def test_the_chat_and_the_booking_screen_lead_to_a_rhythm_only_after_the_first_coffee(
    app: Flask, pair: Pair, member: FlaskClient, now: datetime
) -> None:
    assert "Or every week at this time" in member.get(f"/book/{pair.walk_id}/check?starts_at={TUESDAY_TEN:%FT%RZ}").text
    with app.app_context():
        chat = services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.PHONE, "", key="", now=now)
        first = add_pair(now, peer_id=add_peer(now, "Cleo"), name="Noor")
    assert "Every week at this time?" in member.get(f"/chat/{chat}").text
    noor = signed_in(app, first.member_id, now)
    assert "every week" not in noor.get(f"/book/{first.walk_id}/check?starts_at={TUESDAY_TEN:%FT%RZ}").text.lower()


def test_strangers_find_nothing_and_who_books_for_nobody_is_refused(
    app: Flask, pair: Pair, member: FlaskClient, now: datetime
) -> None:
    with app.app_context():
        stranger = signed_in(app, add_member(now, "Sam"), now)
        alice = signed_in(app, add_person("Alice", now, Role.COORDINATOR), now)
        first = services.set_rhythm(pair.walk_id, pair.member_id, weekly(2), 1, Meeting(Format.PHONE), key="", now=now)
    for client, status in ((stranger, 404), (alice, 403)):
        assert client.get(look(pair)).status_code == status
        assert client.post(f"/book/{pair.walk_id}/rhythm", data={"starts_at": "x"}).status_code == status
        assert client.get(f"/chat/{first}/end-rhythm").status_code == status
        assert client.post(f"/chat/{first}/end-rhythm").status_code == status


@pytest.mark.parametrize("day", ["9999-12-31T23:59Z", "9999-12-01T15:00Z", "0001-01-01T00:00Z"])
def test_where_the_calendar_ends_no_rhythm_begins(member: FlaskClient, pair: Pair, day: str) -> None:
    assert member.get(look(pair, starts_at=day)).status_code == 404
    form = {"starts_at": day, "every": "1", "times": "4", "way": "coffee", "place": "", "start": [day]}
    assert member.post(f"/book/{pair.walk_id}/rhythm", data=form).status_code == 404


def test_a_chat_says_that_it_is_one_of_a_rhythm_only_while_it_goes_on(
    app: Flask, pair: Pair, member: FlaskClient
) -> None:
    with app.app_context():
        first = services.set_rhythm(
            pair.walk_id, pair.member_id, weekly(2), 1, Meeting(Format.PHONE), key="", now=clock.now()
        )
    assert "This chat is one of a rhythm." in member.get(f"/chat/{first}").text
    member.post(f"/chat/{first}/end-rhythm")
    page = member.get(f"/chat/{first}").text
    assert "This chat is one of a rhythm." not in page
    assert "This chat is the last of a rhythm." in page
