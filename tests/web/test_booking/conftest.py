"""The two of a walk, a stranger, and a chat of theirs; it is ten o’clock."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.experience import Format
from portal.services import booking as services
from tests.booking_cast import TUESDAY_TEN, Pair, add_member, add_pair, signed_in
from tests.web.account_steps import Watch


@pytest.fixture(autouse=True)
def at_ten(no_tokens: None, watch: Watch) -> None:
    """It is ten, and forms go without their token."""


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now)


@pytest.fixture
def member(app: Flask, pair: Pair, now: datetime) -> FlaskClient:
    return signed_in(app, pair.member_id, now)


@pytest.fixture
def peer(app: Flask, pair: Pair, now: datetime) -> FlaskClient:
    return signed_in(app, pair.peer_id, now)


@pytest.fixture
def stranger(app: Flask, now: datetime) -> FlaskClient:
    with app.app_context():
        person_id = add_member(now, "Sam")
    return signed_in(app, person_id, now)


@pytest.fixture
def booking_id(app: Flask, pair: Pair, now: datetime) -> int:
    with app.app_context():
        return services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.COFFEE, "Juniper Café", key="", now=now)
