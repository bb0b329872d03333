"""Two taps in the same instant, on both databases: one answer, one line, one letter, and never a line after the end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask

from portal.domain.checkin import LineKind
from portal.domain.errors import Stale
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.services import checkin
from tests.booking_cast import Pair, add_pair
from tests.checkin_cast import MONDAYS_AT_NINE, check_in_row, last_line, lines, set_check_in, thread_row
from tests.races.verbs import at_once
from tests.services.outbox import rows

WEEK = timedelta(weeks=1)


@pytest.fixture
def pair(app: Flask, now: datetime) -> Pair:
    with app.app_context():
        return add_pair(now, State.WALKING)


def test_taps_on_several_heights_leave_one_answer(app: Flask, pair: Pair, now: datetime) -> None:
    with app.app_context():
        set_check_in(pair, now)
        checkin.send_due(now=now + WEEK)
        asked = last_line(pair)
    taps = [
        partial(checkin.answer, pair.walk_id, pair.member_id, asked, height, now=now + WEEK) for height in (1, 2, 4, 5)
    ]
    assert at_once(app, taps) == [None] * 4
    with app.app_context():
        answers = [height for _writer, kind, _words, height in lines(pair) if kind is LineKind.HEIGHT]
        assert len(answers) == 1
        assert [row.person_id for row in rows([Kind.THREAD_LINE])] == [pair.peer_id]


def test_one_form_tapped_twice_is_one_line_and_two_first_lines_are_one_thread(
    app: Flask, pair: Pair, now: datetime
) -> None:
    write = partial(checkin.write, pair.walk_id, now=now)
    taps = [partial(write, pair.member_id, "Hello.", key="once") for _tap in range(3)]
    assert at_once(app, [*taps, partial(write, pair.peer_id, "Hello you.", key="his")]) == [None] * 4
    with app.app_context():
        assert sorted(words for _writer, _kind, words, _height in lines(pair)) == ["Hello you.", "Hello."]
        assert sorted(row.person_id or 0 for row in rows([Kind.THREAD_LINE])) == [pair.member_id, pair.peer_id]


def test_it_is_set_on_two_devices_and_begins_once(app: Flask, pair: Pair, now: datetime) -> None:
    taps = [
        partial(checkin.set_check_in, pair.walk_id, pair.member_id, MONDAYS_AT_NINE, key=key, now=now) for key in "ab"
    ]
    assert at_once(app, taps) == [None] * 2
    with app.app_context():
        assert len(rows([Kind.CHECK_IN_SET])) == 1


def test_two_clocks_send_it_once(app: Flask, pair: Pair, now: datetime) -> None:
    with app.app_context():
        set_check_in(pair, now)
    at_once(app, [partial(checkin.send_due, now=now + WEEK) for _clock in range(3)])
    with app.app_context():
        assert [kind for _writer, kind, _words, _height in lines(pair)] == [LineKind.CHECK_IN]
        assert len(rows([Kind.CHECK_IN])) == 1


def test_no_line_stands_after_the_end(app: Flask, pair: Pair, now: datetime) -> None:
    with app.app_context():
        set_check_in(pair, now)
    deeds: list[Callable[[], object]] = [
        partial(checkin.end_thread, pair.walk_id, pair.member_id, now=now),
        partial(checkin.write, pair.walk_id, pair.peer_id, "Hello.", key="", now=now),
        partial(checkin.hold, pair.walk_id, pair.peer_id, (now + WEEK).date(), now=now),
    ]
    ended, written, _held = at_once(app, deeds)
    assert (ended, written in (None, Stale)) == (None, True)
    with app.app_context():
        assert thread_row(pair).ended_by == pair.member_id
        assert check_in_row(pair).next_at is None
        assert len(lines(pair)) == (1 if written is None else 0)
