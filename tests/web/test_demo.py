"""Trying the demonstration: being anybody with one tap, reading everybody's letters; and nothing of it elsewhere."""

from datetime import UTC, datetime, timedelta
from mailbox import Maildir
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from portal.calendars.invitation import request
from portal.db import transaction
from portal.domain.account import Purpose, Role
from portal.mail.compose import compose, message_id
from portal.mail.letter import Letter
from portal.models import PeerProfile, Person
from portal.services import account as account_services
from portal.services.account import give_consents
from tests.calendars.test_invitation import EVENT
from tests.matching_cast import Hill, add_hill, invited
from tests.services.outbox import add_person
from tests.web.account_steps import codes, person_id_of

pytestmark = [
    pytest.mark.usefixtures("no_tokens", "watch"),
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True),
]
PAGES = (
    "/demo",
    "/demo/mailbox",
    "/demo/mailbox/1",
    "/demo/mailbox/1/invitation.ics",
    "/demo/letters",
    "/demo/letters/invitation",
    "/demo/letters/invitation/dot/dark",
    "/kit",
)
ENTRY = request(EVENT)


@pytest.fixture
def hill(app: Flask, now: datetime) -> Hill:
    with app.app_context():
        hill = add_hill(now)
        with transaction() as session:
            session.execute(update(Person).values(invented=True))
        return hill


def put(folder: Path, subject: str, calendar: bytes | None = None) -> str:
    """Let the post office keep a letter; returns its key."""
    letter = Letter(
        subject,
        "Hello Ana,\n\nsee https://example.org/n/1\n",
        "<p>Hello</p>",
        calendar,
        "REQUEST" if calendar else None,
    )
    raw = compose(
        letter,
        "ana@example.org",
        "Hillside <hello@example.org>",
        message_id(UUID(int=1), "hello@example.org"),
        datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    )
    return Maildir(folder, create=True).add(raw)


def test_one_of_each_is_offered_first_and_all_are_invented(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        invited(hill, now)
    page = app.test_client().get("/demo").text
    assert "Everybody here is invented" in page
    main = page.partition("<main")[2].partition("<details")[0]
    assert [name for name in ("Ana", "Ben Carter", "Cleo", "Dov", "Alice") if f"Be {name}" in main] == [
        "Ana",
        "Ben Carter",
        "Alice",
    ]


def test_one_tap_signs_in_the_second_step_included(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        for person_id in (hill.coordinator, hill.member):
            give_consents(person_id, list(Purpose), now=now)
    client = app.test_client()
    assert client.post(f"/demo/be/{hill.coordinator}").headers["Location"] == "/"
    assert client.get("/care").status_code == 200
    client.post(f"/demo/be/{hill.member}")
    assert client.get("/care").status_code == 403


def test_nobody_who_is_not_there_can_be_tried(app: Flask, now: datetime) -> None:
    with app.app_context():
        without_role = add_person("Sam", now)
    assert [app.test_client().post(f"/demo/be/{who}").status_code for who in (999, without_role)] == [404, 404]
    assert app.test_client().get(f"/demo/be/{without_role}").status_code == 405


def test_somebody_real_who_came_to_a_demo_is_not_among_those_to_try(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context():
        by_hand = account_services.add_person("real@example.org", [Role.COORDINATOR], name="Really Somebody", now=now)
    newcomer = app.test_client()
    newcomer.post("/sign-in", data={"email": "signed-up@example.org"})
    newcomer.post("/sign-in/code", data={"code": codes(app, "signed-up@example.org")[0]})
    with app.app_context():
        signed_up = person_id_of(app, "signed-up@example.org")
        account_services.set_name(signed_up, "Signed Up", now=now)
        account_services.take_role(signed_up, Role.MEMBER, now=now)
    client = app.test_client()
    page = client.get("/demo").text
    assert ("Alice" in page, "Really Somebody" in page, "Signed Up" in page) == (True, False, False)
    assert [client.post(f"/demo/be/{who}").status_code for who in (by_hand, signed_up)] == [404, 404]


def test_a_mailbox_that_is_not_there_says_so(app: Flask, tmp_path: Path) -> None:
    app.config["DEMO_MAILBOX"] = None
    assert "post office of its own" in app.test_client().get("/demo/mailbox").text
    app.config["DEMO_MAILBOX"] = tmp_path / "none yet"
    assert "No letters yet" in app.test_client().get("/demo/mailbox").text
    assert app.test_client().get("/demo/mailbox/1").status_code == 404


def test_a_letter_is_read_and_its_calendar_entry_taken_out(app: Flask, tmp_path: Path) -> None:
    app.config["DEMO_MAILBOX"] = tmp_path / "mailbox"
    key, plain = put(tmp_path / "mailbox", "Your coffee chat", ENTRY), put(tmp_path / "mailbox", "You have a note")
    client = app.test_client()
    page = client.get("/demo/mailbox").text
    assert ("Your coffee chat" in page, "You have a note" in page, page.count("with a calendar entry")) == (
        True,
        True,
        1,
    )
    letter = client.get(f"/demo/mailbox/{key}").text
    assert ("Hello Ana," in letter, 'href="https://example.org/n/1"' in letter) == (True, True)
    entry = client.get(f"/demo/mailbox/{key}/invitation.ics")
    assert (entry.data, entry.headers["Content-Type"]) == (ENTRY, "text/calendar; charset=utf-8")
    assert client.get(f"/demo/mailbox/{plain}/invitation.ics").status_code == 404


def test_nothing_of_it_is_there_on_a_real_site(app: Flask, hill: Hill) -> None:
    app.config["DEMO"] = False
    client = app.test_client()
    assert [client.get(path).status_code for path in PAGES] == [404] * len(PAGES)
    assert client.post(f"/demo/be/{hill.member}").status_code == 404


def test_roles_are_said_beside_each_name(app: Flask, hill: Hill) -> None:
    page = app.test_client().get("/demo").text
    assert [role for role in Role if role is not Role.ADMINISTRATOR and str(role) not in page] == []


def test_a_peer_who_rests_or_is_asked_whether_ready_is_known_in_the_list(app: Flask, hill: Hill, now: datetime) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(PeerProfile, hill.peers[1]).resting_since = now
        session.get_one(PeerProfile, hill.peers[2]).ready_at = now - timedelta(days=15)
    page = app.test_client().get("/demo").text.partition("<details")[2]
    rows = {name: page.partition(f"Be {name}")[2].partition("</li>")[0] for name in ("Ben Carter", "Cleo", "Dov")}
    found = [[name for name, row in rows.items() if words in row] for words in ("· rests", "asked whether they are")]
    assert found == [["Cleo"], ["Dov"]]
