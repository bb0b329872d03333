"""What a person decides for themselves: each page keeps what is said and gives back what is wrong."""

import re
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.domain.account import Discretion, Purpose, Role
from portal.queries import account as account_queries
from portal.services import account as account_services
from portal.services import audit
from tests.web.account_steps import Watch, add, come_in, send

ROBIN, WREN = "robin@example.org", "wren@example.org"


@pytest.fixture
def robin(app: Flask, client: FlaskClient, watch: Watch) -> int:
    """Robin, a member, signed in on `client`."""
    person_id = add(app, ROBIN, Role.MEMBER, now=watch.time)
    come_in(app, client, ROBIN)
    return person_id


def test_the_account_says_what_is_set(client: FlaskClient, robin: int) -> None:
    page = client.get("/account").text
    for words in ("Robin", ROBIN, "Not said", "the day before, 2 hours before", "From 9:00 pm until 9:00 am"):
        assert words in page


PAGES = [
    ("/account/name", {"name": "Robin Vale"}, "name", "Robin Vale"),
    ("/account/zone", {"zone": "Asia/Kolkata"}, "zone", "Asia/Kolkata"),
    ("/account/reach", {"reach": " 555 0100 "}, "reach", "555 0100"),
    ("/account/discretion", {"discretion": "dot"}, "discretion", Discretion.DOT),
    ("/account/reminders", {"quiet_from": "1200", "quiet_until": "480"}, "quiet_from", 1200),
]


@pytest.mark.parametrize(("path", "fields", "column", "kept"), PAGES)
def test_a_choice_is_kept(
    app: Flask, client: FlaskClient, robin: int, path: str, fields: dict[str, str], column: str, kept: object
) -> None:
    assert client.get(path).status_code == 200
    assert send(client, path, **fields).headers["Location"] == "/account"
    with app.app_context():
        assert getattr(account_queries.own_choices(robin), column) == kept


def test_reminders_left_out_are_off(app: Flask, client: FlaskClient, robin: int) -> None:
    send(client, "/account/reminders", leads="120m", quiet_from="0", quiet_until="0")
    with app.app_context():
        assert account_queries.own_choices(robin).reminder_leads == "120m"
    assert "No quiet hours" in client.get("/account").text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/account/name", {"name": "   "}),
        ("/account/name", {"name": "x" * 61}),
        ("/account/zone", {"zone": "Moon/Crater"}),
        ("/account/reach", {"reach": "x" * 201}),
        ("/account/discretion", {"discretion": "shout"}),
        ("/account/reminders", {"quiet_from": "90", "quiet_until": "540"}),
        ("/account/safe-contact", {"may_email": "perhaps"}),
        ("/account/discretion", {"discretion": "dot", "subject_words": "x" * 61}),
        ("/account/apart", {"email": "nobody"}),
    ],
)
def test_what_is_wrong_is_given_back_with_a_sentence(
    client: FlaskClient, robin: int, path: str, fields: dict[str, str]
) -> None:
    answer = send(client, path, **fields)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


@pytest.mark.parametrize(
    ("path", "field", "most"),
    [
        ("/account/name", "name", 60),
        ("/account/reach", "reach", 200),
        ("/account/safe-contact", "hours", 200),
        ("/account/safe-contact", "name_to_use", 60),
        ("/account/discretion", "subject_words", 60),
    ],
)
def test_a_limit_is_said_and_nothing_typed_is_cut(
    client: FlaskClient, robin: int, path: str, field: str, most: int
) -> None:
    page = client.get(path).text
    assert (f"At most {most} characters." in page, "maxlength" in page) == (True, False)
    answer = send(client, path, **{field: "x" * (most + 1)})
    assert answer.status_code == 422
    assert answer.text.count(f"Please use at most {most} characters.") == 2
    assert f'value="{"x" * (most + 1)}"' in answer.text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("no", "We will not write to you, except the code you ask for. News stands on your page."),
        ("yes", "Kept."),
        ("", "Kept."),
    ],
)
def test_what_follows_from_a_no_to_e_mail_is_confirmed(
    client: FlaskClient, robin: int, said: str, sentence: str
) -> None:
    assert send(client, "/account/safe-contact", may_email=said).status_code == 303
    page = client.get("/account").text
    assert re.findall(r'<div class="notice well".*?<p>(.*?)</p>', page) == [sentence]


def test_a_new_clock_is_shown_as_it_goes(client: FlaskClient, robin: int, watch: Watch) -> None:
    send(client, "/account/zone", zone="Asia/Kolkata")
    there = watch.time.astimezone(ZoneInfo("Asia/Kolkata")).strftime("%-I:%M %p").lower()
    assert f"it is {there} there." in client.get("/account").text


def test_safe_contact_keeps_answers_and_skips(app: Flask, client: FlaskClient, robin: int) -> None:
    assert client.get("/account/safe-contact").status_code == 200
    send(client, "/account/safe-contact", may_email="yes", may_text="no", may_voicemail="", name_to_use="the library")
    with app.app_context():
        kept = account_queries.safe_contact(robin)
        assert kept is not None
        assert (kept.may_email, kept.may_text, kept.may_voicemail, kept.phone_is_seen) == (True, False, None, None)
        assert (kept.name_to_use, kept.hours) == ("the library", "")
    send(client, "/account/safe-contact", may_email="", may_text="", may_voicemail="", name_to_use="")
    with app.app_context():
        kept = account_queries.safe_contact(robin)
        assert kept is not None
        assert (kept.may_email, kept.name_to_use) == (None, "")


def test_what_a_no_to_e_mail_means_is_said_beside_it(client: FlaskClient, robin: int) -> None:
    page = client.get("/account/safe-contact").text
    assert "If you say no, no letters and no reminders come" in page


def test_somebody_is_kept_apart_whether_or_not_they_are_here(
    app: Flask, client: FlaskClient, robin: int, watch: Watch
) -> None:
    add(app, WREN, Role.PEER, now=watch.time)
    answers = [send(client, "/account/apart", email=email).status_code for email in (WREN, "nobody@example.org", WREN)]
    assert answers == [303, 303, 303]
    with app.app_context():
        assert [one.email for one in account_queries.apart_emails(robin)] == [WREN, "nobody@example.org"]


def test_only_ones_own_list_can_be_changed(app: Flask, client: FlaskClient, robin: int, watch: Watch) -> None:
    wren = add(app, WREN, Role.PEER, now=watch.time)
    with app.app_context():
        for person_id in (wren, robin):
            account_services.keep_apart(person_id, "nobody@example.org", now=watch.time)
        of_wren, of_robin = (account_queries.apart_emails(person_id)[0].id for person_id in (wren, robin))
    assert send(client, f"/account/apart/{of_wren}/remove").status_code == 404
    assert send(client, f"/account/apart/{of_robin}/remove").status_code == 303
    with app.app_context():
        assert [len(account_queries.apart_emails(person_id)) for person_id in (wren, robin)] == [1, 0]


def test_who_has_looked_is_said_by_name(app: Flask, client: FlaskClient, robin: int, watch: Watch) -> None:
    ruth = add(app, "ruth@example.org", Role.COORDINATOR, now=watch.time, name="Ruth")
    wren = add(app, WREN, Role.PEER, now=watch.time)
    assert "Nobody so far" in client.get("/account/seen").text
    with app.app_context(), transaction() as session:
        audit.record(session, "read", "member_profile", robin, actor_id=ruth, now=watch.time)
        audit.record(session, "read", "safe_contact", wren, actor_id=ruth, now=watch.time)
        audit.record(session, "read", "person", robin, actor_id=robin, now=watch.time)
    page = client.get("/account/seen").text
    assert page.count("Ruth looked at") == 1
    assert "Ruth looked at what you told of yourself." in page
    assert "Robin looked at" not in page


def test_a_consent_can_be_taken_back_and_given_again(app: Flask, client: FlaskClient, robin: int) -> None:
    assert "Agreed on Monday 2 March." in client.get("/account/consents").text
    assert send(client, "/account/consents/letters/withdraw").headers["Location"] == "/account/consents"
    with app.app_context():
        assert account_queries.agreed(robin, Purpose.LETTERS) is False
    send(client, "/account/consents/letters/give")
    with app.app_context():
        assert account_queries.agreed(robin, Purpose.LETTERS) is True


def test_taking_the_terms_back_signs_out_and_asks_again(app: Flask, client: FlaskClient, robin: int) -> None:
    assert send(client, "/account/consents/terms/withdraw").headers["Location"] == "/signed-out"
    assert client.get("/account").headers["Location"].startswith("/sign-in")
    assert come_in(app, client, ROBIN).headers["Location"] == "/welcome"


def test_there_is_no_consent_of_another_name(client: FlaskClient, robin: int) -> None:
    assert send(client, "/account/consents/selling/give").status_code == 404


def test_a_member_can_become_a_peer_as_well(app: Flask, client: FlaskClient, robin: int) -> None:
    assert "I would like to walk beside somebody" in client.get("/account").text
    assert send(client, "/account/roles", role="peer").status_code == 303
    with app.app_context():
        person = account_queries.person(robin)
        assert person is not None
        assert {held.role for held in person.roles} == {Role.MEMBER, Role.PEER}
    assert "Something more" not in client.get("/account").text


@pytest.mark.parametrize(
    "path",
    [
        "/account/roles",
        "/account/apart/1/remove",
        "/account/consents/letters/withdraw",
        "/account/consents/letters/give",
    ],
)
def test_a_link_changes_nothing(client: FlaskClient, robin: int, path: str) -> None:
    assert client.get(path).status_code == 405


@pytest.mark.parametrize("path", ["/account", "/account/name", "/account/apart", "/account/seen", "/account/consents"])
def test_a_page_of_somebody_signed_in_is_kept_by_no_browser(client: FlaskClient, robin: int, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
