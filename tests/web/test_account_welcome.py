"""The first minutes of somebody new: nothing is asked, and no page opens, before they have read and agreed."""

import re
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import CONSENT_WORDING, Purpose, Role
from portal.queries import account as account_queries
from portal.queries import matching as matching_queries
from portal.queries.notice import may_be_written_to
from tests.web.account_steps import Watch, add, codes, come_in, person_id_of, send

NEW = "new@example.org"


def agreed_to(app: Flask, person_id: int) -> set[Purpose]:
    with app.app_context():
        return set(account_queries.consents(person_id))


def test_the_way_in_goes_over_consent_name_and_role(app: Flask, client: FlaskClient, watch: Watch) -> None:
    assert come_in(app, client, NEW).headers["Location"] == "/welcome"
    assert send(client, "/welcome", adult="y", terms="y", matching="y").headers["Location"] == "/welcome/name"
    named = send(client, "/welcome/name", name="  Wren  Day ", zone="America/Chicago")
    assert named.headers["Location"] == "/welcome/role"
    there = watch.time.astimezone(ZoneInfo("America/Chicago")).strftime("%-I:%M %p").lower()
    assert f"Chicago Time: it is {there} there.".casefold() in client.get("/welcome/role").text.casefold()
    person_id = person_id_of(app, NEW)
    assert agreed_to(app, person_id) == {Purpose.TERMS, Purpose.MATCHING}
    with app.app_context():
        assert matching_queries.took_back(Purpose.MATCHING, [person_id]) == set()
        assert may_be_written_to(person_id) is False
    with app.app_context():
        person = account_queries.person(person_id)
        consent = account_queries.live_consent(person_id, Purpose.TERMS)
        assert person is not None
        assert consent is not None
        assert (person.name, person.zone, consent.wording) == ("Wren Day", "America/Chicago", CONSENT_WORDING)


def test_nobody_gets_a_clock_by_silence(app: Flask, client: FlaskClient, watch: Watch) -> None:
    come_in(app, client, NEW)
    send(client, "/welcome", adult="y", terms="y")
    page = client.get("/welcome/name").text
    offered = re.findall(r'<option (selected )?value="(.*?)">(.*?)</option>', page)
    assert offered[:3] == [
        ("selected ", "", "Please choose"),
        ("", "America/New_York", "Eastern Time (New York)"),
        ("", "America/Chicago", "Central Time (Chicago)"),
    ]
    values = [value for _, value, _ in offered]
    assert (len(set(values)), "UTC" in values) == (len(values), True)
    for fields in ({}, {"zone": ""}):
        answer = send(client, "/welcome/name", name="Wren", **fields)
        assert answer.status_code == 422
        assert answer.text.count("Please choose the place whose clock you live by.") == 2
        assert 'value="Wren"' in answer.text
    with app.app_context():
        person = account_queries.person_by_email(NEW)
        assert person is not None
        assert person.name == ""


def test_the_clock_that_the_browser_told_is_chosen_already(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=NEW)
    send(client, "/sign-in/code", code=codes(app, NEW)[-1], zone="America/Denver")
    send(client, "/welcome", adult="y", terms="y")
    page = client.get("/welcome/name").text
    assert re.findall(r'<option selected value="(.*?)">', page) == ["America/Denver"]
    assert ("Please choose<" in page, "Your browser told us this one." in page) == (False, True)


@pytest.mark.parametrize("role", [Role.MEMBER, Role.PEER])
def test_a_role_taken_up_opens_its_pages(app: Flask, client: FlaskClient, watch: Watch, role: Role) -> None:
    add(app, NEW, now=watch.time)
    assert come_in(app, client, NEW).headers["Location"] == "/welcome/role"
    answer = send(client, "/welcome/role", role=role)
    assert (answer.status_code, answer.headers["Location"].startswith("/welcome")) == (303, False)
    with app.app_context():
        person = account_queries.person_by_email(NEW)
        assert person is not None
        assert [held.role for held in person.roles] == [role]


@pytest.mark.parametrize("role", ["coordinator", "administrator", "", "king"])
def test_nobody_makes_themselves_a_coordinator(app: Flask, client: FlaskClient, watch: Watch, role: str) -> None:
    person_id = add(app, NEW, now=watch.time)
    come_in(app, client, NEW)
    assert send(client, "/welcome/role", role=role).status_code == 422
    assert send(client, "/account/roles", role=role).status_code == 403
    with app.app_context():
        person = account_queries.person(person_id)
        assert person is not None
        assert person.roles == []


@pytest.mark.parametrize("fields", [{}, {"adult": "y"}, {"terms": "y"}, {"matching": "y", "letters": "y"}])
def test_without_age_and_terms_nothing_is_agreed(
    app: Flask, client: FlaskClient, watch: Watch, fields: dict[str, str]
) -> None:
    come_in(app, client, NEW)
    answer = send(client, "/welcome", **fields)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert agreed_to(app, person_id_of(app, NEW)) == set()


@pytest.mark.parametrize("path", ["/", "/account", "/account/name", "/account/safe-contact", "/welcome/name"])
def test_before_agreeing_every_page_leads_to_the_limits(
    app: Flask, client: FlaskClient, watch: Watch, path: str
) -> None:
    come_in(app, client, NEW)
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/welcome")


def test_before_agreeing_no_free_text_is_taken(app: Flask, client: FlaskClient, watch: Watch) -> None:
    come_in(app, client, NEW)
    assert send(client, "/account/reach", reach="555 0100").headers["Location"] == "/welcome"
    with app.app_context():
        assert account_queries.own_choices(person_id_of(app, NEW)).reach == ""


def test_the_limits_page_asks_for_no_free_text(app: Flask, client: FlaskClient, watch: Watch) -> None:
    come_in(app, client, NEW)
    page = client.get("/welcome").text
    assert "Where that ends" in page
    assert ("<textarea" in page, 'type="text"' in page) == (False, False)


def test_help_and_leaving_stay_open_before_agreeing(app: Flask, client: FlaskClient, watch: Watch) -> None:
    come_in(app, client, NEW)
    assert client.get("/help").status_code == 200
    assert send(client, "/sign-out").headers["Location"] == "/signed-out"


def test_the_page_somebody_came_for_waits_behind_the_welcome(app: Flask, client: FlaskClient, watch: Watch) -> None:
    add(app, NEW, Role.MEMBER, now=watch.time, agreed=False)
    send(client, "/sign-in", email=NEW, back="/account/seen")
    assert come_in(app, client, NEW).headers["Location"] == "/welcome"
    assert send(client, "/welcome", adult="y", terms="y").headers["Location"] == "/account/seen"


@pytest.mark.parametrize("path", ["/welcome", "/welcome/name", "/welcome/role"])
def test_somebody_signed_out_is_led_to_the_door(client: FlaskClient, watch: Watch, path: str) -> None:
    assert client.get(path).headers["Location"].startswith("/sign-in?back=")


@pytest.mark.parametrize("role", ["member", "peer"])
def test_the_way_in_taken_on_the_front_page_is_chosen_beforehand(
    app: Flask, client: FlaskClient, watch: Watch, role: str
) -> None:
    add(app, NEW, now=watch.time)
    assert f'href="/sign-in?as={role}"' in client.get("/").text
    client.get(f"/sign-in?as={role}")
    come_in(app, client, NEW)
    assert f'value="{role}" checked' in client.get("/welcome/role").text


def test_who_came_by_no_such_way_finds_nothing_chosen(app: Flask, client: FlaskClient, watch: Watch) -> None:
    add(app, NEW, now=watch.time)
    client.get("/sign-in?as=coordinator")
    come_in(app, client, NEW)
    assert " checked" not in client.get("/welcome/role").text.partition("<main")[2]
