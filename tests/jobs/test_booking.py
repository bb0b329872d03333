"""The clock's job of booking: chats whose end has passed have happened."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.jobs import booking as jobs
from portal.jobs.timetable import TIMETABLE
from portal.services import booking as services
from tests.booking_cast import TUESDAY_ELEVEN, TUESDAY_TEN, add_pair, booking_row


def test_what_is_over_has_happened(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        pair = add_pair(now)
        booking_id = services.book(pair.walk_id, pair.member_id, TUESDAY_TEN, Format.PHONE, "", key="", now=now)
        for at, state in ((TUESDAY_TEN, BookingState.BOOKED), (TUESDAY_ELEVEN, BookingState.HAPPENED)):
            monkeypatch.setattr(clock, "now", lambda at=at: at)
            jobs.settle()
            assert booking_row(booking_id).state == state


def test_it_is_done_every_minute() -> None:
    assert (timedelta(minutes=1), jobs.settle) in TIMETABLE
