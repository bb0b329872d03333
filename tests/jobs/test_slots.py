"""The clock's jobs of slots: what lies behind is let go once a day, and nothing is left of it."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.jobs import slots as jobs
from portal.jobs.timetable import TIMETABLE
from portal.queries import own_hours as queries
from portal.services import slots
from tests.slots_cast import add_peer


def test_days_well_behind_are_let_go_once_a_day(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        peer_id = add_peer("maya@example.org", now)
        slots.add_other(peer_id, date(2026, 3, 9), date(2026, 3, 9), 540, 600, key="a", now=now)
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=40))
        jobs.clear_out()
        assert queries.other_hours_of(peer_id, date(2026, 3, 1)) == {}
    assert (timedelta(days=1), jobs.clear_out) in TIMETABLE
