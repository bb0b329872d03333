"""Somebody's own calendar reads along and answers, over the wire: an address, a feed, a no by mail, another time."""

import re
import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import expect

from tests.calendars.readers import by_icaljs, entries_in, objections
from tests.calendars.replies import answer, letter
from tests.journeys.traveller import LONGEST_WAIT, Traveller
from tests.servers.browser import Phones
from tests.servers.ports import any_free
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
BOOKED = "member · a first chat is booked"


@pytest.fixture
def hearing_site(demo_url: str, tmp_path: Path) -> Iterator[Site]:
    """A running demo site that hears what calendars answer."""
    site = Site(demo_url, tmp_path / "hearing")
    site.environ["INBOUND"] = f"lmtp://127.0.0.1:{any_free()}"
    try:
        site.start()
        site.start_one("inbound")
        yield site
    finally:
        site.stop()


def post(site: Site, raw: bytes) -> None:
    """Hand a letter to the door, as the site's mail server does, once it listens."""
    host, _, port = site.environ["INBOUND"].removeprefix("lmtp://").partition(":")
    line = smtplib.LMTP()
    for _look in range(int(LONGEST_WAIT / 0.1)):
        try:
            line.connect(host, int(port))
        except OSError:
            Event().wait(0.1)  # between two looks whether somebody listens
        else:
            break
    assert line.sendmail("bounces@calendar.example", ["hello@portal.example"], raw) == {}
    line.quit()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_address_is_made_read_and_ended(demo_site: Site, phones: Phones, javascript: bool) -> None:
    somebody = Traveller(demo_site, phones, javascript=javascript)
    somebody.be_who(BOOKED)
    somebody.go("/account", "Your account")
    somebody.tap("Change Your calendar", "Your chats in your calendar", role="link")
    somebody.tap("Make an address", "Here is your address")
    address = somebody.page.get_by_label("The address for your calendar").input_value()
    with urllib.request.urlopen(address, timeout=20) as read:
        content, tag = read.read(), read.headers["ETag"]
    assert (objections(content), content.count(b"BEGIN:VEVENT") >= 1) == ([], True)
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        urllib.request.urlopen(urllib.request.Request(address, headers={"If-None-Match": tag}), timeout=20)
    assert unchanged.value.code == 304
    somebody.tap("Done", "Your chats in your calendar", role="link")
    expect(somebody.page.get_by_text("Last read")).to_be_visible()
    somebody.tap("End the address", "Your chats in your calendar")
    with pytest.raises(urllib.error.HTTPError) as ended:
        urllib.request.urlopen(address, timeout=20)
    assert ended.value.code == 404
    assert address.rpartition("/")[2] not in demo_site.log("web")
    assert somebody.faults == {}


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_no_by_mail_leads_to_another_time(hearing_site: Site, phones: Phones, javascript: bool) -> None:
    somebody = Traveller(hearing_site, phones, javascript=javascript)
    somebody.be_who(BOOKED)
    somebody.page.get_by_role("link", name="Look at it").first.click()
    somebody.arrive("Your coffee chat")
    chat = somebody.page.url
    somebody.go("/account", "Your account")
    mail = re.search(r"[\w.+-]+@example\.org", somebody.page.get_by_role("main").inner_text())
    assert mail is not None
    invited = by_icaljs(entries_in(hearing_site.wait_for_letter(mail[0]).as_bytes())[0])
    entries = invited["entries"]
    assert isinstance(entries, list)
    no = answer(datetime.now(UTC), uid=entries[0]["uid"], partstat="DECLINED", attendee=mail[0])
    post(hearing_site, letter(no, mail[0]).as_bytes())

    told = hearing_site.wait_for_letter(mail[0], 2)
    assert str(told["Subject"]).startswith("Another time for your coffee chat")
    somebody.go(chat, "Your coffee chat")
    expect(somebody.page.get_by_role("heading", name="Your calendar says that this time does not fit")).to_be_visible()
    somebody.page.locator(".soonest button.time").first.click()
    somebody.arrive(re.compile("Move|move"))
    somebody.page.get_by_role("button", name=re.compile("^Move")).first.click()
    somebody.arrive("Your coffee chat")
    expect(somebody.page.get_by_text("does not fit")).to_have_count(0)
    assert somebody.faults == {}
