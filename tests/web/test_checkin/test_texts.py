"""The thread by text, as its page tells it: what would come to which phone, and only where texts are set up."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.services import account
from portal.services.account import SafeAnswers
from portal.settings import Settings
from tests.booking_cast import Pair, signed_in
from tests.servers.twilio import Carrier
from tests.texting import ANAS, add_phone, with_texts
from tests.web.test_checkin.part import main_of

ON_THE_SCREEN, A_NOTE = "The words stand on your phone’s screen", "a text to you only says that there is a note"


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    return with_texts(settings, carrier)


@pytest.fixture(autouse=True)
def phone(app: Flask, pair: Pair, now: datetime) -> None:
    """Ana has a phone that takes texts."""
    with app.app_context():
        add_phone(pair.member_id, ANAS, now)


def test_the_page_says_truly_what_comes_to_a_phone_that_others_see(
    app: Flask, pair: Pair, ana: FlaskClient, now: datetime
) -> None:
    page = main_of(ana, f"/walk/{pair.walk_id}/thread")
    assert (ON_THE_SCREEN in page, A_NOTE in page) == (True, False)
    with app.app_context():
        account.set_safe_contact(pair.member_id, SafeAnswers(phone_is_seen=True), now=now)
    page = main_of(ana, f"/walk/{pair.walk_id}/thread")
    assert (ON_THE_SCREEN in page, A_NOTE in page) == (False, True)


def test_where_a_thread_comes_by_text_the_page_of_the_phone_says_what_taking_it_out_does(
    app: Flask, pair: Pair, ana: FlaskClient
) -> None:
    words = "the thread goes on by e-mail"
    assert words not in main_of(ana, "/account/phone")
    ana.post(f"/walk/{pair.walk_id}/thread/texts", data={"agree": "yes"})
    assert words in main_of(ana, "/account/phone")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_where_texts_are_off_again_no_page_offers_them_and_the_number_can_be_taken_out(
    settings: Settings, pair: Pair, now: datetime
) -> None:
    off = create_app(replace(settings, texts=None))
    ana = signed_in(off, pair.member_id, now)
    assert "text message" not in main_of(ana, f"/walk/{pair.walk_id}/thread")
    page = main_of(ana, "/account/phone")
    assert "not set up here any more" in page
    assert "Take the number out" in page
    assert "Choose what comes by text" not in page
    assert "News by text message" in main_of(ana, "/account")
