"""Whom these tests are about."""

from datetime import datetime

import pytest
from flask import Flask

from tests.matching_cast import (
    Hill,
    add_hill,
)


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)
