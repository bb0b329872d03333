"""Somebody on a phone plans their reminders and looks at what letters show, with and without scripts."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
WAYS = pytest.mark.parametrize(
    ("javascript", "dark"),
    [(True, False), (True, True), (False, False)],
    ids=["with JavaScript", "in the dark", "without JavaScript"],
)


def show(traveller: Traveller) -> None:
    """Without a script a button shows what with one is seen at once."""
    button = traveller.page.locator("button[name=look]")
    expect(button).to_be_visible(visible=not traveller.javascript)
    if not traveller.javascript:
        button.click()


def moments(traveller: Traveller) -> Locator:
    """Return the lines that say what comes when."""
    return traveller.page.locator("#ahead dt")


@WAYS
def test_what_comes_and_what_it_shows_is_seen_before_it_is_kept(
    demo_site: Site, phones: Phones, javascript: bool, dark: bool
) -> None:
    ana = Traveller(demo_site, phones, javascript=javascript, dark=dark)
    ana.be_who("a first chat is booked")
    plan_reminders(ana)
    choose_words(ana)
    look_at_a_letter(ana)
    assert ana.faults == {}


def plan_reminders(ana: Traveller) -> None:
    ana.go("/account/reminders", "Reminders")
    expect(moments(ana)).to_have_text(["The day before", "2 hours before"])
    expect(ana.page.locator("#ahead")).to_contain_text("For your chat on ")
    ana.page.get_by_label("The day before").uncheck()
    ana.tick("30 minutes before")
    show(ana)
    expect(moments(ana)).to_have_text(["2 hours before", "30 minutes before"])
    ana.page.get_by_label("2 hours before").uncheck()
    ana.page.get_by_label("30 minutes before").uncheck()
    show(ana)
    expect(ana.page.locator("#ahead")).to_contain_text("No reminder comes.")
    ana.tick("15 minutes before")
    ana.tap("Keep", "Your account")
    expect(ana.page.get_by_text("15 minutes before", exact=True)).to_be_visible()


def choose_words(ana: Traveller) -> None:
    ana.go("/account/discretion", "How much may a letter say on its outside?")
    quiet = ana.page.get_by_role("region", name="Keep it quiet").locator(".lock b")
    expect(quiet).to_have_text([re.compile("^Your coffee chat, "), "News on your page"])
    ana.page.get_by_label("Words of your own").press_sequentially("Books are due")
    show(ana)
    expect(quiet).to_have_text(["Books are due", "Books are due"])
    ana.tick("Keep it quiet")
    ana.tap("Keep", "Your account")
    ana.go("/account/discretion", "How much may a letter say on its outside?")
    expect(quiet).to_have_text(["Books are due", "Books are due"])


def look_at_a_letter(ana: Traveller) -> None:
    ana.go("/demo/letters", "Every kind of letter")
    ana.tap("Invitation to a chat", "Invitation to a chat", role="link")
    drawn = ana.page.frame_locator("iframe").first
    expect(drawn.get_by_text("Your coffee with Maya <3 is set.").last).to_be_visible()
    expect(drawn.locator("body")).to_have_css("background-color", "rgb(251, 247, 240)")
    ana.tap("Draw it in the dark", "Invitation to a chat", role="link")
    expect(drawn.locator("body")).to_have_css("background-color", "rgb(20, 33, 31)")
