"""Asking for a time, a rhythm and something earlier on a phone of 360 pixels, with JavaScript and without."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page

from portal.db import transaction
from portal.domain.matching.walk import State
from portal.models import PeerProfile, TimeWish, WeeklyHours
from portal.services import booking as services
from tests.booking_cast import Pair, add_pair, add_peer, signed_in
from tests.servers.browser import Phones, axe_violations
from tests.servers.site import Site

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
OpenAs = Callable[[int], Page]
Look = Callable[[Page], None]


@pytest.fixture
def now() -> datetime:
    """The real time: a running site asks the real clock."""
    return datetime.now(UTC)


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    """A peer who is free around the clock and wants no notice."""
    with app.app_context():
        peer_id = add_peer(now, days=[], notice_hours=0, horizon_days=60)
        with transaction() as session:
            session.add_all(WeeklyHours(peer_id=peer_id, weekday=day, starts=0, ends=1440) for day in range(7))
        return peer_id


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether the phones run scripts."""
    return bool(request.param)


@pytest.fixture
def look_at(scripts: bool) -> Look:
    """Look whether the page fits the phone, and axe, which is a script, finds nothing."""

    def look(page: Page) -> None:
        if scripts:
            assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
            assert axe_violations(page) == []

    return look


@pytest.fixture
def open_as(scripts: bool, app: Flask, site: Site, phones: Phones, now: datetime) -> OpenAs:
    """Open a phone on which somebody is signed in."""

    def open_phone(person_id: int) -> Page:
        cookie = signed_in(app, person_id, now).get_cookie("portal")
        assert cookie is not None
        page = phones.open(site.address, javascript=scripts)
        page.context.add_cookies([{"name": "portal", "value": cookie.value, "url": site.address}])
        return page

    return open_phone


def tap_a_time(page: Page, pair: Pair) -> None:
    page.goto(f"/book/{pair.walk_id}")
    # In three days: far enough for a cancellation, an offer and its two hours.
    page.locator(".a-day").nth(3).locator("button.time").nth(20).click()
    page.wait_for_url("**/check**")


def test_a_time_is_asked_for_and_answered(
    app: Flask, peer_id: int, open_as: OpenAs, look_at: Look, now: datetime
) -> None:
    with app.app_context():
        with transaction() as session:
            session.get_one(PeerProfile, peer_id).says_yes_first = True
        pair = add_pair(now, peer_id=peer_id)
    ana, maya = open_as(pair.member_id), open_as(peer_id)
    tap_a_time(ana, pair)
    look_at(ana)
    ana.get_by_role("button", name="Ask for this time").click()
    ana.get_by_role("heading", name="You have asked for this time").wait_for()
    look_at(ana)
    ana.get_by_role("link", name="Ask for another time too").wait_for()
    maya.goto("/")
    maya.get_by_role("link", name="See and answer").click()
    maya.get_by_role("heading", name="Ana asks for a time").wait_for()
    look_at(maya)
    maya.get_by_role("button", name="Yes, let us meet").click()
    maya.get_by_text("You said yes. It is booked for you both.").wait_for()
    ana.reload()
    ana.get_by_role("heading", name="Your coffee chat").wait_for()


def test_a_rhythm_is_set_and_ended(app: Flask, peer_id: int, open_as: OpenAs, look_at: Look, now: datetime) -> None:
    with app.app_context():
        pair = add_pair(now, State.WALKING, peer_id=peer_id)
    ana = open_as(pair.member_id)
    tap_a_time(ana, pair)
    ana.get_by_role("link", name="Or every week at this time").click()
    ana.get_by_role("heading", name="Every week at this time?").wait_for()
    look_at(ana)
    ana.get_by_label("How many chats").select_option("4")
    ana.get_by_role("button", name="Show these times").click()
    ana.wait_for_url("**times=4**")
    ana.get_by_role("checkbox").nth(1).uncheck()
    ana.get_by_role("button", name="Book these times").click()
    ana.get_by_text("Your rhythm is set: 3 chats.").wait_for()
    look_at(ana)
    ana.get_by_role("link", name="End the rhythm after this chat").click()
    look_at(ana)
    ana.get_by_role("button", name="End the rhythm").click()
    ana.get_by_text("2 later chats are cancelled. This one stays.").wait_for()


def test_something_earlier_is_wished_for_held_and_taken(
    app: Flask, peer_id: int, open_as: OpenAs, look_at: Look, now: datetime
) -> None:
    with app.app_context():
        pair = add_pair(now, peer_id=peer_id)
        with transaction() as session:
            session.get_one(PeerProfile, peer_id).cap_per_day = 1
    ana = open_as(pair.member_id)
    tap_a_time(ana, pair)
    ana.get_by_role("button", name="Book", exact=True).click()
    ana.get_by_role("button", name="Tell me if something earlier opens").click()
    ana.get_by_text("You hear from us when an earlier time with Maya comes free.").wait_for()
    look_at(ana)
    with app.app_context(), transaction() as session:
        # What was open then is known to her; after this the second day looks as if it had just come free.
        wish = session.query(TimeWish).one()
        tomorrow = int((now + timedelta(days=1)).timestamp()) // 60
        wish.passed_over = [minute for minute in wish.passed_over if minute < tomorrow]
    with app.app_context():
        services.offer_earlier(now=datetime.now(UTC))
    ana.goto("/")
    ana.get_by_role("link", name="See and answer").click()
    ana.get_by_role("heading", name="A time with Maya has come free").wait_for()
    look_at(ana)
    ana.get_by_role("button", name="Yes, take it").click()
    ana.get_by_text("It is yours. The other person hears of the new time.").wait_for()
