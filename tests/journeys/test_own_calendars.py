"""A peer adds calendars of their own on a phone, with and without scripts, and takes one away again."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.calendars.busy_files import calendar, event
from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
HERE, BY_ADDRESS, BY_FILE = "Your own calendars", "Add a calendar by its address", "Add a calendar from a file"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_calendar_is_added_looked_at_and_taken_away(
    demo_site: Site, phones: Phones, tmp_path: Path, javascript: bool
) -> None:
    file = tmp_path / "calendar.ics"
    luis = Traveller(demo_site, phones, javascript=javascript, dark=not javascript)
    luis.be("Luis")
    luis.go("/times", "When you are free")
    luis.tap("Change Your own calendars", HERE, role="link")
    expect(luis.page.get_by_text("From a file, read 3 days ago.")).to_be_visible()

    luis.tap(BY_ADDRESS, BY_ADDRESS, role="link")
    luis.page.get_by_label("The secret address").fill("http://calendar.example.org/secret.ics")
    luis.page.get_by_label("A name for it").fill("Family")
    luis.tap("Add this calendar", BY_ADDRESS)
    expect(luis.page.locator(".error")).to_contain_text("Use https://.")
    expect(luis.page.get_by_label("A name for it")).to_have_value("Family")
    luis.page.get_by_label("The secret address").fill("webcal://calendar.example.org/secret.ics")
    luis.tap("Add this calendar", HERE)
    expect(luis.page.get_by_role("heading", name="Family")).to_be_visible()
    luis.tap("Read it now: Family", HERE)
    before = luis.faults
    luis.seen.clear()
    luis.look()  # the same page, with more on it

    luis.tap("Add a file", BY_FILE, role="link")
    file.write_bytes(b"a picture of a calendar")
    luis.page.get_by_label("The file").set_input_files(file)
    luis.tap("Read this file", BY_FILE)
    expect(luis.page.locator(".error")).to_contain_text("This is not a calendar.")
    file.write_bytes(calendar(event("RRULE:FREQ=DAILY"), event("RRULE:FREQ=SECONDLY")))
    luis.page.get_by_label("The file").set_input_files(file)
    luis.tap("Read this file", HERE)
    expect(luis.page.get_by_text("the one that begins on Tuesday 3 March 2026")).to_be_visible()

    luis.tap("Newer file, change or remove: Shifts", "Shifts", role="link")
    luis.tap("Take this calendar away", HERE)
    expect(luis.page.get_by_role("heading", name="Shifts")).to_have_count(0)
    luis.go("/", "Hello, Luis")
    expect(luis.page.get_by_text("of your own calendars need")).to_be_visible()
    assert luis.faults | before == {}
