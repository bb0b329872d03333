"""Whom these tests are about."""

from datetime import datetime

import pytest
from flask import Flask

from tests.booking_cast import (
    Pair,
    add_pair,
)


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    return add_pair(now)
