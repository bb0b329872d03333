"""The coordinator’s table for everyone together, on a phone and on a desk, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones, axe_violations
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
DESK: ViewportSize = {"width": 1280, "height": 900}
EVERYONE = "Everyone together"
TARGET = 44


def begin(alice: Traveller) -> None:
    """From the board to a proposal."""
    alice.be_who("coordinator")
    alice.go("/care", "Who waits")
    alice.tap(EVERYONE, EVERYONE, role="link")
    alice.tick("Nobody left out")
    alice.page.get_by_role("button", name="Propose for all who wait").click()
    expect(alice.page.get_by_role("heading", name="What was found")).to_be_visible()
    alice.look()


def small_targets(page: Page) -> list[str]:
    """Return the buttons of the table that a thumb would not meet."""
    boxes = [(one.inner_text(), one.bounding_box()) for one in page.locator("table.data button").all()]
    return [words for words, box in boxes if box is None or box["height"] < TARGET or box["width"] < TARGET]


def rows(page: Page) -> int:
    return page.locator("main table.data tbody tr").count()


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_and_on_a_desk(demo_site: Site, phones: Phones, dark: bool) -> None:
    alice = Traveller(demo_site, phones, dark=dark)
    begin(alice)
    page = alice.page
    assert small_targets(page) == []
    pending = rows(page)
    assert pending > 5

    page.set_viewport_size(DESK)
    assert axe_violations(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    heads = page.locator("main table.data thead th")
    expect(heads.first).to_be_visible()
    name = page.locator("main table.data tbody tr").first.locator("th").inner_text()
    page.locator("main table.data tbody tr").first.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.locator("main .notice").first).to_contain_text("1 published.")
    assert rows(page) == pending - 1
    assert name not in page.locator("main table.data tbody").inner_text()

    alice.tap(re.compile("^Without anybody"), EVERYONE, role="link")
    alice.go("/care/proposal?show=all", EVERYONE)
    page.locator("main table.data tbody a").nth(4).click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(EVERYONE)
    alice.look()
    page.set_viewport_size(DESK)
    assert axe_violations(page) == []
    alice.go("/care/proposal", EVERYONE)
    # Pairs whose peer would first like a word are left for a look of their own.
    together = page.get_by_role("button", name=re.compile(r"^Publish (all )?\d+$"))
    count = int(re.sub(r"\D", "", together.inner_text()))
    assert 1 < count < pending
    together.click()
    expect(page.locator("main .notice").first).to_contain_text(f"{count} published.")
    alice.look()
    assert alice.faults == {}


def test_pinning_and_running_again_without_javascript(demo_site: Site, phones: Phones) -> None:
    alice = Traveller(demo_site, phones, javascript=False)
    begin(alice)
    page = alice.page
    page.locator("main table.data tbody tr").first.get_by_role("button", name=re.compile("^Keep")).click()
    expect(page.locator("main .notice").first).to_contain_text("Kept together in the next run.")
    expect(page.get_by_role("heading", name="Kept together, or never")).to_be_visible()
    page.get_by_text("Run again, or take it away").click()
    alice.tick("Closest fits")
    alice.tap("Run again", EVERYONE)
    expect(page.get_by_text("Closest fits. Worked out on")).to_be_visible()
    expect(page.locator("main table.data tbody tr").first).to_contain_text("Kept together")
    page.get_by_role("button", name=re.compile("^Take back")).click()
    expect(page.locator("main .notice").first).to_contain_text("Taken back.")
    assert alice.faults == {}
