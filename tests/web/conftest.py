"""Fixtures for tests of pages."""

from datetime import datetime

import pytest

from portal import clock
from tests.web.account_steps import Watch


@pytest.fixture
def watch(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The clock that the pages look at: it stands still until it is turned."""
    made = Watch(now)
    monkeypatch.setattr(clock, "now", made.now)
    return made
