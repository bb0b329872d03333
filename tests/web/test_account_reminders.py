"""The page of reminders: what is ticked is kept, and what it comes to is shown before that, for the next chat."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.domain.notice import NoticeState
from portal.models import Phone
from portal.queries import account as account_queries
from portal.services.account import SafeAnswers, set_safe_contact
from tests.booking_cast import add_pair, signed_in
from tests.servers.smtp import Sink
from tests.services.outbox import book, deliver_due, rows
from tests.web.account_steps import TOKEN, Watch, send

HERE = "/account/reminders"
QUIET = {"quiet_from": "1260", "quiet_until": "540"}
pytestmark = pytest.mark.usefixtures("watch")


class Ana:
    """A member in Berlin with a browser, and a chat if she books one; it is Monday 2 March, 10 in New York."""

    def __init__(self, app: Flask, now: datetime) -> None:
        with app.app_context():
            self.pair = add_pair(now)
        self.app, self.client = app, signed_in(app, self.pair.member_id, now)

    def book(self, starts_at: datetime, now: datetime) -> None:
        with self.app.app_context():
            book(self.pair.walk_id, self.pair.member_id, self.pair.peer_id, starts_at, now)

    def look(self, *leads: str, **fields: str) -> str:
        """Return the fragment that a tick brings, as words."""
        token = TOKEN.search(self.client.get("/help").text)
        assert token is not None
        answer = self.client.post(
            HERE,
            data={"csrf_token": token[1], "leads": list(leads), "look": "1", **QUIET, **fields},
            headers={"HX-Request": "true", "HX-Target": "div#ahead"},
        )
        return words_of(answer.text)

    def leads(self) -> str:
        with self.app.app_context():
            return account_queries.own_choices(self.pair.member_id).reminder_leads


def words_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def ana(app: Flask, now: datetime) -> Ana:
    return Ana(app, now)


def test_each_tick_tells_when_it_would_come_for_the_next_chat(ana: Ana, now: datetime) -> None:
    ana.book(now.replace(day=5, hour=14), now)
    assert ana.look("7d", "1d", "240m", "120m") == (
        "For your chat on Thursday 5 March, 3:00 pm:"
        " A week before That moment has passed, so none comes."
        " The day before Wednesday 4 March, 3:00 pm"
        " 4 hours before Thursday 5 March, 11:00 am"
        " 2 hours before Thursday 5 March, 1:00 pm"
    )


def test_what_quiet_hours_do_is_told(ana: Ana, now: datetime) -> None:
    ana.book(now.replace(day=5, hour=9), now)
    assert ana.look("120m", "60m", quiet_until="720") == (
        "For your chat on Thursday 5 March, 10:00 am:"
        " 2 hours before Wednesday 4 March, 9:00 pm, before your quiet hours"
        " 1 hour before At the same moment as another, so only that one comes."
    )


def test_without_a_chat_an_invented_one_shows_it(ana: Ana) -> None:
    assert ana.look("1d") == (
        "No chat is booked just now. For one on Tuesday 10 March, 4:00 pm it would be:"
        " The day before Monday 9 March, 4:00 pm"
    )


def test_looking_keeps_nothing_and_without_a_script_shows_the_whole_page_as_it_was_ticked(ana: Ana) -> None:
    page = send(ana.client, HERE, leads="15m", look="1", **QUIET)
    assert (page.status_code, ana.leads()) == (200, "1d,120m")
    assert re.findall(r'value="(\w+)" checked', page.text) == ["15m"]
    assert "15 minutes before Tuesday 10 March, 3:45 pm" in words_of(page.text)


def test_none_is_said_and_kept(ana: Ana) -> None:
    assert ana.look() == "No reminder comes. Your chats stay on your page."
    assert send(ana.client, HERE, **QUIET).status_code == 303
    assert (ana.leads(), '<dd><span dir="auto">None</span>' in ana.client.get("/account").text) == ("", True)


def test_seven_are_too_many_while_looking_and_while_keeping(ana: Ana) -> None:
    seven = ("7d", "3d", "2d", "1d", "240m", "120m", "60m")
    assert ana.look(*seven) == "Please choose at most 6."
    token = TOKEN.search(ana.client.get("/help").text)
    assert token is not None
    answer = ana.client.post(HERE, data={"csrf_token": token[1], "leads": list(seven), **QUIET})
    assert (answer.status_code, "Please choose at most 6." in answer.text) == (422, True)
    assert ana.leads() == "1d,120m"


def test_what_is_not_on_the_list_is_not_kept(ana: Ana) -> None:
    assert send(ana.client, HERE, leads="5d", **QUIET).status_code == 422
    assert ana.leads() == "1d,120m"


def test_one_that_came_is_told_to_have_come(app: Flask, ana: Ana, smtp: Sink, watch: Watch, now: datetime) -> None:
    ana.book(now.replace(day=3, hour=11), now)
    with app.app_context():
        deliver_due(now)
        watch.turn(hours=1)
        deliver_due(watch.time)
        assert [row.lead for row in rows() if row.lead and row.state is NoticeState.SENT] == ["1d"]
    assert "The day before It has come already." in ana.look("1d", "120m")


def test_who_may_not_be_written_to_is_told_that_none_comes(app: Flask, ana: Ana, now: datetime) -> None:
    with app.app_context():
        set_safe_contact(ana.pair.member_id, SafeAnswers(may_email=False), now=now)
    told = "You said that we must not write to you by e-mail, so no reminder comes by e-mail."
    assert (ana.look("1d"), told in words_of(ana.client.get(HERE).text)) == (told, True)


def test_who_has_a_phone_here_is_told_when_they_come_all_the_same(app: Flask, ana: Ana, now: datetime) -> None:
    with app.app_context():
        set_safe_contact(ana.pair.member_id, SafeAnswers(may_email=False), now=now)
        with transaction() as session:
            phone = Phone(person_id=ana.pair.member_id, number="+15555550100", number_hash="", confirmed_at=now)
            phone.created_at = now
            session.add(phone)
    assert "The day before Monday 9 March, 4:00 pm" in ana.look("1d")


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert "/sign-in" in client.get(HERE).location
