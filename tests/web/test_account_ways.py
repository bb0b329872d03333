"""The pages of phone, signs and ways: what is off is not offered, a number is its owner's to see, each tap does one
thing; all of it without script."""

import json
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.app import create_app
from portal.domain.account import Role
from portal.domain.notice import Channel, Group
from portal.services import account as account_services
from portal.services.account import SafeAnswers
from portal.settings import Settings
from tests.servers.push_service import PushService
from tests.servers.twilio import Carrier
from tests.texting import ANAS, KEY, add_phone, choices, choose, devices, have_signs, phone, with_texts
from tests.web.account_steps import TOKEN, Watch, add, codes, come_in, send
from tests.web.test_checkin.part import main_of

ROBIN, WREN = "robin@example.org", "wren@example.org"
SHOWN = "+1 202-555-0123"


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    return with_texts(settings, carrier)


@pytest.fixture
def robin(app: Flask, client: FlaskClient, watch: Watch) -> int:
    """Robin, a member, signed in on `client`."""
    person_id = add(app, ROBIN, Role.MEMBER, now=watch.time)
    come_in(app, client, ROBIN)
    return person_id


@pytest.fixture
def wren(app: Flask, watch: Watch) -> FlaskClient:
    """The browser of Wren, a peer."""
    add(app, WREN, Role.PEER, now=watch.time, name="Wren")
    browser = app.test_client()
    come_in(app, browser, WREN)
    return browser


def test_a_number_and_its_code_make_a_phone_and_lead_to_the_ways(app: Flask, client: FlaskClient, robin: int) -> None:
    page = client.get("/account/phone").text
    for words in ("Write STOP as an answer", "locked screen", "I agree, send a code", "Not now"):
        assert words in page
    assert send(client, "/account/phone", number="(202) 555-0123", country="US").headers["Location"] == "/account/phone"
    waits = client.get("/account/phone").text
    assert "Look at your phone" in waits
    assert SHOWN in waits
    done = send(client, "/account/phone/code", code=codes(app, ANAS)[-1])
    assert done.headers["Location"] == "/account/ways"
    page = client.get("/account/phone").text
    assert SHOWN in page
    assert "Takes texts since" in page


def test_what_is_no_number_stays_in_the_form_with_a_sentence(client: FlaskClient, robin: int) -> None:
    answer = send(client, "/account/phone", number="twelve", country="US")
    assert answer.status_code == 422
    assert "Please write a phone number, such as (202) 555-0123." in answer.text
    assert 'value="twelve"' in answer.text


def test_a_wrong_code_is_said_and_the_next_may_be_right(app: Flask, client: FlaskClient, robin: int) -> None:
    send(client, "/account/phone", number=ANAS, country="US")
    answer = send(client, "/account/phone/code", code="000000" if codes(app, ANAS)[-1] != "000000" else "111111")
    assert answer.status_code == 422
    assert "That is not the code." in answer.text
    assert send(client, "/account/phone/code", code=codes(app, ANAS)[-1]).headers["Location"] == "/account/ways"


def test_a_code_that_is_of_no_more_use_leads_back(app: Flask, client: FlaskClient, robin: int, watch: Watch) -> None:
    send(client, "/account/phone", number=ANAS, country="US")
    watch.turn(minutes=11)
    assert send(client, "/account/phone/code", code=codes(app, ANAS)[-1]).headers["Location"] == "/account/phone"
    assert "I agree, send a code" in client.get("/account/phone").text


def test_a_phone_is_taken_out_with_one_tap(app: Flask, client: FlaskClient, robin: int, watch: Watch) -> None:
    with app.app_context():
        add_phone(robin, ANAS, watch.time)
    assert send(client, "/account/phone/remove").headers["Location"] == "/account/phone"
    with app.app_context():
        assert phone(robin) is None
    assert client.get("/account/phone/remove").status_code == 405


def test_a_number_stands_on_its_owners_page_only(
    app: Flask, client: FlaskClient, robin: int, wren: FlaskClient, watch: Watch
) -> None:
    with app.app_context():
        add_phone(robin, ANAS, watch.time)
    assert SHOWN in client.get("/account/phone").text
    pages = [client.get("/account").text, client.get("/account/ways").text, wren.get("/account/phone").text]
    assert [page for page in pages if "0123" in page] == []


def test_where_texts_are_unsafe_none_are_offered(app: Flask, client: FlaskClient, robin: int, watch: Watch) -> None:
    with app.app_context():
        account_services.set_safe_contact(robin, SafeAnswers(may_text=False), now=watch.time)
    page = client.get("/account/phone").text
    assert "You said that texts are not safe for you" in page
    assert "send a code" not in page
    assert send(client, "/account/phone", number=ANAS, country="US").status_code == 422


def test_where_the_phone_is_seen_the_page_says_what_a_text_will_say(
    app: Flask, client: FlaskClient, robin: int, watch: Watch
) -> None:
    with app.app_context():
        account_services.set_safe_contact(robin, SafeAnswers(phone_is_seen=True), now=watch.time)
    assert "a text only says that there is a note" in client.get("/account/phone").text


def test_ways_are_chosen_by_group(app: Flask, client: FlaskClient, robin: int, watch: Watch) -> None:
    with app.app_context():
        add_phone(robin, ANAS, watch.time)
    page = client.get("/account/ways").text
    assert page.count("Text message") == len(Group)
    assert "A sign on my devices" not in page
    send(client, "/account/ways", reminders="text", chats="email")
    with app.app_context():
        assert choices(robin) == {(Group.REMINDERS, Channel.TEXT)}
    assert "E-mail, Text message" in client.get("/account").text


def test_a_way_without_phone_or_device_cannot_be_ticked(app: Flask, client: FlaskClient, robin: int) -> None:
    page = client.get("/account/ways").text
    assert "Add a phone for texts" in page
    assert ("So far all news comes to you by e-mail." in page, "Choose for each kind" in page) == (True, False)
    assert 'type="checkbox"' not in page
    assert send(client, "/account/ways", reminders="text").status_code == 422
    with app.app_context():
        assert choices(robin) == set()


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_site_with_letters_only_offers_nothing_else(settings: Settings, watch: Watch) -> None:
    app = create_app(replace(settings, texts=None, push_key=""))
    add(app, ROBIN, Role.MEMBER, now=watch.time)
    client = app.test_client()
    come_in(app, client, ROBIN)
    assert "Here all news comes by e-mail." in client.get("/account/ways").text
    for path, words in (("phone", "Text messages are not set up here."), ("devices", "Signs are not set up here.")):
        page = main_of(client, f"/account/{path}")
        assert words in page
        assert "Back to your account" in page
        assert "Add a phone" not in page
        assert "Have signs" not in page
    assert "News by text message" not in client.get("/account").text
    assert send(client, "/account/phone", number=ANAS, country="US").status_code == 422
    asked = {"endpoint": "https://push.example.org/x", "keys": {"p256dh": "", "auth": ""}}
    assert post_json(client, "/account/devices", asked)[0] == 422


def post_json(client: FlaskClient, path: str, value: object) -> tuple[int, dict[str, str]]:
    """Send what the page's script sends."""
    found = TOKEN.search(client.get("/account/devices").text)
    assert found is not None
    answer = client.post(
        path, data=json.dumps(value), content_type="application/json", headers={"X-CSRFToken": found[1]}
    )
    return answer.status_code, answer.get_json(silent=True) or {}


def test_a_device_is_kept_as_the_browser_gives_it_out(
    app: Flask, client: FlaskClient, robin: int, push_service: PushService
) -> None:
    subscription = push_service.device().subscription
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    asked = {"endpoint": subscription.endpoint, "expirationTime": None, "keys": keys}
    assert post_json(client, "/account/devices", asked) == (200, {"to": "/account/ways"})
    page = client.get("/account/devices").text
    assert "Devices with signs" in page
    assert subscription.endpoint not in page
    assert client.get("/account/ways").text.count("A sign on my devices") == len(Group)


@pytest.mark.parametrize("asked", [[], "x", {}, {"endpoint": "https://push.example.org/x"}, {"keys": []}, None])
def test_what_no_browser_gives_out_is_refused(client: FlaskClient, robin: int, asked: object) -> None:
    assert post_json(client, "/account/devices", asked)[0] == 422


def test_an_endpoint_inside_a_house_is_refused_with_a_sentence(
    client: FlaskClient, robin: int, push_service: PushService
) -> None:
    keys = {"p256dh": push_service.device().subscription.p256dh, "auth": push_service.device().subscription.auth}
    status, told = post_json(client, "/account/devices", {"endpoint": "https://169.254.169.254/x", "keys": keys})
    assert (status, told["said"]) == (422, "This browser did not answer as we expected. Nothing was changed.")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_where_signs_are_off_again_a_device_can_be_taken_away_and_texts_are_offered_instead(
    settings: Settings, push_service: PushService, watch: Watch
) -> None:
    app = create_app(settings)
    robin = add(app, ROBIN, Role.MEMBER, now=watch.time)
    with app.app_context():
        have_signs(robin, push_service, watch.time)
    client = create_app(replace(settings, push_key="")).test_client()
    come_in(app, client, ROBIN)
    page = main_of(client, "/account/devices")
    assert ("Take it away" in page, "How much a sign may say" in page, "Add a phone" in page) == (True, False, True)
    assert "Signs on this device" in main_of(client, "/account")


def test_how_much_a_device_says_is_changed_and_it_is_taken_away(
    app: Flask, client: FlaskClient, robin: int, wren: FlaskClient, watch: Watch, push_service: PushService
) -> None:
    with app.app_context():
        number, _device = have_signs(robin, push_service, watch.time)
        choose(robin, watch.time, Channel.PUSH)
    path = f"/account/devices/{number}"
    assert send(client, path, discretion="open").headers["Location"] == "/account/devices"
    assert send(client, path, discretion="loud").status_code == 404
    assert [send(wren, at, discretion="dot").status_code for at in (path, f"{path}/remove")] == [404, 404]
    assert client.get(path).status_code == 405
    with app.app_context():
        assert [device.discretion.value for device in devices(robin)] == ["open"]
    assert send(client, f"{path}/remove").headers["Location"] == "/account/devices"
    with app.app_context():
        assert devices(robin) == []


def test_the_page_of_signs_says_what_they_need_where_no_script_runs(client: FlaskClient, robin: int) -> None:
    page = client.get("/account/devices").text
    assert "This needs a browser that can show signs" in page
    assert KEY not in page


def test_the_worker_of_signs_comes_from_the_top_and_is_asked_for_anew(client: FlaskClient) -> None:
    answer = client.get("/signs.js")
    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "fetch" not in answer.text
    assert "caches" not in answer.text
