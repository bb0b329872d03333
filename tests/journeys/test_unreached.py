"""What does not reach us leaves the form and what was typed where they are, says so, and goes through the next time."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
SAID = "This did not reach us. What you wrote is still here; try again."
FAULT = "Something on our side did not work. What you wrote is still here; wait a minute, then try again."
NOTE = "I would rather talk about the job first."


class InFront(BaseHTTPRequestHandler):
    """Answers as a proxy does while what is behind it is away."""

    status = 503

    def do_GET(self) -> None:
        """Say the same to a question."""
        self.do_POST()

    def do_POST(self) -> None:
        """Say that nobody is there."""
        page = b"<html><body><h1>It does not work</h1></body></html>"
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_line: object) -> None:
        """Keep quiet."""


class Broken(InFront):
    """Answers with a whole page as our own fault does."""

    status = 500


@contextmanager
def away(site: Site, how: str) -> Iterator[None]:
    """Take the site's pages away: nobody listens, or only what stands in front of them answers."""
    site.stop_one("web")
    front = None
    if how != "nobody answers":
        front = ThreadingHTTPServer(("127.0.0.1", site.port), InFront if how == "a proxy answers" else Broken)
        Thread(target=front.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        if front is not None:
            front.shutdown()
            front.server_close()
        site.start("web")


@pytest.mark.parametrize("how", ["nobody answers", "a proxy answers", "a page of ours breaks"])
def test_a_booking_that_does_not_get_through_stays_on_the_page_and_can_be_sent_again(
    quiet_site: Site, phones: Phones, how: str
) -> None:
    sylvie = Traveller(quiet_site, phones)
    sylvie.be_who("member · both said yes")
    page = sylvie.page
    page.get_by_role("link", name="See times").first.click()
    sylvie.arrive("When shall we meet?")
    page.locator("button[name=starts_at]").first.click()
    sylvie.arrive("Meet then?")
    page.get_by_text("Choose how", exact=False).first.click()
    page.get_by_label("A note for").fill(NOTE)
    book = page.get_by_role("button", name="Book", exact=True)
    with away(quiet_site, how):
        book.click()
        said = page.get_by_role("alert")
        expect(said).to_contain_text(FAULT if how == "a page of ours breaks" else SAID)
        assert said.get_by_role("link", name="All help lines").count() == (how == "a page of ours breaks")
        assert page.locator(".actions + .notice[role=alert]").is_visible()
        assert page.get_by_label("A note for").input_value() == NOTE
        expect(book).not_to_have_attribute("aria-busy", "true")
        expect(page.locator("#booking form")).not_to_have_attribute("aria-busy", "true")
        sylvie.look()
    book.click()
    sylvie.arrive("Your coffee chat")
    expect(page.get_by_text(NOTE)).to_be_visible()
    assert sylvie.faults == {}


def writes_to_ruth(site: Site, phones: Phones) -> tuple[Page, Locator, Locator]:
    """Be somebody who has written in a form of its own page; returns the page, the field and the button."""
    agnes = Traveller(site, phones)
    agnes.be("Agnes")
    page = agnes.page
    page.get_by_role("link", name="Open: Ruth is thinking of you").click()
    agnes.arrive("Between you and Ruth")
    field, send = page.get_by_label("A few lines for Ruth"), page.get_by_role("button", name="Send", exact=True)
    field.fill(NOTE)
    return page, field, send


@pytest.mark.parametrize("how", ["nobody answers", "a proxy answers"])
def test_long_words_of_a_form_of_its_own_page_stay_too(quiet_site: Site, phones: Phones, how: str) -> None:
    page, field, send = writes_to_ruth(quiet_site, phones)
    with away(quiet_site, how):
        send.click()
        expect(page.get_by_role("alert")).to_have_text(SAID)
        assert field.input_value() == NOTE
        expect(send).not_to_have_attribute("aria-busy", "true")
    send.click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    expect(field).to_have_value("")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_whoever_gets_no_answer_is_told_and_keeps_their_words(quiet_site: Site, phones: Phones) -> None:
    page, field, send = writes_to_ruth(quiet_site, phones)
    page.clock.install()
    page.route("**/healthz", lambda _route: None)
    with page.expect_request("**/healthz"):
        send.click()
    expect(send).to_have_attribute("aria-busy", "true")
    page.clock.fast_forward(11_000)
    expect(page.get_by_role("alert")).to_have_text(SAID)
    expect(send).not_to_have_attribute("aria-busy", "true")
    assert field.input_value() == NOTE


def test_an_older_phone_sends_long_words_at_once(quiet_site: Site, phones: Phones) -> None:
    page, field, send = writes_to_ruth(quiet_site, phones)
    page.evaluate("() => { delete HTMLFormElement.prototype.requestSubmit; }")
    send.click()
    expect(page.get_by_text(NOTE)).to_be_visible()
    expect(field).to_have_value("")


def test_a_form_sent_without_a_connection_stays_and_says_so(quiet_site: Site, phones: Phones) -> None:
    alice = Traveller(quiet_site, phones)
    alice.be("Alice")
    alice.go("/account/name", "Your name")
    page = alice.page
    page.get_by_label("What shall we call you?").fill("Ally")
    page.context.set_offline(True)
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_have_text(SAID)
    assert page.get_by_label("What shall we call you?").input_value() == "Ally"
    page.context.set_offline(False)
    alice.tap("Keep", "Your account")
    expect(page.get_by_text("Ally").first).to_be_visible()
