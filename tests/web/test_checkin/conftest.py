"""What tests of check-ins and threads share: the two of a walk, each in a browser of their own."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.matching.walk import State
from tests.booking_cast import Pair, add_pair, signed_in
from tests.web.account_steps import Watch


@pytest.fixture(autouse=True)
def at_ten(no_tokens: None, watch: Watch) -> None:
    """It is ten, and forms go without their token."""


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    """Ana and Maya walk together."""
    with app.app_context():
        return add_pair(now, State.WALKING)


@pytest.fixture
def ana(app: Flask, pair: Pair, now: datetime) -> FlaskClient:
    return signed_in(app, pair.member_id, now)


@pytest.fixture
def maya(app: Flask, pair: Pair, now: datetime) -> FlaskClient:
    return signed_in(app, pair.peer_id, now)
