"""Ending reminders and check-ins from a mail program (RFC 8058), and taking it back with one tap when signed in."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import read
from portal.domain.checkin import CheckInState
from portal.domain.notice import NoticeState
from portal.models import AuditEntry, Person
from portal.services.checkin import hold
from portal.services.checkin.sending import send_due
from tests.booking_cast import Pair, add_pair, signed_in
from tests.checkin_cast import check_in_row, set_check_in
from tests.servers.smtp import Sink
from tests.services.outbox import book, deliver_due, rows
from tests.web.account_steps import Watch, send

pytestmark = pytest.mark.usefixtures("watch")
TAKE_BACK = "Take it back"


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now)


@pytest.fixture
def reminder(app: Flask, pair: Pair, smtp: Sink, now: datetime) -> str:
    """The way out of a reminder that has come to Ana, an hour after her chat of tomorrow was booked."""
    with app.app_context():
        book(pair.walk_id, pair.member_id, pair.peer_id, now + timedelta(hours=25), now)
        deliver_due(now + timedelta(hours=1))
    return way_out(smtp)


@pytest.fixture
def check_in(app: Flask, pair: Pair, smtp: Sink, watch: Watch) -> str:
    """The way out of a check-in that has come to Ana."""
    with app.app_context():
        set_check_in(pair, watch.time)
        at = check_in_row(pair).next_at
        assert at is not None
        watch.time = at
        send_due(now=at)
        deliver_due(at)
    return way_out(smtp)


def way_out(smtp: Sink) -> str:
    """Return the path that the header of Ana's letter names; its fellow says that one POST is enough."""
    (letter,) = [
        each.message for each in smtp.letters if each.to == ("ana@example.org",) and each.message["List-Unsubscribe"]
    ]
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return urlsplit(str(letter["List-Unsubscribe"]).strip("<>")).path


def one_click(client: FlaskClient, path: str) -> str:
    """Post as a mail program does: no cookie, no token, no page before."""
    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    return answer.text


def leads(app: Flask, pair: Pair) -> str:
    with app.app_context():
        return read().get_one(Person, pair.member_id).reminder_leads


def owed(app: Flask, pair: Pair) -> list[str]:
    """Return the leads of Ana's reminders that are still to come."""
    with app.app_context():
        mine = [row for row in rows() if row.person_id == pair.member_id and row.lead]
        return [row.lead for row in mine if row.state is NoticeState.DUE]


def state(app: Flask, pair: Pair) -> CheckInState:
    with app.app_context():
        return check_in_row(pair).state


def test_one_post_ends_reminders_and_repeats_are_told_the_same(
    app: Flask, client: FlaskClient, pair: Pair, reminder: str
) -> None:
    assert owed(app, pair) == ["120m"]
    first, second = one_click(client, reminder), one_click(client, reminder)
    assert ("You will get no more reminders" in first, first == second) == (True, True)
    assert (leads(app, pair), owed(app, pair), TAKE_BACK in first) == ("", [], False)


def test_one_post_ends_a_check_in_and_nothing_else(app: Flask, client: FlaskClient, pair: Pair, check_in: str) -> None:
    assert "No more check-ins come" in one_click(client, check_in)
    assert "No more check-ins come" in one_click(client, check_in)
    assert (state(app, pair), leads(app, pair)) == (CheckInState.OVER, "1d,120m")
    with app.app_context():
        assert list(read().scalars(select(AuditEntry.verb).where(AuditEntry.verb.like("%ended")))) == ["check-in ended"]


@pytest.mark.parametrize("which", ["reminder", "check_in"])
def test_opening_the_way_out_only_shows_a_form(
    app: Flask, client: FlaskClient, pair: Pair, which: str, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(which)
    page = client.get(path)
    assert (page.status_code, f'method="post" action="{path}"' in page.text) == (200, True)
    assert leads(app, pair) == "1d,120m"


def test_reminders_come_back_with_one_tap_as_they_were(app: Flask, pair: Pair, reminder: str, now: datetime) -> None:
    ana = signed_in(app, pair.member_id, now)
    assert TAKE_BACK in one_click(ana, reminder)
    assert send(ana, f"{reminder}/back").status_code == 303
    assert (leads(app, pair), owed(app, pair)) == ("1d,120m", ["120m"])
    send(ana, "/account/reminders", leads="15m", quiet_from="0", quiet_until="0")
    assert send(ana, f"{reminder}/back").status_code == 303
    assert leads(app, pair) == "15m"


def test_a_check_in_comes_back_with_one_tap_and_goes_on(app: Flask, pair: Pair, check_in: str, watch: Watch) -> None:
    ana = signed_in(app, pair.member_id, watch.time)
    with app.app_context():
        before = check_in_row(pair).next_at
    assert TAKE_BACK in one_click(ana, check_in)
    assert send(ana, f"{check_in}/back").status_code == 303
    with app.app_context():
        row = check_in_row(pair)
    assert (row.state, row.next_at) == (CheckInState.GOING, before)


def test_a_check_in_that_its_peer_held_comes_back_held(app: Flask, pair: Pair, check_in: str, watch: Watch) -> None:
    ana = signed_in(app, pair.member_id, watch.time)
    with app.app_context():
        until = (watch.time + timedelta(days=12)).date()
        hold(pair.walk_id, pair.peer_id, until, now=watch.time)
        before = check_in_row(pair).next_at
    one_click(ana, check_in)
    assert send(ana, f"{check_in}/back").status_code == 303
    with app.app_context():
        row = check_in_row(pair)
    assert (row.state, row.held_until, row.next_at) == (CheckInState.HELD, until, before)


@pytest.mark.parametrize("which", ["reminder", "check_in"])
def test_nobody_takes_back_what_another_has_ended(
    app: Flask, client: FlaskClient, pair: Pair, which: str, watch: Watch, request: pytest.FixtureRequest
) -> None:
    path = request.getfixturevalue(which)
    ben = signed_in(app, pair.peer_id, watch.time)
    assert TAKE_BACK not in one_click(ben, path)
    assert send(ben, f"{path}/back").status_code == 404
    assert "/sign-in" in send(client, f"{path}/back").location
    assert ben.get(f"{path}/back").status_code == 405


def test_a_key_that_was_never_given_out_is_nowhere(app: Flask, client: FlaskClient, pair: Pair, now: datetime) -> None:
    path = "/unsubscribe/" + "k" * 43
    ana = signed_in(app, pair.member_id, now)
    assert [client.get(path).status_code, client.post(path).status_code, send(ana, f"{path}/back").status_code] == [
        404
    ] * 3
