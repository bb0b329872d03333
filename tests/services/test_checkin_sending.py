"""Check-ins go out by their rhythm, once, in the peer's words, and not where they would not be kind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text, update

from portal.db import transaction
from portal.domain.account import Purpose
from portal.domain.checkin import CheckInState, LineKind
from portal.domain.checkin.words import USUAL_WORDS
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.mail.errors import Unreachable
from portal.models import CheckIn, Notice, Person
from portal.queries import checkin as queries
from portal.queries.checkin import due
from portal.services import account, checkin
from portal.services.account import give_consents
from portal.services.notice.claim import claim
from portal.services.notice.parcel import Outcome
from portal.services.notice.prepare import prepare
from portal.services.notice.settle import settle
from portal.services.notice.sweep import sweep
from tests.booking_cast import Pair, add_pair, add_peer
from tests.checkin_cast import MONDAYS_AT_NINE, check_in_row, lines, set_check_in, write
from tests.matching_cast import set_walk
from tests.servers.smtp import Sink
from tests.services.outbox import book, cancel, deliver_due, rows

Happening = Callable[[Pair, datetime], None]
WEEK, DAY, HOUR, MINUTE = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    """Ana in Berlin and Maya in New York walk together."""
    return add_pair(now, State.WALKING)


@pytest.fixture
def monday(now: datetime) -> datetime:
    """The Monday after: nine in Berlin."""
    return now + WEEK - 2 * HOUR


def owed(*kinds: Kind) -> list[tuple[Kind, int | None, datetime]]:
    return [(row.kind, row.person_id, row.due_at) for row in rows(kinds) if row.state is NoticeState.DUE]


def states(kind: Kind) -> list[NoticeState]:
    return [row.state for row in rows([kind])]


def came_to_ana(smtp: Sink) -> int:
    return sum(letter.to == ("ana@example.org",) for letter in smtp.letters)


def said(pair: Pair) -> list[str]:
    return [words for _writer, kind, words, _height in lines(pair) if kind is LineKind.CHECK_IN]


def test_it_goes_out_at_its_time_in_the_peers_words_and_once(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    assert check_in_row(pair).next_at == monday
    checkin.write_words(pair.walk_id, pair.peer_id, " Thinking of you, Ana. ", now=now)
    assert [checkin.send_due(now=at) for at in (monday - MINUTE, monday, monday + MINUTE)] == [0, 1, 0]
    assert lines(pair) == [(pair.peer_id, LineKind.CHECK_IN, "Thinking of you, Ana.", None)]
    assert owed(Kind.CHECK_IN) == [(Kind.CHECK_IN, pair.member_id, monday)]
    assert check_in_row(pair).next_at == monday + WEEK


def test_the_usual_words_stand_where_the_peer_wrote_none(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    checkin.write_words(pair.walk_id, pair.peer_id, "Mine.", now=now)
    checkin.write_words(pair.walk_id, pair.peer_id, "", now=now)
    for week in range(3):
        checkin.send_due(now=monday + week * WEEK)
    assert len(set(said(pair))) == 3
    assert set(said(pair)) <= set(USUAL_WORDS)


def test_after_a_standstill_one_goes_out_and_the_rhythm_goes_on(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    back = monday + 2 * WEEK + 2 * DAY
    assert [checkin.send_due(now=back), checkin.send_due(now=back + MINUTE)] == [1, 0]
    assert check_in_row(pair).next_at == monday + 3 * WEEK - HOUR  # the clocks go forward in Berlin


def test_one_that_is_late_makes_way_for_the_next(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    assert checkin.send_due(now=monday + WEEK - HOUR) == 0
    assert checkin.send_due(now=monday + WEEK) == 1


def test_it_ends_by_itself_on_its_last_day(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    assert [checkin.send_due(now=monday + week * WEEK) for week in range(10)] == [1] * 8 + [0] * 2
    assert check_in_row(pair).state is CheckInState.OVER


def test_the_peer_gets_one_letter_when_it_begins_and_none_when_it_changes(pair: Pair, now: datetime) -> None:
    set_check_in(pair, now)
    set_check_in(pair, now + HOUR)
    afternoon_in_new_york = now.replace(hour=14)  # ten o'clock UTC is still night there
    assert owed(Kind.CHECK_IN_SET) == [(Kind.CHECK_IN_SET, pair.peer_id, afternoon_in_new_york)]
    checkin.stop_check_in(pair.walk_id, pair.member_id, now=now + 2 * HOUR)
    assert owed(Kind.CHECK_IN_SET) == []
    set_check_in(pair, now + 3 * HOUR)
    assert len(owed(Kind.CHECK_IN_SET)) == 1


def test_a_peer_holds_it_until_a_day_and_it_goes_on_by_itself(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    checkin.hold(pair.walk_id, pair.peer_id, (monday + WEEK).date(), now=now)
    assert [checkin.send_due(now=monday), checkin.send_due(now=monday + WEEK)] == [0, 1]
    assert (check_in_row(pair).state, check_in_row(pair).held_until) == (CheckInState.GOING, None)


def test_a_peer_goes_on_before_that_day(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    checkin.hold(pair.walk_id, pair.peer_id, (monday + WEEK).date(), now=now)
    checkin.go_on(pair.walk_id, pair.peer_id, now=now)
    assert checkin.send_due(now=monday) == 1


def test_the_two_rest_and_nothing_goes_out(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    set_walk(pair.walk_id, state=State.RESTING)
    assert checkin.send_due(now=monday) == 0
    set_walk(pair.walk_id, state=State.WALKING)
    assert checkin.send_due(now=monday + WEEK) == 1
    assert len(said(pair)) == 1


@pytest.mark.parametrize("over", [State.ENDED, State.SOMEONE_ELSE, State.CLOSED])
def test_a_walk_that_ended_takes_its_check_in_with_it(pair: Pair, now: datetime, monday: datetime, over: State) -> None:
    set_check_in(pair, now)
    set_walk(pair.walk_id, state=over, open=False)
    assert checkin.send_due(now=monday) == 0
    assert check_in_row(pair).state is CheckInState.OVER


@pytest.mark.parametrize("who", ["member_id", "peer_id"])
def test_nothing_goes_out_for_somebody_suspended(pair: Pair, now: datetime, monday: datetime, who: str) -> None:
    set_check_in(pair, now)
    with transaction() as session:
        session.get_one(Person, getattr(pair, who)).suspended_at = now
    assert checkin.send_due(now=monday) == 0


def _hold(pair: Pair, at: datetime) -> None:
    checkin.hold(pair.walk_id, pair.peer_id, (at + 2 * DAY).date(), now=at)


def _stop(pair: Pair, at: datetime) -> None:
    checkin.stop_check_in(pair.walk_id, pair.member_id, now=at)


def _end(pair: Pair, at: datetime) -> None:
    checkin.end_thread(pair.walk_id, pair.member_id, now=at)


def _rest(pair: Pair, at: datetime) -> None:
    set_walk(pair.walk_id, state=State.RESTING)


def _walked(pair: Pair, at: datetime) -> None:
    set_walk(pair.walk_id, state=State.ENDED, open=False)


def _suspend(pair: Pair, at: datetime) -> None:
    with transaction() as session:
        session.get_one(Person, pair.peer_id).suspended_at = at


def _withdraw(pair: Pair, at: datetime) -> None:
    account.withdraw_consent(pair.member_id, Purpose.LETTERS, now=at)


def _see(pair: Pair, at: datetime) -> None:
    checkin.mark_seen(pair.walk_id, pair.member_id, 1, now=at)


@pytest.mark.parametrize("happens", [_hold, _stop, _end, _rest, _walked, _suspend, _withdraw, _see])
def test_its_letter_looks_again_before_it_leaves(
    pair: Pair, now: datetime, monday: datetime, happens: Happening
) -> None:
    give_consents(pair.member_id, list(Purpose), now=now)
    set_check_in(pair, now)
    with transaction() as session:
        session.get_one(Person, pair.member_id).quiet_until = 10 * 60
    checkin.send_due(now=monday)
    happens(pair, monday + MINUTE)
    deliver_due(monday + HOUR)
    assert states(Kind.CHECK_IN) == [NoticeState.VOID]


def test_one_whose_worker_fell_is_not_tried_again_once_its_member_has_stopped_it(
    pair: Pair, now: datetime, monday: datetime
) -> None:
    set_check_in(pair, now)
    checkin.send_due(now=monday)
    with transaction() as session:
        on_its_way = {"state": NoticeState.SENDING, "lease_until": monday + MINUTE, "rendered": b"Thinking of you."}
        session.execute(update(Notice).where(Notice.kind == Kind.CHECK_IN).values(on_its_way))
    _stop(pair, monday + MINUTE)
    sweep(now=monday + HOUR)
    deliver_due(monday + HOUR)
    assert states(Kind.CHECK_IN) == [NoticeState.VOID]


def test_the_last_one_goes_out_although_none_follows(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    with transaction() as session:
        session.execute(update(CheckIn).values(last_day=monday.date()))
    checkin.send_due(now=monday)
    assert check_in_row(pair).state is CheckInState.OVER
    deliver_due(monday)
    assert states(Kind.CHECK_IN) == [NoticeState.SENT]


def test_a_line_that_waits_its_while_does_not_hold_up_a_check_in(pair: Pair, now: datetime, monday: datetime) -> None:
    noon = monday + 3 * HOUR
    set_check_in(pair, now, replace(MONDAYS_AT_NINE, at_minute=12 * 60))
    write(pair, pair.peer_id, "Here is the first line.", noon - 2 * MINUTE)
    deliver_due(noon - 2 * MINUTE)
    write(pair, pair.peer_id, "And one that is told of a while later.", noon - MINUTE)
    ((_kind, _person, later),) = owed(Kind.THREAD_LINE)
    assert later > noon
    checkin.send_due(now=noon)
    assert owed(Kind.CHECK_IN) == [(Kind.CHECK_IN, pair.member_id, noon)]


def test_its_letter_waits_for_the_morning(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    with transaction() as session:
        session.get_one(Person, pair.member_id).quiet_until = 10 * 60
    checkin.send_due(now=monday)
    deliver_due(monday + HOUR - MINUTE)
    assert owed(Kind.CHECK_IN) == [(Kind.CHECK_IN, pair.member_id, monday + HOUR)]
    deliver_due(monday + HOUR)
    assert states(Kind.CHECK_IN) == [NoticeState.SENT]


def test_a_member_who_moves_keeps_the_time_on_their_clock(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    account.set_zone(pair.member_id, "America/New_York", now=now)
    # Ten in the morning in Berlin: in New York this Monday's nine o'clock is still to come.
    assert check_in_row(pair).next_at == now + 4 * HOUR


def test_only_the_member_sets_and_stops(pair: Pair, now: datetime) -> None:
    set_check_in(pair, now)
    for other in (pair.peer_id, add_peer(now, "Kim")):
        with pytest.raises(NotFound):
            checkin.set_check_in(pair.walk_id, other, MONDAYS_AT_NINE, key="", now=now)
        with pytest.raises(NotFound):
            checkin.stop_check_in(pair.walk_id, other, now=now)


def test_only_the_peer_writes_its_words_and_holds_it(pair: Pair, now: datetime) -> None:
    set_check_in(pair, now)
    with pytest.raises(NotFound):
        checkin.write_words(pair.walk_id, pair.member_id, "Mine.", now=now)
    with pytest.raises(NotFound):
        checkin.hold(pair.walk_id, pair.member_id, (now + WEEK).date(), now=now)
    with pytest.raises(BadInput):
        checkin.hold(pair.walk_id, pair.peer_id, now.date(), now=now)
    checkin.stop_check_in(pair.walk_id, pair.member_id, now=now)
    with pytest.raises(Stale):
        checkin.hold(pair.walk_id, pair.peer_id, (now + WEEK).date(), now=now)


def test_the_clock_reads_them_in_pages_and_stops_at_no_bad_row(
    pair: Pair,
    now: datetime,
    monday: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(due, "SENT_AT_ONCE", 1)
    others = [add_pair(now, State.WALKING, peer_id=pair.peer_id, name=name) for name in ("Noor", "Ines")]
    ids = [set_check_in(each, now) for each in (pair, *others)]
    with transaction() as session:
        session.execute(text("UPDATE check_in SET words = 'a:bm8=' WHERE id = :id"), {"id": ids[0]})
    assert checkin.send_due(now=monday) == 2
    assert [len(said(each)) for each in others] == [1, 1]
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        f"check-in {ids[0]}: KeyError"
    ]


def test_nothing_is_said_of_silence_while_a_chat_is_near_or_it_rests(pair: Pair, now: datetime) -> None:
    set_check_in(pair, now)
    at = now + 4 * DAY
    assert queries.silent_walks(pair.peer_id, at) == [pair.walk_id]
    chat = book(pair.walk_id, pair.member_id, pair.peer_id, at + 2 * DAY, now)
    assert queries.silent_walks(pair.peer_id, at) == []
    cancel(chat, at)
    assert queries.silent_walks(pair.peer_id, at) == [pair.walk_id]
    checkin.hold(pair.walk_id, pair.peer_id, (at + WEEK).date(), now=at)
    assert queries.silent_walks(pair.peer_id, at) == []


def test_who_writes_is_heard_of_again(pair: Pair, now: datetime, monday: datetime) -> None:
    set_check_in(pair, now)
    assert due.silent_walks(pair.peer_id, now + 3 * DAY - MINUTE) == []
    assert due.silent_walks(pair.peer_id, now + 3 * DAY) == [pair.walk_id]
    assert due.silent_on_the_board(now + 6 * DAY - MINUTE) == []
    assert [one.walk_id for one in due.silent_on_the_board(now + 6 * DAY)] == [pair.walk_id]
    write(pair, pair.member_id, "Here I am.", now + 5 * DAY)
    assert due.silent_walks(pair.peer_id, now + 7 * DAY) == []
    write(pair, pair.peer_id, "Good to hear.", now + 8 * DAY)
    assert due.silent_walks(pair.peer_id, now + 8 * DAY) == [pair.walk_id]


@pytest.mark.parametrize("by", ["hold", "stop"])
def test_a_line_that_waited_with_the_check_in_is_told_when_that_is_taken_back(
    pair: Pair, now: datetime, monday: datetime, by: str
) -> None:
    set_check_in(pair, now)
    checkin.send_due(now=monday)
    write(pair, pair.peer_id, "Can you come on Thursday?", monday)
    if by == "hold":
        checkin.hold(pair.walk_id, pair.peer_id, (monday + 2 * WEEK).date(), now=monday + MINUTE)
    else:
        checkin.stop_check_in(pair.walk_id, pair.member_id, now=monday + MINUTE)
    assert [(kind, person_id) for kind, person_id, _due in owed(Kind.CHECK_IN, Kind.THREAD_LINE)] == [
        (Kind.THREAD_LINE, pair.member_id)
    ]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("anew", [False, True])
def test_a_check_in_that_was_stopped_while_it_was_being_sent_is_not_tried_again(
    pair: Pair, now: datetime, monday: datetime, smtp: Sink, anew: bool
) -> None:
    set_check_in(pair, now)
    checkin.send_due(now=monday)
    write(pair, pair.peer_id, "Can you come on Thursday?", monday)
    (owed_now,) = (row.id for row in rows([Kind.CHECK_IN]))
    with transaction():
        claimed = claim([owed_now], now=monday)
    prepared = prepare(claimed, now=monday)
    checkin.stop_check_in(pair.walk_id, pair.member_id, now=monday + MINUTE)
    if anew:
        set_check_in(pair, monday + 2 * MINUTE)
    with transaction() as session:
        settle(session, [Outcome(each, Unreachable()) for each in prepared.parcels], now=monday + 2 * MINUTE)
    deliver_due(monday + 3 * HOUR)
    assert states(Kind.CHECK_IN) == [NoticeState.VOID]
    assert states(Kind.THREAD_LINE) == [NoticeState.SENT]
    assert came_to_ana(smtp) == 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_check_in_comes_in_its_time_though_a_line_waits_and_stands_for_it(
    pair: Pair, now: datetime, monday: datetime, smtp: Sink
) -> None:
    set_check_in(pair, now)
    write(pair, pair.peer_id, "See you.", monday - MINUTE)
    checkin.send_due(now=monday)
    deliver_due(monday)
    assert [(row.kind, row.due_at) for row in rows([Kind.CHECK_IN]) if row.state is NoticeState.SENT] == [
        (Kind.CHECK_IN, monday)
    ]
    write(pair, pair.peer_id, "Or on Friday.", monday + MINUTE)
    deliver_due(monday + 3 * HOUR)
    assert states(Kind.THREAD_LINE) == [NoticeState.VOID, NoticeState.SENT]
    assert came_to_ana(smtp) == 2


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_line_that_waited_before_the_check_in_is_told_where_that_is_stopped(
    pair: Pair, now: datetime, monday: datetime, smtp: Sink
) -> None:
    set_check_in(pair, now)
    write(pair, pair.peer_id, "See you.", monday - MINUTE)
    checkin.send_due(now=monday)
    checkin.stop_check_in(pair.walk_id, pair.member_id, now=monday)
    deliver_due(monday + 3 * HOUR)
    assert states(Kind.THREAD_LINE) == [NoticeState.SENT]
