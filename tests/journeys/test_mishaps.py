"""What happens by accident harms nothing: Back after a mistake, two taps, a very long word, a page that lay still."""

import re

import pytest
from playwright.sync_api import Request, expect

from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_back_after_a_mistake_opens_the_question_again(quiet_site: Site, phones: Phones) -> None:
    alice = Traveller(quiet_site, phones)
    alice.be("Alice")
    alice.go("/account/name", "Your name")
    page = alice.page
    page.get_by_label("What shall we call you?").fill("x" * 61)
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Please use at most 60 characters.").first).to_be_visible()
    page.get_by_label("What shall we call you?").fill("Alice")
    alice.tap("Keep", "Your account")
    page.go_back()
    alice.arrive("Your name")
    expect(page.get_by_label("What shall we call you?")).to_have_value("Alice")
    page.reload()
    alice.arrive("Your name")


def test_a_page_that_lies_still_asks_before_it_signs_out(quiet_site: Site, phones: Phones) -> None:
    alice = Traveller(quiet_site, phones)
    alice.be("Alice")
    page = alice.page
    page.clock.install()
    alice.go("/account", "Your account")
    status = page.locator("#status")
    seconds = int(page.locator("template[data-idle-seconds]").get_attribute("data-idle-seconds") or 0)
    # The page's clock also goes on by itself, so that a laden machine has some seconds to spare.
    page.clock.fast_forward((seconds - 180) * 1000)
    expect(status).to_have_text("")
    page.clock.fast_forward(60_000)
    expect(status).to_contain_text("You will be signed out in two minutes, to keep this private.")
    with page.expect_response("**/stay") as answer:
        status.get_by_role("button", name="Stay").click()
    assert answer.value.status == 204
    expect(status).to_have_text("You stay signed in.")
    page.clock.fast_forward((seconds - 119) * 1000)
    expect(status.get_by_role("button", name="Stay")).to_be_visible()
    assert page.evaluate("[localStorage.length, sessionStorage.length]")[0] == 0


def test_two_taps_at_once_are_one(quiet_site: Site, phones: Phones) -> None:
    alice = Traveller(quiet_site, phones)
    alice.be("Alice")
    alice.go("/account/name", "Your name")
    sent: list[Request] = []
    alice.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    alice.page.get_by_role("button", name="Keep").dblclick()
    alice.arrive("Your account")
    assert [re.sub(r".*//[^/]*", "", request.url) for request in sent] == ["/account/name"]
    expect(alice.page.locator(".notice")).to_have_count(1)


def test_a_very_long_word_breaks_and_the_page_stays_narrow(quiet_site: Site, phones: Phones) -> None:
    alice = Traveller(quiet_site, phones)
    alice.be("Alice")
    alice.go("/account/reach", "How to reach you")
    alice.page.get_by_label("How may they reach you?").fill("w" * 200)
    alice.tap("Keep", "Your account")
    assert alice.faults == {}
