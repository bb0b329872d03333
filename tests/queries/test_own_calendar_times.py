"""A busy time out of a peer's own calendar closes a slot; the peer is told why, and the member that it is not free."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from portal.domain.booking import sentence_for
from portal.domain.matching.walk import Actor as Side
from portal.domain.slots import Closed
from portal.queries import busy_calendars as queries
from portal.queries.slots import free_time
from portal.services import busy_calendars, slots
from tests.calendars.busy_files import calendar, event
from tests.slots_cast import add_peer

TUESDAY = 1
DENTIST = event("SUMMARY:Dentist", start="DTSTART;TZID=America/New_York:20260303T183000", length="DURATION:PT40M")
HALF_HOURS = [datetime(2026, 3, 3, 23, tzinfo=UTC) + timedelta(minutes=30 * number) for number in range(4)]
SIX, HALF_PAST, _SEVEN, HALF_PAST_SEVEN = HALF_HOURS


def test_a_time_that_is_busy_elsewhere_cannot_be_booked(app: Flask, now: datetime) -> None:
    with app.app_context():
        peer_id = add_peer("maya@example.org", now)
        slots.add_weekly(peer_id, [TUESDAY], 18 * 60, 20 * 60, key="hours", now=now)
        open_before = [slot.starts_at for slot in free_time(peer_id, None, now).slots][:4]
        busy_calendars.add_file(peer_id, "", calendar(DENTIST), key="file", now=now)
        free = free_time(peer_id, None, now)
        assert open_before == HALF_HOURS
        assert [slot.starts_at for slot in free.slots][:2] == [SIX, HALF_PAST_SEVEN]
        assert [free.why_closed(start) for start in open_before] == [None, Closed.CALENDAR, Closed.CALENDAR, None]


def test_the_member_reads_no_more_than_that_it_is_not_free(app: Flask, now: datetime) -> None:
    to_member, to_peer = Closed.CALENDAR.sentence, sentence_for(Closed.CALENDAR, Side.PEER)
    assert to_member == Closed.TAKEN.sentence
    assert "your own calendar" in to_peer
    assert "calendar" not in to_member


def test_taken_away_it_closes_nothing_any_more(app: Flask, now: datetime) -> None:
    with app.app_context():
        peer_id = add_peer("maya@example.org", now)
        slots.add_weekly(peer_id, [TUESDAY], 18 * 60, 20 * 60, key="hours", now=now)
        busy_calendars.add_file(peer_id, "", calendar(DENTIST), key="file", now=now)
        (held,) = queries.calendars_of(peer_id, now)
        busy_calendars.remove(peer_id, held.id, key="remove", now=now)
        assert free_time(peer_id, None, now).why_closed(HALF_PAST) is None
