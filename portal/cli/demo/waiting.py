"""Times that wait in the demo community: a question to a peer, a rhythm of two who walk, a time held for somebody."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.domain.booking import BookingState, Meeting
from portal.domain.booking.asking import answer_by
from portal.domain.booking.earlier import HELD_FOR
from portal.domain.notice import Kind
from portal.domain.slots import Slot, local_date
from portal.models import PeerProfile, Series, TimeWish
from portal.queries import booking as queries
from portal.queries import matching as matching_queries
from portal.queries.booking import Two
from portal.queries.slots import FreeTime
from portal.services.booking.asking import owe_question
from portal.services.booking.setting import set_chat
from portal.services.notice.chat import about
from portal.services.notice.owe import owe

# Everybody here is invented; who walks with whom stands in walks.toml.
ASKS, HAS_A_RHYTHM, IS_OFFERED = "katarina", "agnes", "dallas"
TIMES_ASKED, TURNS = 2, 4
FAR_ENOUGH = timedelta(days=2)


def add_waiting(session: Session, ids: Mapping[str, int], now: datetime) -> None:
    """Add all three."""
    _question(session, _two(ids[ASKS]), now)
    _rhythm(session, _two(ids[HAS_A_RHYTHM]), now)
    _held(session, _two(ids[IS_OFFERED]), now)


def _question(session: Session, two: Two, now: datetime) -> None:
    session.get_one(PeerProfile, two.peer_id).says_yes_first = True
    meeting, times = _open_times(two, now)
    by_day = groupby(times.slots, key=lambda slot: local_date(slot.starts_at, times.hours.zone))
    far = [next(iter(of_day)) for _day, of_day in by_day]
    for slot in [slot for slot in far if slot.starts_at >= now + FAR_ENOUGH][:TIMES_ASKED]:
        until = answer_by(slot.starts_at, now)
        asked = set_chat(
            session,
            two,
            slot,
            meeting,
            times.policy,
            by=two.member_id,
            now=now,
            state=BookingState.ASKED,
            answer_by=until,
        )
        owe_question(session, asked, now=now)


def _rhythm(session: Session, two: Two, now: datetime) -> None:
    meeting, times = _open_times(two, now)
    first = next(slot for slot in times.slots if slot.starts_at >= now + FAR_ENOUGH)
    series = Series(walk_id=two.walk_id, every_weeks=1, made_by=two.member_id, created_at=now)
    session.add(series)
    session.flush()
    turns = [slot for slot in times.slots if _same_hour(slot, first, times.hours.zone)]
    for slot in turns[:TURNS]:
        set_chat(session, two, slot, meeting, times.policy, by=two.member_id, now=now, series_id=series.id)


def _held(session: Session, two: Two, now: datetime) -> None:
    meeting, times = _open_times(two, now)
    session.add(TimeWish(walk_id=two.walk_id, before=now + timedelta(days=366), since=now, passed_over=[]))
    held = set_chat(
        session,
        two,
        next(slot for slot in times.slots if slot.starts_at >= now + FAR_ENOUGH),
        meeting,
        times.policy,
        by=two.member_id,
        now=now,
        state=BookingState.OFFERED,
        answer_by=now + HELD_FOR,
    )
    owe(
        session,
        Kind.TIME_OFFERED,
        two.member_id,
        about=about(held.id),
        booking_id=held.id,
        walk_id=two.walk_id,
        due_at=now,
        now=now,
    )


def _two(member_id: int) -> Two:
    walk_id = matching_queries.latest_walk_of(member_id)
    two = queries.two_of_walk(member_id, walk_id) if walk_id is not None else None
    assert two is not None
    return two


def _open_times(two: Two, now: datetime) -> tuple[Meeting, FreeTime]:
    """Return the first way the two both like that has times open, and those times."""
    found = [(Meeting(way), queries.times_of(two, now, way=way)) for way in queries.formats_of(two)]
    return next((each for each in found if each[1].slots), found[0])


def _same_hour(slot: Slot, first: Slot, zone: str) -> bool:
    here, there = (each.starts_at.astimezone(ZoneInfo(zone)) for each in (slot, first))
    return here >= there and (here.weekday(), here.time()) == (there.weekday(), there.time())
