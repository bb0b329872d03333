"""Every route declares its door, and a view that forgets stops the program."""

import pytest
from flask import Flask

from portal.domain.errors import NotAllowed
from portal.web import NEEDS_NO_TOKEN
from portal.web.doors import Door, demo, door_of, guard, init_doors

# What anybody may see or do without signing in, and why. A new one is added here by somebody who thought about it.
OPEN_TO_ALL = {
    "static": "files of ours, the same for everybody",
    "home.start": "the front page; whoever is signed in sees their own",
    "home.leave": "must work in any state; ends only the visit of the browser that asks",
    "home.healthz": "says that the process answers, and nothing else",
    "home.readyz": "says which of the site's parts answer, for machines; nothing about anybody",
    "crisis.lines": "help is for everybody, the more so for those who cannot sign in",
    "account.sign_in": "the way in; says the same for every address",
    "account.send_code": "throttled; the letter goes to the address, the answer is the same for all",
    "account.code": "shows the address that this browser typed itself",
    "account.check_code": "five tries, in the browser that asked",
    "account.sign_out": "a sign-in that has run out is no reason to be asked to sign in first",
    "account.signed_out": "says that it is done, to a browser that knows nobody any more",
    "notice.unsubscribe": "RFC 8058: mail programs act without signing in; the random key is the permission",
    "notice.unsubscribe_form": "the same key; opening it does nothing and names nobody",
    "account.signs": "a script that every browser gets the same; it answers no request and keeps nothing",
    "notice.text_heard": "the carrier of texts calls; its signature is the permission, and the answer names nobody",
    "notice.text_receipt": "the same signature; it is answered with nothing",
    "booking.feed": "calendars read without signing in; the random key is the permission, and its owner can end it",
}
# What somebody signed in may reach before agreeing to anything.
BEFORE_CONSENT = {
    "account.welcome": "where one agrees",
    "account.sign_out_everywhere": "going is always allowed",
    "account.stay": "shows nothing; the limits may be read for long",
    "account.second_step": "shows nothing that anybody told",
    "account.check_app": "a part of signing in",
    "account.begin_app": "a part of signing in",
    "account.new_app": "a part of signing in",
    "account.confirm_app": "a part of signing in",
    "account.new_passkey_options": "a part of signing in",
    "account.add_passkey": "a part of signing in",
    "account.passkey_options": "a part of signing in",
    "account.check_passkey": "a part of signing in",
}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_open_to_all_is_open_on_purpose(app: Flask) -> None:
    assert {name for name in app.view_functions if door_of(app, name) is Door.PUBLIC} == set(OPEN_TO_ALL)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_is_open_before_consent_is_open_on_purpose(app: Flask) -> None:
    marked = {name for name, view in app.view_functions.items() if getattr(view, "before_consent", False)}
    assert marked == set(BEFORE_CONSENT)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_only_the_demonstration_stands_behind_its_door(app: Flask) -> None:
    """Those doors ask nobody who they are; in production they are shut (tests/web/test_headers)."""
    doors = {name: door_of(app, name) for name in app.view_functions}
    behind = {name for name, door in doors.items() if door is Door.DEMO}
    assert behind == {name for name in doors if name.startswith("demo.")}
    assert len(behind) == 9


def test_what_needs_no_token_can_do_no_harm() -> None:
    # The carrier of texts signs what it tells: tests/web/test_notice_texts.py.
    signed = {"notice.text_heard", "notice.text_receipt"}
    assert set(NEEDS_NO_TOKEN) == {"home.leave", "notice.unsubscribe"} | signed


def test_a_view_without_a_door_stops_the_program() -> None:
    app = Flask(__name__)
    app.add_url_rule("/open", view_func=lambda: "anybody", endpoint="open")
    with pytest.raises(RuntimeError, match="open"):
        init_doors(app)


def test_a_view_that_came_in_later_without_a_door_is_refused() -> None:
    app = Flask(__name__)
    app.before_request(guard)
    app.add_url_rule("/later", view_func=lambda: "anybody", endpoint="later")
    app.add_url_rule("/demo", view_func=demo(lambda: "anybody"), endpoint="demo")
    app.config["DEMO"] = True
    app.testing = True
    client = app.test_client()
    assert client.get("/demo").text == "anybody"
    with pytest.raises(NotAllowed, match="This page is closed"):
        client.get("/later")
