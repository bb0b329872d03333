"""The quick way out: the button and three Shifts end the visit, and nothing private comes back."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def is_gone(page: Page, site: Site, private: str) -> None:
    """The harmless page is there, the visit is over, and Back shows nothing of it."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Weather")
    page.go_back()
    expect(page.get_by_role("link", name="Hillside").first).to_be_visible()
    expect(page.get_by_text(private)).to_have_count(0)
    page.goto(f"{site.address}/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Come in")


@pytest.mark.parametrize("javascript", [True, False], ids=["with javascript", "without"])
def test_the_button_leaves_and_ends_the_visit(quiet_site: Site, phones: Phones, javascript: bool) -> None:
    alice = Traveller(quiet_site, phones, javascript=javascript)
    alice.be("Alice")
    alice.go("/care", "Who waits")
    alice.page.get_by_role("button", name="Leave").first.click()
    is_gone(alice.page, quiet_site, "Who waits")


def test_three_shifts_leave_and_end_the_visit(quiet_site: Site, phones: Phones) -> None:
    alice = Traveller(quiet_site, phones)
    alice.be("Alice")
    alice.go("/care", "Who waits")
    for _press in range(3):
        alice.page.keyboard.press("Shift")
    is_gone(alice.page, quiet_site, "Who waits")


def test_two_shifts_and_a_letter_stay(quiet_site: Site, phones: Phones) -> None:
    alice = Traveller(quiet_site, phones)
    alice.go("/sign-in", "Come in")
    for key in ("Shift", "Shift", "a", "Shift"):
        alice.page.keyboard.press(key)
    alice.page.reload()
    alice.arrive("Come in")
