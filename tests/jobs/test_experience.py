"""What the clock does for peers: it asks again, by itself, whether they are ready."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal import clock
from portal.domain.notice import Kind
from portal.jobs import experience as jobs
from portal.jobs.timetable import TIMETABLE
from tests.matching_cast import add_peer
from tests.services.outbox import rows


def test_the_clock_asks_a_peer_once_when_their_word_grows_old(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        ben = add_peer(now, "Ben")
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=13))
        for _round in range(2):
            jobs.ask_ready_again()
        assert [letter.person_id for letter in rows([Kind.READY_AGAIN])] == [ben]


def test_it_stands_in_the_timetable() -> None:
    assert (timedelta(minutes=10), jobs.ask_ready_again) in TIMETABLE
