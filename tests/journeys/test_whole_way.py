"""The whole way in one story: from the front page to a chat that is booked, moved and cancelled, on real servers."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import count

import pyotp
import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, text

from portal.launch.places import ROOT
from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones, read_by_ical_js
from tests.servers.site import Site

WREN, QUILL = "wren@example.org", "quill@example.org"


@pytest.mark.parametrize("databases", ["sqlite", "postgresql"], indirect=True)
def test_a_member_finds_somebody_and_books_moves_and_cancels(demo_site: Site, phones: Phones) -> None:
    whole_way(demo_site, phones, javascript=True)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_same_way_goes_without_javascript(demo_site: Site, phones: Phones) -> None:
    whole_way(demo_site, phones, javascript=False)


def whole_way(site: Site, phones: Phones, *, javascript: bool) -> None:
    """Go the way with three phones; what was wrong with any page is said at the end, all at once."""
    wren = Traveller(site, phones, javascript=javascript)
    quill = Traveller(site, phones, javascript=javascript)
    peer = Traveller(site, phones, javascript=javascript)
    sign_up(wren)
    tell(wren)
    name = choose(wren)
    become_coordinator(quill)
    approve(quill, name)
    say_yes(peer, name)
    booked = book(wren, name)
    first = invitation(site, phones, WREN, "REQUEST", 0)
    assert first["start"] == booked
    moved = move(wren)
    second = invitation(site, phones, WREN, "REQUEST", 1)
    assert (second["uid"], second["start"]) == (first["uid"], moved)
    assert moved != booked
    cancel(wren)
    let_ten_minutes_pass(site)
    third = invitation(site, phones, WREN, "CANCEL", 2)
    assert (third["uid"], third["status"]) == (first["uid"], "CANCELLED")
    assert wren.faults | quill.faults | peer.faults == {}


def sign_up(wren: Traveller) -> None:
    """From the front page through the code, what stays between us, the name and the role."""
    wren.go("/", "Somebody who gets it")
    wren.tap("Find somebody who gets it", "Come in", role="link")
    wren.sign_in(WREN, "What stays between us")
    wren.agree("Wren")
    wren.tap("Go on", "What brings you here?")
    wren.tick("I am looking for somebody")
    wren.tap("Go on", "My experience")


def tell(wren: Traveller) -> None:
    """Two topics in order, where Wren is with each, and then an answer or none on every page."""
    wren.tap("Begin", "Who is this about?", role="link")
    wren.tick("Myself")
    wren.tap("Go on", "What are you going through?")
    for words, topic in (("isolated", "Loneliness"), ("hopeless", "Low mood and depression")):
        wren.page.get_by_label("Look for a word").fill(words)
        wren.tap("Look", "What are you going through?")
        wren.page.get_by_label(topic, exact=True).check()
    wren.tap("Go on", "Which weighs most right now?")
    wren.tap("Go on", "Where are you with it?")
    wren.page.get_by_label("Loneliness").select_option("Finding my feet")
    wren.tap("Go on", "What do you need now?")
    wren.tick("Someone who has been there")
    wren.tap("Go on", "How do you like to talk?")
    wren.tap("Skip", "How would you like to meet?")
    wren.tick("Phone", "Video")
    wren.tap("Go on", "Which languages can you talk in?")
    wren.tap("Skip", "When are you mostly free?")
    wren.tick("Weekday evenings", "Weekend afternoons")
    wren.tap("Go on", "How often, and how long?")
    wren.tap("Skip", "Which ways do you know?")
    wren.tap("Skip", "Is there something you wish of the person you meet?")
    wren.tap("Skip", "What would you like to say about yourself?")
    wren.tap("Skip", "In your own words")
    wren.page.get_by_label("What would you like us to know?").fill("Evenings are long.")
    wren.tap("Go on", "Your answers")


def choose(wren: Traveller) -> str:
    """Ask, read the cards, say in which order; returns the name of who comes first."""
    wren.page.get_by_role("button", name="Find people for me").click()
    wren.wait_for("People you could walk with")
    people = wren.page.locator("article.person")
    assert people.count() == 3
    names = people.get_by_role("heading").all_inner_texts()
    first, second = names[2], names[0]
    selects = wren.page.locator("form.form select")
    selects.nth(0).select_option(first)
    selects.nth(1).select_option(second)
    wren.tap("Choose in this order", "You have chosen")
    assert wren.page.locator("main ol b").all_inner_texts() == [first, second]
    return first


def become_coordinator(quill: Traveller) -> None:
    """The first coordinator is added by hand, signs in by a code, and sets up an app as second step."""
    command = [sys.executable, "-m", "portal.cli", "people", "add", QUILL]
    subprocess.run(command, cwd=ROOT, env=dict(quill.site.environ), check=True, capture_output=True)
    quill.go("/sign-in", "Come in")
    quill.sign_in(QUILL, "What stays between us")
    quill.agree("Quill")
    quill.tap("Go on", "Set up your second step")
    quill.tap("Set up an app", "Set up an app")
    key = quill.page.locator("main p b").inner_text().replace(" ", "")
    quill.page.get_by_label("Your code").fill(pyotp.TOTP(key).now())
    quill.tap("Go on", "Hello, Quill")


def approve(quill: Traveller, peer: str) -> None:
    """One tap on the page of who waits, and the proposal is gone from it."""
    quill.tap("Who waits", "Who waits", role="link")
    quill.tap(f"Approve {peer} for Wren", "Who waits")
    expect(quill.page.get_by_text("Approved.")).to_be_visible()
    assert quill.page.get_by_role("link", name="Wren", exact=True).count() == 0


def say_yes(peer: Traveller, name: str) -> None:
    """The peer reads why, without a name, says yes, and then sees the name."""
    peer.be(name)
    peer.tap("Asked of me", "Asked of you", role="link")
    peer.page.get_by_role("link", name="Read about it").last.click()
    peer.arrive("Somebody would like to walk with you")
    assert "Wren" not in peer.page.content()
    peer.tap("Yes, I’d like to", "You and Wren")


def book(wren: Traveller, name: str) -> str:
    """Both names are known now; a time and a button, and it is booked. Returns the instant."""
    wren.go("/", "Hello, Wren")
    wren.tap(f"About {name}", f"You and {name}", role="link")
    wren.tap("See all times", "When shall we meet?", role="link")
    wren.page.locator(".soonest button").first.click()
    wren.arrive("Meet then?")
    wren.tap("Book", "Your coffee chat")
    return shown_instant(wren)


def move(wren: Traveller) -> str:
    """From the chat to another time: the time, and one button; returns it."""
    wren.tap(re.compile("^Move the chat on"), "Move to another time", role="link")
    wren.page.locator(".soonest button").last.click()
    wren.arrive(re.compile("^Move it to "))
    wren.tap("Move it", "Your coffee chat")
    expect(wren.page.get_by_text("Moved. You can see the new time here")).to_be_visible()
    wren.arrive("Your coffee chat")
    return shown_instant(wren)


def cancel(wren: Traveller) -> None:
    """From the chat in two taps."""
    wren.tap(re.compile("^Cancel the chat on"), "Cancel this chat?", role="link")
    wren.tap(re.compile("^Cancel th"), "This chat is cancelled")
    expect(wren.page.get_by_role("button", name=re.compile("^Undo"))).to_be_visible()


def let_ten_minutes_pass(site: Site) -> None:
    """The letters of a cancellation wait as long as it can be undone; here their wait is over at once."""
    engine = create_engine(site.environ["DATABASE_URL"])
    with engine.begin() as connection:
        waiting = connection.execute(text("SELECT count(*) FROM notice WHERE kind = 'cancellation' AND state = 'due'"))
        assert waiting.scalar() == 2
        connection.execute(text("UPDATE notice SET due_at = created_at WHERE kind = 'cancellation' AND state = 'due'"))
    engine.dispose()


def shown_instant(wren: Traveller) -> str:
    """Return the time on the page as ical.js writes instants."""
    written = wren.page.locator("main time").first.get_attribute("datetime")
    assert written is not None
    return datetime.fromisoformat(written).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def invitation(site: Site, phones: Phones, to: str, method: str, sequence: int) -> dict[str, object]:
    """Wait for the letter with this entry, and return what ical.js reads in it."""
    for number in count(1):
        entry = entry_of(site.wait_for_letter(to, number))
        if f"METHOD:{method}\r\n" in entry and f"SEQUENCE:{sequence}\r\n" in entry:
            break
    attendees = [line for line in entry.replace("\r\n ", "").split("\r\n") if line.startswith("ATTENDEE")]
    assert [line.rpartition("mailto:")[2] for line in attendees] == [to]
    reader = phones.open(site.address)
    return read_by_ical_js(reader, entry)


def entry_of(letter: EmailMessage) -> str:
    """Return the calendar entry of a letter, or nothing."""
    found = [part.get_content() for part in letter.walk() if part.get_content_type() == "text/calendar"]
    return str(found[0]) if found else ""
