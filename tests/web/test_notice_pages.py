"""The coordinator's page of the letters, the link in each letter, and ending reminders from a mail program."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import queue
from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import Person
from portal.services.account.sign_ins import start
from portal.services.notice.deliver import deliver
from portal.services.notice.hold import hold
from portal.services.notice.sweep import beat, pulse
from tests.matching_cast import set_walk
from tests.servers.smtp import Mood, Sink
from tests.servers.valkey import Valkey
from tests.services.outbox import add_walk, book, cancel, deliver_due, one, owe_walk_letter, rows
from tests.web.account_steps import Watch, add, send

pytestmark = pytest.mark.usefixtures("watch")


@dataclass(frozen=True)
class Cast:
    """A coordinator, two people with a chat, and somebody else."""

    coordinator_id: int
    member_id: int
    peer_id: int
    other_id: int
    walk_id: int
    booking_id: int


@pytest.fixture
def cast(app: Flask, now: datetime) -> Cast:
    """Everybody, and a chat in two days whose letters are owed."""
    people = {
        name: add(app, f"{name}@example.org", role, now=now, name=name.title())
        for name, role in {
            "cora": Role.COORDINATOR,
            "ana": Role.MEMBER,
            "ben": Role.PEER,
            "dana": Role.MEMBER,
        }.items()
    }
    with app.app_context():
        walk_id = add_walk(people["ana"], people["ben"], State.FIRST_COFFEE, now)
        booking_id = book(walk_id, people["ana"], people["ben"], now + timedelta(days=2), now)
    return Cast(people["cora"], people["ana"], people["ben"], people["dana"], walk_id, booking_id)


def sign_in(app: Flask, client: FlaskClient, person_id: int, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        token = start(session, person_id, now=now, second_factor=True)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True


def trouble(app: Flask, cast: Cast, smtp: Sink, now: datetime) -> int:
    """Have Ana's invitation come back for good; returns its id."""
    with app.app_context():
        smtp.mood = Mood.NEVER
        notice = one(Kind.INVITATION, cast.member_id)
        deliver(notice.id, now=now)
        smtp.mood = Mood.ACCEPT
        return notice.id


def state_of(app: Flask, notice_id: int) -> NoticeState:
    with app.app_context():
        return next(notice.state for notice in rows() if notice.id == notice_id)


def reminder(app: Flask, cast: Cast, smtp: Sink, now: datetime) -> EmailMessage:
    """Have Ana's reminder sent, and return it."""
    with app.app_context():
        deliver_due(now)
        deliver_due(one(Kind.REMINDER_DAY, cast.member_id).due_at)
    return next(letter.message for letter in smtp.letters if letter.message["List-Unsubscribe"])


def way_out(letter: EmailMessage) -> str:
    return urlsplit(str(letter["List-Unsubscribe"]).strip("<>")).path


def test_a_coordinator_sees_that_letters_stand_still(
    app: Flask, client: FlaskClient, cast: Cast, now: datetime
) -> None:
    sign_in(app, client, cast.coordinator_id, now)
    page = client.get("/letters")
    assert (page.status_code, "Letters are standing still" in page.text) == (200, True)


def test_the_page_is_calm_while_worker_and_clock_run(
    app: Flask, client: FlaskClient, cast: Cast, now: datetime, watch: Watch
) -> None:
    with app.app_context():
        beat(now=now)
        pulse(now=now)
    sign_in(app, client, cast.coordinator_id, now)
    page = client.get("/letters").text
    assert ("Letters are standing still" in page, "No letter needs you" in page) == (False, True)
    watch.turn(minutes=3)
    assert "Letters are standing still" in client.get("/letters").text


def test_a_held_post_is_let_out_by_a_coordinator(
    app: Flask, client: FlaskClient, cast: Cast, smtp: Sink, now: datetime
) -> None:
    with app.app_context():
        hold("restored", now=now)
    sign_in(app, client, cast.coordinator_id, now)
    assert "Nothing is sent until you say so" in client.get("/letters").text
    answer = send(client, "/letters/send-again", older="drop")
    assert (answer.status_code, answer.location) == (303, "/letters")
    assert "Nothing is sent until you say so" not in client.get("/letters").text
    with app.app_context():
        deliver_due(now)
    assert smtp.letters == []


def test_what_a_site_needs_is_told_to_machines(app: Flask, client: FlaskClient, valkey: Valkey, now: datetime) -> None:
    silent = client.get("/readyz")
    assert silent.status_code == 503
    assert silent.json == {"database": True, "broker": True, "worker": False, "clock": False}
    with app.app_context():
        beat(now=now)
        pulse(now=now)
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json) == (200, dict.fromkeys(("database", "broker", "worker", "clock"), True))


def test_a_broker_that_is_away_is_told_to_machines(client: FlaskClient) -> None:
    queue.init_queue("redis://127.0.0.1:9")
    assert client.get("/readyz").json == {"database": True, "broker": False, "worker": False, "clock": False}


NO_NEED = "No letter needs you"


def test_the_page_says_that_no_letter_needs_anybody_only_while_nothing_waits_too_long(
    app: Flask, client: FlaskClient, cast: Cast, smtp: Sink, now: datetime, watch: Watch
) -> None:
    def page() -> str:
        with app.app_context():
            beat(now=watch.time)
            pulse(now=watch.time)
        return client.get("/letters").text

    sign_in(app, client, cast.coordinator_id, now)
    fresh = page()
    watch.turn(minutes=4)
    late = page()
    with app.app_context():
        deliver_due(watch.time)
    assert [NO_NEED in text for text in (fresh, late, page())] == [True, False, True]
    assert "2 letters are waiting longer than they should" in late
    assert "Invitation to a chat (2)" in late


def test_a_letter_that_was_tried_in_vain_is_told_of(
    app: Flask, client: FlaskClient, cast: Cast, smtp: Sink, now: datetime
) -> None:
    with app.app_context():
        smtp.mood = Mood.LATER
        deliver(one(Kind.INVITATION, cast.member_id).id, now=now)
        beat(now=now)
        pulse(now=now)
    sign_in(app, client, cast.coordinator_id, now)
    page = client.get("/letters").text
    assert (NO_NEED in page, "1 letter is waiting longer than it should" in page) == (False, True)
    assert "Invitation to a chat (1)" in page


def test_nothing_is_said_to_be_well_while_letters_stand_still(
    app: Flask, client: FlaskClient, cast: Cast, smtp: Sink, now: datetime
) -> None:
    with app.app_context():
        deliver_due(now)
    sign_in(app, client, cast.coordinator_id, now)
    page = client.get("/letters").text
    assert (NO_NEED in page, "Letters are standing still" in page) == (False, True)


def test_what_came_back_is_told_in_words_without_the_address(
    app: Flask, client: FlaskClient, cast: Cast, smtp: Sink, now: datetime
) -> None:
    trouble(app, cast, smtp, now)
    sign_in(app, client, cast.coordinator_id, now)
    page = client.get("/letters").text
    assert "The mail server says that this mailbox does not take letters." in page
    assert ("Invitation to a chat" in page, "ana@example.org" in page, "Juniper" in page) == (True, False, False)


def test_a_coordinator_can_try_a_letter_again(
    app: Flask, client: FlaskClient, cast: Cast, smtp: Sink, now: datetime
) -> None:
    notice_id = trouble(app, cast, smtp, now)
    sign_in(app, client, cast.coordinator_id, now)
    assert send(client, f"/letters/{notice_id}/again").status_code == 303
    assert state_of(app, notice_id) is NoticeState.DUE


def test_a_coordinator_can_let_a_letter_go(
    app: Flask, client: FlaskClient, cast: Cast, smtp: Sink, now: datetime
) -> None:
    notice_id = trouble(app, cast, smtp, now)
    sign_in(app, client, cast.coordinator_id, now)
    assert send(client, f"/letters/{notice_id}/let-go").status_code == 303
    assert state_of(app, notice_id) is NoticeState.VOID


@pytest.mark.parametrize("verb", ["again", "let-go"])
def test_a_letter_that_is_not_there_is_not_found(
    app: Flask, client: FlaskClient, cast: Cast, now: datetime, verb: str
) -> None:
    sign_in(app, client, cast.coordinator_id, now)
    assert (send(client, f"/letters/999/{verb}").status_code, client.get(f"/letters/1/{verb}").status_code) == (
        404,
        405,
    )


def test_the_letters_are_not_for_members(app: Flask, client: FlaskClient, cast: Cast, now: datetime) -> None:
    sign_in(app, client, cast.member_id, now)
    answers = [client.get("/letters"), send(client, "/letters/1/again"), send(client, "/letters/1/let-go")]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


def test_a_letters_link_leads_to_what_it_is_about(app: Flask, client: FlaskClient, cast: Cast, now: datetime) -> None:
    with app.app_context():
        notice_id = one(Kind.INVITATION, cast.member_id).id
    sign_in(app, client, cast.member_id, now)
    answer = client.get(f"/n/{notice_id}")
    assert (answer.status_code, answer.location) == (303, f"/chat/{cast.booking_id}")


OVER = "What that letter was about is over."


@pytest.mark.parametrize("kind", [Kind.CANCELLATION, Kind.BOTH_YES, Kind.REFLECT, Kind.ASKED_PEER])
def test_a_letter_about_what_is_over_leads_home_with_a_sentence(
    app: Flask, client: FlaskClient, cast: Cast, now: datetime, kind: Kind
) -> None:
    with app.app_context():
        if kind is Kind.CANCELLATION:
            cancel(cast.booking_id, now)
            notice_id = one(kind, cast.peer_id).id
        else:
            notice_id = owe_walk_letter(kind, cast.peer_id, cast.walk_id, now)
        set_walk(cast.walk_id, state=State.ASKED, peer_id=None)
    sign_in(app, client, cast.peer_id, now)
    answer = client.get(f"/n/{notice_id}")
    assert (answer.status_code, answer.location) == (303, "/")
    home = client.get("/")
    assert (home.status_code, OVER in home.text) == (200, True)


def test_a_member_who_is_asked_how_it_was_too_late_comes_home(
    app: Flask, client: FlaskClient, cast: Cast, now: datetime
) -> None:
    with app.app_context():
        notice_id = owe_walk_letter(Kind.REFLECT, cast.member_id, cast.walk_id, now)
        set_walk(cast.walk_id, state=State.ASKED, peer_id=None)
    sign_in(app, client, cast.member_id, now)
    answer = client.get(f"/n/{notice_id}", follow_redirects=True)
    assert (answer.status_code, answer.request.path, OVER in answer.text) == (200, "/", True)


@pytest.mark.parametrize(
    ("kind", "state", "path"),
    [
        (Kind.BOTH_YES, State.FIRST_COFFEE, "/walk/{}"),
        (Kind.REFLECT, State.REFLECTION, "/walk/{}/reflect"),
        (Kind.ASKED_PEER, State.INVITED, "/asked/{}"),
    ],
)
def test_a_letter_of_a_walk_leads_on_while_it_holds(
    app: Flask, client: FlaskClient, cast: Cast, now: datetime, kind: Kind, state: State, path: str
) -> None:
    with app.app_context():
        notice_id = owe_walk_letter(kind, cast.peer_id, cast.walk_id, now)
        set_walk(cast.walk_id, state=state)
    sign_in(app, client, cast.peer_id, now)
    assert client.get(f"/n/{notice_id}").location == path.format(cast.walk_id)


def test_a_letters_link_asks_who_is_there_first(app: Flask, client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/n/1")
    assert (answer.status_code, urlsplit(answer.location).path) == (303, "/sign-in")


def test_anothers_letter_is_nowhere(app: Flask, client: FlaskClient, cast: Cast, now: datetime) -> None:
    with app.app_context():
        notice_id = one(Kind.INVITATION, cast.member_id).id
    sign_in(app, client, cast.other_id, now)
    assert client.get(f"/n/{notice_id}").status_code == 404


def test_opening_the_way_out_of_reminders_changes_nothing(
    app: Flask, client: FlaskClient, cast: Cast, smtp: Sink, now: datetime
) -> None:
    path = way_out(reminder(app, cast, smtp, now))
    assert (client.get(path).status_code, reminders_of(app, cast)) == (200, "1d,120m")


def test_a_mail_program_ends_reminders_with_one_post_and_may_repeat_it(
    app: Flask, client: FlaskClient, cast: Cast, smtp: Sink, now: datetime
) -> None:
    path = way_out(reminder(app, cast, smtp, now))
    answers = [client.post(path, data={"List-Unsubscribe": "One-Click"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert reminders_of(app, cast) == ""


def test_a_way_out_that_was_never_given_is_nowhere(client: FlaskClient) -> None:
    path = "/unsubscribe/" + "k" * 43
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)


def reminders_of(app: Flask, cast: Cast) -> str:
    with app.app_context():
        return read().get_one(Person, cast.member_id).reminder_leads
