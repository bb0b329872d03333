"""Without a finger or a mouse: the way out and the skip link come first, and a code is asked for and typed."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
WREN = "wren@example.org"
FOCUSED = "() => document.activeElement.innerText.trim()"


def tab_to(page: Page, label: str) -> None:
    """Press Tab until the field or button with this name has the focus."""
    wanted = page.get_by_role("textbox", name=label).or_(page.get_by_role("button", name=label, exact=True)).first
    for _press in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not come to {label}")


def test_the_first_two_stops_are_the_way_out_and_the_skip_link(site: Site, phones: Phones) -> None:
    page = Traveller(site, phones).page
    for path in ("/", "/sign-in", "/help", "/nothing-here"):
        page.goto(path)
        stops = []
        for _press in range(2):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(FOCUSED))
        assert (path, stops) == (path, ["Leave", "Skip to the page"])
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "main"


def test_somebody_signs_in_by_keyboard_alone(site: Site, phones: Phones) -> None:
    wren = Traveller(site, phones)
    wren.go("/sign-in", "Come in")
    tab_to(wren.page, "Your e-mail address")
    wren.page.keyboard.type(WREN)
    wren.page.keyboard.press("Enter")
    wren.arrive("Look in your mail")
    tab_to(wren.page, "Your code")
    wren.page.keyboard.type(wren.code_for(WREN))
    tab_to(wren.page, "Go on")
    wren.page.keyboard.press("Enter")
    wren.arrive("What stays between us")
    assert wren.faults == {}


def test_a_page_that_is_not_there_has_help_and_a_way_out(site: Site, phones: Phones) -> None:
    lost = Traveller(site, phones)
    answer = lost.page.goto("/nothing-here")
    assert answer is not None
    assert answer.status == 404
    lost.look()
    expect(lost.page.locator(".strip a[href='tel:988']").first).to_be_visible()
    assert lost.faults == {}
