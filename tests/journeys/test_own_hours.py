"""A new peer sets up their time on a phone in under two minutes: nothing is dragged, and no script is needed."""

import re
import time
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
PEER = "juniper@example.org"
HOURS = "When you are free"
# What somebody on a phone needs for a tap or a number, with the reading before it: an unhurried guess, not a record.
SECONDS_A_TAP = 4
TWO_MINUTES = 120


class Fingers:
    """Taps and typing on one phone, each of them counted."""

    def __init__(self, peer: Traveller) -> None:
        self.peer = peer
        self.taps = 0

    def tick(self, *labels: str) -> None:
        """Tick boxes by their full names."""
        for label in labels:
            self.taps += 1
            self.peer.page.get_by_role("checkbox", name=label).first.check()

    def fill(self, label: str, value: str) -> None:
        """Choose a day or a time, or write a word."""
        self.taps += 1
        self.peer.page.get_by_label(label, exact=True).first.fill(value)

    def choose(self, label: str, words: str) -> None:
        """Choose from a list: one tap opens it, one takes."""
        self.taps += 2
        self.peer.page.get_by_label(label).first.select_option(words)

    def open(self, words: str) -> None:
        """Open a fold."""
        self.taps += 1
        self.peer.page.get_by_text(words, exact=True).click()

    def tap(self, name: str | re.Pattern[str], heading: str, *, role: str = "button") -> None:
        """Tap a button or a link and arrive."""
        self.taps += 1
        self.peer.tap(name, heading, role=role)

    def says(self, words: str) -> None:
        """Wait for what the page says was done."""
        expect(self.peer.page.locator(".notice.well").last).to_contain_text(words)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_new_peer_sets_up_their_time(site: Site, phones: Phones, javascript: bool) -> None:
    peer = Traveller(site, phones, javascript=javascript)
    come_in(peer)
    fingers, began = Fingers(peer), time.monotonic()
    weekday_evenings_by_phone(fingers)
    saturday_in_town(fingers)
    how_chats_are(fingers)
    a_place(fingers)
    a_week_off(fingers)
    fingers.tap("What members see", "What members see", role="link")
    expect(peer.page.get_by_text(re.compile(": open")).first).to_be_visible()
    print(f"{fingers.taps} taps, {time.monotonic() - began:.1f} s of pages")  # noqa: T201
    assert fingers.taps * SECONDS_A_TAP <= TWO_MINUTES
    days_that_are_not_as_usual(peer)
    assert peer.faults == {}


def come_in(peer: Traveller) -> None:
    """Sign up as somebody who would like to walk beside somebody, and go to the times."""
    peer.go("/sign-in", "Come in")
    peer.sign_in(PEER, "What stays between us")
    peer.agree("Juniper")
    peer.tap("Go on", "What brings you here?")
    peer.tick("I would like to walk beside somebody")
    peer.page.get_by_role("button", name="Go on").click()
    peer.page.wait_for_url("**/experience/**")
    peer.go("/times", HOURS)


def weekday_evenings_by_phone(fingers: Fingers) -> None:
    """The times are there from the start: days, a way, one tap."""
    fingers.tick("Monday", "Tuesday", "Wednesday", "Thursday")
    fingers.open("Only for some ways to meet")
    fingers.tick("Phone")
    fingers.tap("Add to these days", HOURS)
    fingers.says("Added: 6 pm to 9 pm, phone only on Monday, Tuesday, Wednesday and Thursday.")


def saturday_in_town(fingers: Fingers) -> None:
    """Coffee by day."""
    fingers.tick("Saturday")
    fingers.fill("From", "10:00")
    fingers.fill("Until", "14:00")
    fingers.open("Only for some ways to meet")
    fingers.tick("Coffee in public")
    fingers.tap("Add to these days", HOURS)
    fingers.says("Added: 10 am to 2 pm, coffee in public only on Saturday.")


def how_chats_are(fingers: Fingers) -> None:
    """Longer, and with a yes to each."""
    fingers.tap("Change Your chats", "Your chats", role="link")
    fingers.choose("How long is a chat?", "45 minutes")
    fingers.tick("I would like to say yes to each chat first")
    fingers.tap("Keep", HOURS)


def a_place(fingers: Fingers) -> None:
    """A café."""
    fingers.tap("Change Places to meet", "Places to meet", role="link")
    fingers.peer.page.get_by_label("What is it called?").fill("Café Luz")
    fingers.taps += 1
    fingers.tap("Add", "Places to meet")
    fingers.says("Added.")
    fingers.tap("My times", HOURS, role="link")


def a_week_off(fingers: Fingers) -> None:
    """Days, a look, one tap."""
    first = date.today() + timedelta(days=10)  # noqa: DTZ011
    fingers.tap("Change Time off", "Time off", role="link")
    fingers.fill("First day away", first.isoformat())
    fingers.fill("Last day away", (first + timedelta(days=6)).isoformat())
    fingers.tap("Look at these days", "Time off")
    expect(fingers.peer.page.get_by_text(re.compile("This closes .* that are open now"))).to_be_visible()
    fingers.tap("Take this time off", "Time off")
    fingers.says("Time off is set")
    fingers.tap("My times", HOURS, role="link")


def days_that_are_not_as_usual(peer: Traveller) -> None:
    """A day with other hours, a trip and a season: each is looked at first, and each can be taken back."""
    day = date.today() + timedelta(days=20)  # noqa: DTZ011
    peer.go("/times/dates", "Other hours on some days")
    peer.page.get_by_label("Day, or first day").fill(day.isoformat())
    peer.page.get_by_label("From").fill("08:00")
    peer.page.get_by_label("Until").fill("09:30")
    peer.tap("Look at these hours", "Other hours on some days")
    peer.tap("Set these hours", "Other hours on some days")
    expect(peer.page.locator(".notice.well").last).to_contain_text("Kept for")
    peer.go("/times/travel", "Travelling")
    peer.page.get_by_label("First day there").fill(day.isoformat())
    peer.page.get_by_label("Last day there").fill((day + timedelta(days=7)).isoformat())
    peer.page.get_by_label("Where will you be?").select_option("Asia/Tokyo")
    peer.tap("Look at what changes", "Travelling")
    expect(peer.page.get_by_text(re.compile("there .* at home")).first).to_be_visible()
    peer.tap("Go by that clock", "Travelling")
    peer.go("/times/seasons", "Seasons")
    peer.page.get_by_label("First day").fill((day + timedelta(days=30)).isoformat())
    peer.page.get_by_label("Last day").fill((day + timedelta(days=60)).isoformat())
    peer.tap("Go on to its week", "A week for a season")
    peer.page.get_by_role("button", name="Remove 6 pm to 9 pm, phone only on Monday").click()
    expect(peer.page.locator(".notice.well").last).to_contain_text("Taken away.")
    peer.tap("Copy Tuesday to other days", "Copy Tuesday", role="link")
    peer.tick("Sunday")
    peer.tap("Copy to these days", "A week for a season")
    peer.tap("Change its days", "Other days for a season", role="link")
    peer.page.get_by_label("Last day").fill((day + timedelta(days=45)).isoformat())
    peer.tap("Look at these days", "Other days for a season")
    peer.tap("Set these days", "A week for a season")
    expect(peer.page.locator(".notice.well").last).to_contain_text("Kept.")
    peer.go("/times/holidays", "Public holidays")
    peer.go("/times", HOURS)
    expect(peer.page.get_by_text("While you travel your hours go by the clock there.")).to_be_visible()


def test_the_week_is_set_by_keyboard_alone(site: Site, phones: Phones) -> None:
    peer = Traveller(site, phones)
    come_in(peer)
    page = peer.page
    for day in ("Monday", "Tuesday"):
        press_on(page, page.get_by_role("checkbox", name=day), "Space")
    press_on(page, page.get_by_text("Only for some ways to meet"), "Enter")
    press_on(page, page.get_by_role("checkbox", name="Video"), "Space")
    press_on(page, page.get_by_role("button", name="Add to these days"), "Enter")
    expect(page.locator(".notice.well").last).to_contain_text("Added: 6 pm to 9 pm, video only on Monday and Tuesday.")
    press_on(page, page.get_by_role("link", name="Change Your chats"), "Enter")
    peer.arrive("Your chats")
    press_on(page, page.get_by_label("How long is a chat?"), "ArrowDown")
    press_on(page, page.get_by_role("button", name="Keep"), "Enter")
    peer.arrive(HOURS)
    expect(page.get_by_text("Chats of 45 minutes.")).to_be_visible()
    press_on(page, page.get_by_role("link", name="What members see"), "Enter")
    peer.arrive("What members see")
    assert peer.faults == {}


def press_on(page: Page, wanted: Locator, key: str) -> None:
    """Press Tab until this has the focus, then the key."""
    for _press in range(90):
        if wanted.first.evaluate("element => element === document.activeElement"):
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not come to {wanted}")
