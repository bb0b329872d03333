"""Two people in two zones book on their phones: by touch, without JavaScript, and with the keys alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import transaction
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import MeetingPlace, WeeklyHours
from portal.queries import booking as queries
from portal.services import booking as services
from portal.services.account import set_reach
from tests.booking_cast import Pair, add_pair, add_peer, signed_in
from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
FOCUSED = "() => document.activeElement.id || document.activeElement.tagName"


@pytest.fixture
def now() -> datetime:
    """The real time: a running site asks the real clock."""
    return datetime.now(UTC)


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    """A member in Berlin and a peer in New York who is free all day, for half an hour or an hour, at two places."""
    with app.app_context():
        peer_id = add_peer(now, days=[], notice_hours=1, other_lengths="60")
        with transaction() as session:
            session.add_all(WeeklyHours(peer_id=peer_id, weekday=day, starts=0, ends=1440) for day in range(7))
            for at, name in enumerate(["Juniper Café", "Elm Park"]):
                session.add(MeetingPlace(peer_id=peer_id, name=name, address="Main Street", position=at))
        set_reach(peer_id, "maya@call.example", now=now)
        return add_pair(now, State.WALKING, peer_id=peer_id)


def phone_of(
    app: Flask, site: Site, phones: Phones, person_id: int, now: datetime, *, script: bool = True
) -> Traveller:
    """Return a phone in which this person is signed in."""
    cookie = signed_in(app, person_id, now).get_cookie("portal")
    assert cookie is not None
    traveller = Traveller(site, phones, javascript=script)
    traveller.page.context.add_cookies([{"name": "portal", "value": cookie.value, "url": site.address}])
    return traveller


def in_sight(page: Page) -> bool:
    """Say whether the first time that can be tapped stands on the screen without scrolling."""
    box = page.locator("button.time").first.bounding_box()
    return box is not None and box["y"] + box["height"] <= 740


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "without"])
def test_two_taps_book_a_chat_and_each_reads_it_on_their_own_clock(
    app: Flask, site: Site, phones: Phones, pair: Pair, now: datetime, script: bool
) -> None:
    ana = phone_of(app, site, phones, pair.member_id, now, script=script)
    ana.go(f"/book/{pair.walk_id}", "When shall we meet?")
    assert in_sight(ana.page)
    how = ana.page.get_by_label("How", exact=True)
    how.focus()
    how.select_option("phone")
    if script:
        expect(ana.page.locator("#status")).to_have_text(re.compile(r"^\d+ times are open\.$"))
        assert ana.page.evaluate(FOCUSED) == "way"
    else:
        ana.page.get_by_role("button", name="Show these times").click()
    expect(ana.page).to_have_url(re.compile("way=phone"))
    first = ana.page.locator("button.time").first
    label = first.inner_text()
    assert "for Maya" in label
    first.click()
    ana.arrive("Meet then?")
    if script:
        assert ana.page.evaluate(FOCUSED) == "H1"
    expect(ana.page.get_by_text("Phone", exact=True).first).to_be_visible()
    ana.page.get_by_text("or add a note").click()
    expect(ana.page.get_by_role("radio", name="Phone")).to_be_checked()
    ana.page.get_by_label(re.compile("^A note for Maya")).fill("I would like to talk about sleep.")
    ana.tap("Book", "Your coffee chat")
    chat = ana.page.url
    expect(ana.page.get_by_text("I would like to talk about sleep.")).to_be_visible()
    maya = phone_of(app, site, phones, pair.peer_id, now, script=script)
    maya.go(chat, "Your coffee chat")
    clocks = [each.page.locator("main .when time").first.inner_text() for each in (ana, maya)]
    assert clocks[0] != clocks[1]
    expect(maya.page.get_by_text(re.compile("for Ana")).first).to_be_visible()
    expect(maya.page.get_by_text("I would like to talk about sleep.")).to_be_visible()
    assert (ana.faults, maya.faults) == ({}, {})


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "without"])
def test_a_chat_is_cancelled_had_back_moved_and_moved_back(
    app: Flask, site: Site, phones: Phones, pair: Pair, now: datetime, script: bool
) -> None:
    with app.app_context():
        two = queries.two_of_walk(pair.member_id, pair.walk_id)
        assert two is not None
        start = next(slot.starts_at for slot in queries.times_of(two, now).slots if slot.starts_at > now + timedelta(1))
        chat = services.book(pair.walk_id, pair.member_id, start, Format.PHONE, "", key="", now=now)
    ana = phone_of(app, site, phones, pair.member_id, now, script=script)
    ana.go(f"/chat/{chat}", "Your coffee chat")
    set_for = ana.page.locator("main .when time").first.inner_text()
    ana.page.get_by_role("link", name=re.compile("^Cancel the chat")).click()
    ana.arrive("Cancel this chat?")
    ana.tap("Cancel this chat", "This chat is cancelled")
    ana.page.get_by_role("button", name=re.compile("^Undo")).click()
    ana.arrive("Your coffee chat")
    expect(ana.page.get_by_text("The chat stands again")).to_be_visible()
    ana.page.get_by_role("link", name=re.compile("^Move the chat")).click()
    ana.arrive("Move to another time")
    ana.page.locator("button.time").nth(4).click()
    ana.arrive(re.compile("^Move it to "))
    ana.tap("Move it", "Your coffee chat")
    assert ana.page.locator("main .when time").first.inner_text() != set_for
    ana.page.get_by_role("button", name=re.compile("^Move it back")).click()
    expect(ana.page.locator("main .when time").first).to_have_text(set_for)
    assert ana.faults == {}


def test_the_keys_alone_are_enough(app: Flask, site: Site, phones: Phones, pair: Pair, now: datetime) -> None:
    ana = phone_of(app, site, phones, pair.member_id, now)
    ana.go(f"/book/{pair.walk_id}", "When shall we meet?")
    page = ana.page
    _tab_to(page, "select#minutes")
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("minutes=60"))
    _tab_to(page, "button.time")
    page.keyboard.press("Enter")
    ana.arrive("Meet then?")
    expect(page.get_by_text("60 minutes with Maya")).to_be_visible()
    _tab_to(page, ".usual summary")
    page.keyboard.press("Enter")
    _tab_to(page, "input[name=spot]")
    page.keyboard.press("ArrowDown")
    _tab_to(page, ".actions [type=submit]")
    page.keyboard.press("Enter")
    ana.arrive("Your coffee chat")
    expect(page.get_by_text("Elm Park, Main Street")).to_be_visible()
    assert ana.faults == {}


def _tab_to(page: Page, selector: str) -> None:
    for _press in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not come to {selector}")
