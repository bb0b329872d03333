"""What the carrier calls us with: only what it signed is heard; STOP, START and HELP; nobody is told who is here."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.account import Role
from portal.settings import Settings
from tests.servers.twilio import Carrier, inbound_values
from tests.texting import ANAS, BENS, add_phone, phone, with_texts
from tests.web.account_steps import Watch, add

HEARD = "http://localhost/texts/heard"
LINES = "call or text 988"


@pytest.fixture
def settings(settings: Settings, carrier: Carrier) -> Settings:
    return with_texts(settings, carrier)


@pytest.fixture
def ana(app: Flask, watch: Watch) -> int:
    """Ana, whose phone takes texts."""
    person_id = add(app, "ana@example.org", Role.MEMBER, now=watch.time, name="Ana")
    with app.app_context():
        add_phone(person_id, ANAS, watch.time)
    return person_id


def hear(client: FlaskClient, carrier: Carrier, body: str, number: str = ANAS, **more: str) -> TestResponse:
    values = inbound_values(number, body) | more
    return client.post("/texts/heard", data=values, headers={"X-Twilio-Signature": carrier.signature(HEARD, values)})


def stopped(app: Flask, person_id: int) -> bool:
    with app.app_context():
        found = phone(person_id)
        assert found is not None
        return found.stopped_at is not None


def test_stop_ends_texts_and_start_begins_them(app: Flask, client: FlaskClient, carrier: Carrier, ana: int) -> None:
    answer = hear(client, carrier, "Stop")
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert "No more texts come from this number." in answer.text
    assert stopped(app, ana)
    assert "Texts come again." in hear(client, carrier, "START").text
    assert not stopped(app, ana)


def test_help_says_what_this_is_and_whom_to_call(client: FlaskClient, carrier: Carrier, ana: int) -> None:
    answer = hear(client, carrier, "help").text
    assert LINES in answer
    assert "911" in answer
    assert "STOP ends them" in answer


def test_anything_else_is_answered_kindly_and_kept_nowhere(
    app: Flask, client: FlaskClient, carrier: Carrier, ana: int, caplog: pytest.LogCaptureFixture
) -> None:
    answer = hear(client, carrier, "zqcanary I cannot go on")
    assert "Nobody reads texts to this number." in answer.text
    assert LINES in answer.text
    assert "zqcanary" not in answer.text + caplog.text
    assert ANAS not in caplog.text


def test_whoever_is_not_known_here_hears_the_same(client: FlaskClient, carrier: Carrier, ana: int) -> None:
    for words in ("STOP", "START", "HELP", "Hello"):
        known, unknown = hear(client, carrier, words), hear(client, carrier, words, BENS)
        assert (known.status_code, known.text) == (unknown.status_code, unknown.text)


def test_stop_counts_for_both_who_share_a_phone(
    app: Flask, client: FlaskClient, carrier: Carrier, ana: int, watch: Watch
) -> None:
    ben = add(app, "ben@example.org", Role.PEER, now=watch.time, name="Ben")
    with app.app_context():
        add_phone(ben, ANAS, watch.time)
    hear(client, carrier, "STOP")
    assert (stopped(app, ana), stopped(app, ben)) == (True, True)


def test_where_the_carrier_has_answered_itself_nothing_is_said_twice(
    app: Flask, client: FlaskClient, carrier: Carrier, ana: int
) -> None:
    answer = hear(client, carrier, "STOP", OptOutType="STOP")
    assert "<Message>" not in answer.text
    assert stopped(app, ana)


@pytest.mark.parametrize("path", ["/texts/heard", "/texts/receipt/1"])
def test_what_the_carrier_did_not_sign_changes_nothing(
    app: Flask, client: FlaskClient, carrier: Carrier, ana: int, path: str
) -> None:
    values = inbound_values(ANAS, "STOP")
    good = carrier.signature(f"http://localhost{path}", values)
    asked = [
        client.post(path, data=values),
        client.post(path, data=values, headers={"X-Twilio-Signature": "guessed"}),
        client.post(path, data=values | {"Body": "QUIT"}, headers={"X-Twilio-Signature": good}),
        client.post(f"{path}?more=1", data=values, headers={"X-Twilio-Signature": good}),
    ]
    assert [answer.status_code for answer in asked] == [403] * 4
    assert client.get(path).status_code == 405
    assert not stopped(app, ana)
