"""The one door: what a code does in the right browser, and all that it does not do anywhere else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import transaction
from portal.domain.account import CODE_TRIES, Role
from portal.models import Person
from portal.queries import account as account_queries
from portal.web.account.way import local_path
from tests.web.account_steps import Watch, add, codes, come_in, person_id_of, send

KNOWN = "robin@example.org"
UNKNOWN = "new@example.org"


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def signed_in(client: FlaskClient) -> bool:
    """Ask a page that only somebody signed in gets (or is led away from to what still has to be read)."""
    return not client.get("/account").headers.get("Location", "").startswith("/sign-in")


def test_the_right_code_in_the_browser_that_asked_signs_in(app: Flask, client: FlaskClient, watch: Watch) -> None:
    add(app, KNOWN, Role.MEMBER, now=watch.time)
    answer = come_in(app, client, KNOWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert signed_in(client)


def test_a_code_may_be_typed_with_a_gap(app: Flask, client: FlaskClient, watch: Watch) -> None:
    add(app, KNOWN, Role.MEMBER, now=watch.time)
    send(client, "/sign-in", email=f"  {KNOWN.upper()} ")
    code = codes(app, KNOWN)[0]
    assert send(client, "/sign-in/code", code=f" {code[:3]} {code[3:]} ").status_code == 303


def test_the_answer_is_the_same_for_an_address_nobody_has(app: Flask, watch: Watch) -> None:
    add(app, KNOWN, Role.MEMBER, now=watch.time)
    answers = []
    for address in (KNOWN, UNKNOWN):
        browser = app.test_client()
        first = send(browser, "/sign-in", email=address)
        page = re.sub(r'value="[^"]*"|v=\w+', "", browser.get("/sign-in/code").text).replace(address, "")
        answers.append((first.status_code, first.headers["Location"], first.text, page))
    assert answers[0] == answers[1]
    assert [len(codes(app, address)) for address in (KNOWN, UNKNOWN)] == [1, 1]


def test_opening_a_page_never_signs_in(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=KNOWN)
    code = codes(app, KNOWN)[0]
    assert client.get(f"/sign-in/code?code={code}").status_code == 200
    assert not signed_in(client)


def test_a_wrong_code_can_be_tried_again(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=KNOWN)
    code = codes(app, KNOWN)[0]
    answer = send(client, "/sign-in/code", code=other(code))
    assert answer.status_code == 422
    assert answer.text.count("These are not the six digits we sent last. Please look at the newest letter.") == 2
    assert not signed_in(client)
    assert send(client, "/sign-in/code", code=code).status_code == 303


def test_after_the_fifth_wrong_try_the_right_code_is_of_no_use(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=KNOWN)
    code = codes(app, KNOWN)[0]
    for _ in range(CODE_TRIES):
        assert send(client, "/sign-in/code", code=other(code)).status_code == 422
    assert send(client, "/sign-in/code", code=code).status_code == 422
    assert not signed_in(client)


def test_a_code_that_has_run_out_leaves_one_thing_to_do(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=KNOWN)
    watch.turn(minutes=10)
    page = send(client, "/sign-in/code", code=codes(app, KNOWN)[0]).text
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "This code has run out. We can send a new one." in main
    assert re.findall(r"<button.*?>(.*?)</button>", main) == ["Send a new code"]
    assert 'name="code"' not in main
    assert re.findall(r'name="email" value="(.*?)"', main) == [KNOWN]


def test_the_fifth_try_itself_may_be_right(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=KNOWN)
    code = codes(app, KNOWN)[0]
    for _ in range(CODE_TRIES - 1):
        send(client, "/sign-in/code", code=other(code))
    assert send(client, "/sign-in/code", code=code).status_code == 303


def test_a_code_is_of_no_use_in_another_browser(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=KNOWN)
    elsewhere = app.test_client()
    assert send(elsewhere, "/sign-in/code", code=codes(app, KNOWN)[0]).status_code == 422
    send(elsewhere, "/sign-in", email=KNOWN)
    assert send(elsewhere, "/sign-in/code", code=codes(app, KNOWN)[0]).status_code == 422
    assert not signed_in(elsewhere)


@pytest.mark.parametrize(("minutes", "status"), [(9.9, 303), (10, 422)])
def test_a_code_lives_ten_minutes(app: Flask, client: FlaskClient, watch: Watch, minutes: float, status: int) -> None:
    send(client, "/sign-in", email=KNOWN)
    watch.turn(minutes=minutes)
    assert send(client, "/sign-in/code", code=codes(app, KNOWN)[0]).status_code == status


def test_a_code_works_once(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=KNOWN)
    with client.session_transaction() as cookie:
        asked = cookie["asked"]
    code = codes(app, KNOWN)[0]
    assert send(client, "/sign-in/code", code=code).status_code == 303
    again = app.test_client()
    with again.session_transaction() as cookie:
        cookie["asked"] = asked
    assert send(again, "/sign-in/code", code=code).status_code == 422


def test_only_the_newest_code_of_a_browser_works(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=KNOWN)
    first = codes(app, KNOWN)[-1]
    send(client, "/sign-in", email=KNOWN)
    second = codes(app, KNOWN)[-1]
    assert send(client, "/sign-in/code", code=first).status_code == (303 if first == second else 422)
    assert send(client, "/sign-in/code", code=second).status_code == 303


TYPED = ["", "robin", "robin@", "@example.org", "a@b", "a b@example.org", "a@example..org"]
UNSEEN = ["a\x00b@example.org", "a\x1bb@example.org", "a\u202eb@example.org", "a\u200bb@example.org"]


@pytest.mark.parametrize("typed", TYPED + UNSEEN)
def test_what_cannot_be_an_address_is_asked_for_again(
    app: Flask, client: FlaskClient, watch: Watch, typed: str
) -> None:
    answer = send(client, "/sign-in", email=typed)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


@pytest.mark.parametrize(
    ("back", "kept"),
    [
        ("/account/seen", "/account/seen"),
        ("/account?x=1", "/account?x=1"),
        ("https://elsewhere.example/", ""),
        ("//elsewhere.example/", ""),
        ("/\\elsewhere.example/", ""),
        ("/\t/elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
        ("account", ""),
        ("", ""),
    ],
)
def test_only_a_path_of_this_site_is_kept_as_the_way_back(back: str, kept: str) -> None:
    assert local_path(back) == kept


def test_signing_in_leads_back_to_the_page_that_was_asked_for(app: Flask, client: FlaskClient, watch: Watch) -> None:
    add(app, KNOWN, Role.MEMBER, now=watch.time)
    door = client.get("/account/seen").headers["Location"]
    assert 'value="/account/seen"' in client.get(door).text
    send(client, "/sign-in", email=KNOWN, back="/account/seen")
    answer = send(client, "/sign-in/code", code=codes(app, KNOWN)[0])
    assert answer.headers["Location"] == "/account/seen"


def test_signing_in_leads_nowhere_else(app: Flask, client: FlaskClient, watch: Watch) -> None:
    add(app, KNOWN, Role.MEMBER, now=watch.time)
    send(client, "/sign-in", email=KNOWN, back="//elsewhere.example/")
    assert send(client, "/sign-in/code", code=codes(app, KNOWN)[0]).headers["Location"] == "/"


def test_a_sign_in_gets_a_cookie_with_nothing_from_before(app: Flask, client: FlaskClient, watch: Watch) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    come_in(app, client, KNOWN)
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert "asked" not in cookie


def test_somebody_suspended_stays_outside(app: Flask, client: FlaskClient, watch: Watch) -> None:
    person_id = add(app, KNOWN, Role.MEMBER, now=watch.time)
    with app.app_context(), transaction() as session:
        session.get_one(Person, person_id).suspended_at = watch.time
    assert come_in(app, client, KNOWN).status_code == 403
    assert not signed_in(client)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_many_letters_to_one_address_are_held_back_in_words(app: Flask, client: FlaskClient, watch: Watch) -> None:
    answers = [send(client, "/sign-in", email=KNOWN).status_code for _ in range(11)]
    assert answers == [303] * 10 + [429]
    assert send(client, "/sign-in", email=UNKNOWN).status_code == 303


def test_signing_out_ends_it_for_a_copied_cookie_too(app: Flask, client: FlaskClient, watch: Watch) -> None:
    add(app, KNOWN, Role.MEMBER, now=watch.time)
    come_in(app, client, KNOWN)
    thief = app.test_client()
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    with thief.session_transaction() as cookie:
        cookie.update(copied)
    assert signed_in(thief)
    answer = send(client, "/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/signed-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not signed_in(thief)
    assert not signed_in(client)


def test_signing_out_everywhere_reaches_the_other_browser(app: Flask, client: FlaskClient, watch: Watch) -> None:
    add(app, KNOWN, Role.MEMBER, now=watch.time)
    come_in(app, client, KNOWN)
    phone = app.test_client()
    come_in(app, phone, KNOWN)
    assert "You are signed in on 2 browsers." in phone.get("/account").text
    assert send(phone, "/account/sign-out-everywhere").status_code == 303
    assert not signed_in(client)


@pytest.mark.parametrize("path", ["/sign-out", "/account/sign-out-everywhere"])
def test_a_link_does_not_sign_out(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 405


@pytest.mark.parametrize(("turns", "still"), [([1.9, 1.9], True), ([2.1], False)])
def test_somebody_who_rests_for_two_hours_is_signed_out(
    app: Flask, client: FlaskClient, watch: Watch, turns: list[float], still: bool
) -> None:
    add(app, KNOWN, Role.MEMBER, now=watch.time)
    come_in(app, client, KNOWN)
    for hours in turns:
        watch.turn(hours=hours)
        found = signed_in(client)
    assert found is still


def test_somebody_new_is_made_known_by_the_right_code_only(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=UNKNOWN)
    with app.app_context():
        assert account_queries.person_by_email(UNKNOWN) is None
    code = codes(app, UNKNOWN)[0]
    answer = send(client, "/sign-in/code", code=code, zone="Asia/Calcutta")
    assert answer.headers["Location"] == "/welcome"
    with app.app_context():
        person = account_queries.person(person_id_of(app, UNKNOWN))
        assert person is not None
        assert (person.name, person.zone, person.roles) == ("", "Asia/Calcutta", [])


def test_a_zone_nobody_knows_becomes_utc(app: Flask, client: FlaskClient, watch: Watch) -> None:
    send(client, "/sign-in", email=UNKNOWN)
    send(client, "/sign-in/code", code=codes(app, UNKNOWN)[0], zone="Moon/Crater")
    with app.app_context():
        person = account_queries.person_by_email(UNKNOWN)
        assert person is not None
        assert person.zone == "UTC"


def test_a_second_person_is_not_made_for_an_address_that_is_known(
    app: Flask, client: FlaskClient, watch: Watch
) -> None:
    known = add(app, KNOWN, Role.MEMBER, now=watch.time)
    come_in(app, client, KNOWN)
    assert person_id_of(app, KNOWN) == known
