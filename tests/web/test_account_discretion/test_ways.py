"""The page of letters shows a text and a sign too, to those who have them, and they are what arrives."""

import re
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.account import Discretion
from portal.domain.notice import Channel
from portal.services import account
from portal.services.account import SafeAnswers
from portal.settings import Settings
from tests.booking_cast import signed_in
from tests.servers.push_service import PushService
from tests.servers.twilio import Carrier
from tests.services.outbox import deliver_due
from tests.texting import ANAS, add_phone, choose, have_signs, signs_end_here, with_texts

HERE = "/account/discretion"
pytestmark = pytest.mark.usefixtures("watch")
LINE = re.compile(r'<div class="lock line"><p class="small soft">(.*?)</p><p><b>(.*?)</b></p></div>')


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    return with_texts(settings, carrier)


def lines(browser: FlaskClient) -> list[tuple[str, str]]:
    """Return by which way a line comes, and what it says."""
    return [(way.partition(", ")[2], unescape(words)) for way, words in LINE.findall(browser.get(HERE).text)]


def test_whoever_has_neither_sees_neither(app: Flask, ana: int, now: datetime) -> None:
    assert lines(signed_in(app, ana, now)) == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("seen", "words"), [(False, ""), (True, ""), (True, "Books are due")], ids=["alone", "seen", "seen, in own words"]
)
def test_what_is_shown_is_what_arrives(
    app: Flask, ana: int, carrier: Carrier, push_service: PushService, now: datetime, seen: bool, words: str
) -> None:
    with app.app_context():
        signs_end_here(push_service)
        add_phone(ana, ANAS, now)
        _, device = have_signs(ana, push_service, now, Discretion.DISCREET)
        choose(ana, now, Channel.TEXT, Channel.PUSH)
        account.set_safe_contact(ana, SafeAnswers(phone_is_seen=seen), now=now)
        account.set_discretion(ana, Discretion.DISCREET, words, now=now)
    shown = lines(signed_in(app, ana, now))
    with app.app_context():
        for _ in range(2):
            deliver_due(now.replace(day=4, hour=14))
    arrived = re.sub(r"/n/\d+$", "/n/0", carrier.texts[-1].body)
    place = 2 * list(Discretion).index(Discretion.DISCREET)
    assert shown[place : place + 2] == [
        ("as a text message", arrived),
        ("as a sign on a device set to this", device.signs[-1]["title"]),
    ]
    assert arrived.startswith(words or ("You have a note" if seen else "Your coffee chat, Thu 3 pm"))
