"""A chat is set only at a time that is free for both, and the database has the last word; on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.errors import TimeTaken
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.domain.slots import Closed
from portal.models import TimeOff
from portal.queries import booking as queries
from portal.queries import slots as slots_queries
from portal.services import booking as services
from tests.booking_cast import (
    TUESDAY_ELEVEN,
    TUESDAY_TEN,
    Pair,
    add_pair,
    add_peer,
    letters_owed,
    walk_state,
)
from tests.services.outbox import add_walk
from tests.services.test_booking.cast import HALF_HOUR, book


def test_a_taken_time_is_told_with_what_is_free_near_it(pair: Pair, now: datetime) -> None:
    other = add_pair(now, peer_id=pair.peer_id, name="Noor")
    book(other, now)
    with pytest.raises(TimeTaken) as refused:
        book(pair, now)
    assert refused.value.reason == Closed.TAKEN
    assert refused.value.nearest == (TUESDAY_TEN - timedelta(hours=1), TUESDAY_ELEVEN, TUESDAY_ELEVEN + HALF_HOUR)


def test_the_rest_between_chats_is_kept(pair: Pair, now: datetime) -> None:
    book(add_pair(now, peer_id=pair.peer_id, name="Noor"), now)
    with pytest.raises(TimeTaken) as refused:
        book(pair, now, TUESDAY_TEN + HALF_HOUR)
    assert refused.value.reason == Closed.REST


def test_somebody_who_is_a_peer_too_is_not_in_two_places(pair: Pair, now: datetime) -> None:
    book(pair, now)
    other_peer = add_peer(now, "Ruth")
    as_member = Pair(add_walk(pair.peer_id, other_peer, State.BOTH_YES, now), pair.peer_id, other_peer)
    with pytest.raises(TimeTaken) as refused:
        book(as_member, now, way=Format.PHONE)
    assert refused.value.reason == Closed.MEMBER_TAKEN
    assert book(as_member, now, TUESDAY_ELEVEN, way=Format.PHONE) > 0


def test_every_time_shown_is_accepted_and_every_other_is_refused(inside: Flask, now: datetime) -> None:
    """E5, with a chat and time off in the way."""
    peer_id = add_peer(now, days=[1, 2], horizon_days=9, cap_per_day=2)
    book(add_pair(now, peer_id=peer_id, name="Noor"), now)
    with transaction() as session:
        off = TUESDAY_TEN + timedelta(days=1)
        session.add(TimeOff(peer_id=peer_id, starts_at=off, ends_at=off + timedelta(hours=1)))
    pair = add_pair(now, peer_id=peer_id)
    shown = {slot.starts_at for slot in slots_queries.open_times(peer_id, pair.member_id, now)}
    assert len(shown) == 3 + 4 + 6 + 6
    refused = set()
    every = {now + timedelta(minutes=15 * step) for step in range(-8, 11 * 96)}
    for starts_at in sorted(every):
        try:
            booking_id = book(pair, now, starts_at)
        except TimeTaken:
            refused.add(starts_at)
        else:
            services.cancel(booking_id, pair.member_id, 0, key="", now=now)
    assert every - refused == shown


def test_the_database_has_the_last_word(pair: Pair, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody else's chat had come between the look and the writing."""
    book(add_pair(now, peer_id=pair.peer_id, name="Noor"), now)
    honest = queries.times_until
    looks = iter([True])

    def looked_too_early(*args: Any, **kwargs: Any) -> slots_queries.FreeTime:
        times = honest(*args, **kwargs)
        return replace(times, busy=()) if next(looks, False) else times

    monkeypatch.setattr(queries, "times_until", looked_too_early)
    with pytest.raises(TimeTaken) as refused:
        book(pair, now)
    assert refused.value.reason == Closed.TAKEN
    assert TUESDAY_ELEVEN in refused.value.nearest
    assert next(looks, None) is None
    assert walk_state(pair.walk_id) == State.BOTH_YES
    assert len(letters_owed(Kind.INVITATION)) == 2
