"""Ana, who looks at what would arrive."""

from datetime import datetime

import pytest
from flask import Flask

from tests.booking_cast import add_pair
from tests.services.outbox import book


@pytest.fixture
def ana(app: Flask, now: datetime) -> int:
    """Ana, whose chat is on Thursday at three in Berlin."""
    with app.app_context():
        pair = add_pair(now)
        book(pair.walk_id, pair.member_id, pair.peer_id, now.replace(day=5, hour=14), now)
        return pair.member_id
