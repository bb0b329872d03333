"""The second step by passkey in a real browser, with a virtual device that answers for it."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from portal import clock
from portal.domain.account import Role
from portal.queries import account as account_queries
from tests.servers.browser import Phones, axe_violations
from tests.web.account_steps import add, codes

RUTH = "ruth@example.org"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The app on a port of its own; by name, for a bare number has no passkeys."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["BASE_URL"] = f"http://localhost:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield app.config["BASE_URL"]
    server.shutdown()
    thread.join()


def come_in(app: Flask, page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("Your e-mail address").fill(RUTH)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Your code").fill(codes(app, RUTH)[-1])
    page.get_by_role("button", name="Go on").click()


def give_device(page: Page) -> str:
    """Give the phone a device that says yes; returns its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return str(made["authenticatorId"])


def test_a_passkey_is_added_and_asked_for_the_next_time(app: Flask, address: str, phones: Phones) -> None:
    ruth = add(app, RUTH, Role.COORDINATOR, now=clock.now(), name="Ruth")
    page = phones.open(address)
    give_device(page)
    come_in(app, page)
    expect(page.get_by_role("heading", name="Set up your second step")).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(f"{address}/")
    with app.app_context():
        assert len(account_queries.passkeys(ruth)) == 1

    page.context.clear_cookies()
    come_in(app, page)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(f"{address}/")
    page.goto("/second-step")
    expect(page.get_by_text("It is done for this visit.")).to_be_visible()
    with app.app_context():
        assert account_queries.passkeys(ruth)[0].last_used_at is not None


def test_another_device_is_told_in_words_that_it_does_not_fit(app: Flask, address: str, phones: Phones) -> None:
    ruth = add(app, RUTH, Role.COORDINATOR, now=clock.now(), name="Ruth")
    page = phones.open(address)
    give_device(page)
    come_in(app, page)
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(f"{address}/")

    stranger = phones.open(address)
    give_device(stranger)
    come_in(app, stranger)
    stranger.get_by_role("button", name="Use my passkey").click()
    expect(stranger.get_by_text("That passkey did not work here.")).to_be_visible()
    with app.app_context():
        assert account_queries.passkeys(ruth)[0].last_used_at is None


def test_without_scripts_the_app_is_offered_and_no_passkey(app: Flask, address: str, phones: Phones) -> None:
    add(app, RUTH, Role.COORDINATOR, now=clock.now(), name="Ruth")
    page = phones.open(address, javascript=False)
    come_in(app, page)
    expect(page.get_by_role("button", name="Set up an app")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
