"""Texts and signs on a phone's own screen: a number and its code, the ways, STOP, and signs where a browser can."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.jobs.programs import wait_until
from tests.journeys.traveller import Traveller
from tests.servers.browser import Phones
from tests.servers.push_service import PushService
from tests.servers.site import Site
from tests.servers.twilio import ACCOUNT, NUMBER, TOKEN, Carrier
from tests.texting import ANAS, KEY

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
OFFER, WAITS, THERE, WAYS = "News by text message", "Look at your phone", "Your phone", "How news reaches you"
SIGNS = "Signs on this device"


@pytest.fixture
def texting_site(start_site: Callable[..., Site], demo_url: str, carrier: Carrier) -> Site:
    """A whole running site with the demo community that sends texts, and signs."""
    texts = {"TEXTS_ACCOUNT": ACCOUNT, "TEXTS_TOKEN": TOKEN, "TEXTS_FROM": NUMBER, "TEXTS_BASE_URL": carrier.url}
    return start_site(demo_url, more=texts | {"PUSH_KEY": KEY})


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_phone_is_added_used_stopped_and_taken_out(
    texting_site: Site, phones: Phones, carrier: Carrier, javascript: bool
) -> None:
    luis = Traveller(texting_site, phones, javascript=javascript, dark=not javascript)
    luis.be("Luis")
    luis.go("/account/phone", OFFER)
    luis.page.get_by_label("Your mobile number").fill("12")
    luis.tap("I agree, send a code", OFFER)
    expect(luis.page.locator(".error")).to_contain_text("Please write a phone number")
    luis.page.get_by_label("Your mobile number").fill("(202) 555-0123")
    luis.tap("I agree, send a code", WAITS)
    wait_until(lambda: bool(carrier.texts), "no text comes")
    assert carrier.texts[0].to == ANAS
    found = re.search(r"\d{6}", carrier.texts[0].body)
    assert found is not None
    luis.page.get_by_label("Your code").fill(found[0])
    luis.tap("Go on", WAYS)
    luis.page.get_by_role("group", name="Reminders of chats").get_by_label("Text message").check()
    luis.tap("Keep", "Your account")
    expect(luis.page.get_by_text("E-mail, Text message")).to_be_visible()

    assert carrier.report(carrier.texts[0], "delivered") == 204
    status, answer = carrier.hear(f"{texting_site.address}/texts/heard", ANAS, "STOP")
    assert (status, "No more texts" in answer) == (200, True)
    luis.go("/account/phone", THERE)
    expect(luis.page.get_by_text("You wrote STOP, so no texts come.")).to_be_visible()
    luis.tap("Take the number out", OFFER)
    assert luis.faults == {}


def gives_out(page: Page, service: PushService) -> None:
    """Have the browser give out a subscription of this server: it could not reach its maker's from here."""
    asked = service.device().subscription
    keys = {"p256dh": asked.p256dh, "auth": asked.auth}
    told = json.dumps({"endpoint": asked.endpoint, "keys": keys})
    page.add_init_script(f"PushManager.prototype.subscribe = async () => ({{ toJSON: () => ({told}) }});")


def test_signs_are_asked_for_by_a_tap_and_taken_away(
    texting_site: Site, phones: Phones, push_service: PushService
) -> None:
    luis = Traveller(texting_site, phones)
    luis.page.context.grant_permissions(["notifications"], origin=texting_site.address)
    gives_out(luis.page, push_service)
    luis.be("Luis")
    luis.go("/account/devices", SIGNS)
    expect(luis.page.get_by_text("This needs a browser that can show signs")).to_be_hidden()
    luis.tap("Show signs on this device", WAYS)
    luis.page.get_by_role("group", name="Reminders of chats").get_by_label("A sign on my devices").check()
    luis.tap("Keep", "Your account")
    luis.go("/account/devices", SIGNS)
    expect(luis.page.get_by_label("Just a sign: “You have a note”")).to_be_checked()
    assert shown_by_the_worker(luis.page, texting_site.address) == [["You have a note", ""]]
    luis.page.get_by_role("button", name=re.compile("^Take away the device")).click()
    luis.arrive(SIGNS)
    expect(luis.page.get_by_text("Devices with signs")).to_have_count(0)
    assert luis.faults == {}


def shown_by_the_worker(page: Page, origin: str) -> list[list[str]]:
    """Have the browser wake the worker with a sign, and return what it shows."""
    chrome = page.context.new_cdp_session(page)
    registrations: list[str] = []
    chrome.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: registrations.extend(each["registrationId"] for each in event["registrations"]),
    )
    chrome.send("ServiceWorker.enable")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    sign = json.dumps({"title": "You have a note", "body": "", "url": f"{origin}/n/1"})
    chrome.send(
        "ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": registrations[-1], "data": sign}
    )
    page.wait_for_function("async () => (await (await navigator.serviceWorker.ready).getNotifications()).length > 0")
    shown = "(await (await navigator.serviceWorker.ready).getNotifications())"
    found: list[list[str]] = page.evaluate(f"async () => {shown}.map((sign) => [sign.title, sign.body])")
    return found


def test_without_script_the_page_of_signs_says_what_they_need(texting_site: Site, phones: Phones) -> None:
    luis = Traveller(texting_site, phones, javascript=False, dark=True)
    luis.be("Luis")
    luis.go("/account/devices", SIGNS)
    expect(luis.page.get_by_text("This needs a browser that can show signs")).to_be_visible()
    expect(luis.page.get_by_role("button", name="Show signs on this device")).to_be_hidden()
    assert luis.faults == {}
