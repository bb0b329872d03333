"""The thread of two: lines, one tap on the hill, one notice for several lines, an end, a coordinator, a year later."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from portal.db import read
from portal.domain.checkin import MOST_IN_A_WHILE, WHILE, CheckInState, LineKind
from portal.domain.errors import BadInput, NotAllowed, NotFound, Stale
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.queries import checkin as queries
from portal.services import checkin
from portal.services.checkin.keeping import KEPT
from tests.booking_cast import Pair, add_pair, add_peer
from tests.checkin_cast import check_in_row, kept, last_line, lines, set_check_in, thread_row, write
from tests.matching_cast import set_walk
from tests.services.outbox import deliver_due, rows

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TOLD = 5 * MINUTE


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    """Ana and Maya walk together."""
    return add_pair(now, State.WALKING)


def notices(pair: Pair, person_id: int) -> list[tuple[datetime, NoticeState]]:
    return [(row.due_at, row.state) for row in rows([Kind.THREAD_LINE]) if row.person_id == person_id]


def monday_check_in(pair: Pair, now: datetime) -> int:
    set_check_in(pair, now)
    checkin.send_due(now=now + 7 * DAY - 2 * HOUR)
    return last_line(pair)


def test_words_stand_as_they_were_written_and_are_encrypted(pair: Pair, now: datetime) -> None:
    write(pair, pair.member_id, "It is <b>steep</b> today.\n\nhttps://example.org", now)
    assert lines(pair) == [
        (pair.member_id, LineKind.WORDS, "It is <b>steep</b> today.\n\nhttps://example.org", None),
    ]
    kept_as = read().scalar(text("SELECT words FROM thread_line"))
    assert kept_as is not None
    assert "steep" not in kept_as


def test_the_same_form_sent_twice_is_one_line(pair: Pair, now: datetime) -> None:
    ids = {checkin.write(pair.walk_id, pair.member_id, "Hello.", key="once", now=now) for _tap in range(2)}
    assert (len(ids), len(lines(pair))) == (1, 1)


def test_several_lines_make_one_notice_and_the_next_comes_an_hour_later(pair: Pair, now: datetime) -> None:
    for minute in range(3):
        write(pair, pair.peer_id, "Hello.", now + minute * MINUTE)
    assert notices(pair, pair.member_id) == [(now + TOLD, NoticeState.DUE)]
    deliver_due(now + TOLD)
    write(pair, pair.peer_id, "One more.", now + 2 * TOLD)
    assert notices(pair, pair.member_id) == [(now + TOLD, NoticeState.SENT), (now + TOLD + HOUR, NoticeState.DUE)]
    assert notices(pair, pair.peer_id) == []


def test_what_was_seen_on_the_page_needs_no_letter(pair: Pair, now: datetime) -> None:
    line_id = write(pair, pair.peer_id, "Hello.", now)
    checkin.mark_seen(pair.walk_id, pair.member_id, line_id, now=now)
    deliver_due(now + TOLD)
    assert notices(pair, pair.member_id) == [(now + TOLD, NoticeState.VOID)]


def test_a_letter_holds_no_word_of_a_line_and_a_name_only_where_it_may(pair: Pair, now: datetime) -> None:
    write(pair, pair.peer_id, "Zephyr.", now)
    deliver_due(now + TOLD)
    (letter,) = rows([Kind.THREAD_LINE])
    assert letter.rendered is not None
    assert [word in letter.rendered for word in (b"Zephyr", b"Maya", b"news")] == [False, False, True]


def test_each_keeps_their_own_mark_and_it_never_goes_back(pair: Pair, now: datetime) -> None:
    first, second = (write(pair, pair.peer_id, words, now) for words in ("One.", "Two."))
    checkin.mark_seen(pair.walk_id, pair.member_id, second, now=now)
    checkin.mark_seen(pair.walk_id, pair.member_id, first, now=now)
    seen = [queries.thread_for(each, pair.walk_id) for each in (pair.member_id, pair.peer_id)]
    assert [one.seen_line_id for one in seen if one is not None] == [second, 0]


def test_a_tap_on_the_hill_reaches_the_peer_and_a_second_takes_its_place(pair: Pair, now: datetime) -> None:
    asked = monday_check_in(pair, now)
    at = now + 7 * DAY
    first = checkin.answer(pair.walk_id, pair.member_id, asked, 2, now=at)
    assert checkin.answer(pair.walk_id, pair.member_id, asked, 4, now=at + MINUTE) == first
    assert [(kind, height) for _writer, kind, _words, height in lines(pair)] == [
        (LineKind.CHECK_IN, None),
        (LineKind.HEIGHT, 4),
    ]
    assert len(notices(pair, pair.peer_id)) == 1


def test_only_the_newest_check_in_is_answered_and_by_the_member_alone(pair: Pair, now: datetime) -> None:
    asked = monday_check_in(pair, now)
    for person_id, line_id, height in (
        (pair.peer_id, asked, 3),
        (pair.member_id, asked + 9, 3),
        (pair.member_id, asked, 6),
    ):
        with pytest.raises(NotFound):
            checkin.answer(pair.walk_id, person_id, line_id, height, now=now + 7 * DAY)
    checkin.send_due(now=now + 14 * DAY)
    with pytest.raises(Stale):
        checkin.answer(pair.walk_id, pair.member_id, asked, 3, now=now + 14 * DAY)


def test_a_flood_is_stopped_and_ebbs(pair: Pair, now: datetime) -> None:
    for _line in range(MOST_IN_A_WHILE):
        write(pair, pair.member_id, "Again.", now)
    with pytest.raises(BadInput):
        write(pair, pair.member_id, "And again.", now)
    write(pair, pair.member_id, "Later.", now + WHILE)


def test_strangers_learn_nothing(pair: Pair, now: datetime) -> None:
    line_id = write(pair, pair.member_id, "Hello.", now)
    stranger = add_peer(now, "Kim")
    assert queries.thread_for(stranger, pair.walk_id) is None
    verbs: list[Callable[[], object]] = [
        lambda: write(pair, stranger, "Hello.", now),
        lambda: checkin.mark_seen(pair.walk_id, stranger, line_id, now=now),
        lambda: checkin.end_thread(pair.walk_id, stranger, now=now),
        lambda: checkin.bring_in(pair.walk_id, stranger, now=now),
    ]
    for verb in verbs:
        with pytest.raises(NotFound):
            verb()


@pytest.mark.parametrize(
    ("over", "readable", "refusal"),
    [(State.ENDED, True, Stale), (State.SOMEONE_ELSE, False, NotFound), (State.CLOSED, False, NotFound)],
)
def test_after_a_good_ending_it_is_read_and_not_written(
    pair: Pair, now: datetime, over: State, readable: bool, refusal: type[Exception]
) -> None:
    write(pair, pair.member_id, "Hello.", now)
    set_walk(pair.walk_id, state=over, open=False)
    assert [queries.thread_for(each, pair.walk_id) is not None for each in (pair.member_id, pair.peer_id)] == [
        readable
    ] * 2
    with pytest.raises(refusal):
        write(pair, pair.member_id, "One more.", now)


def test_while_they_rest_lines_wait_on_the_page(pair: Pair, now: datetime) -> None:
    set_walk(pair.walk_id, state=State.RESTING)
    write(pair, pair.peer_id, "No hurry at all.", now)
    assert notices(pair, pair.member_id) == []
    assert queries.unseen(pair.walk_id, pair.member_id)


def test_either_ends_it_with_its_check_in_and_who_ended_it_opens_it_again(pair: Pair, now: datetime) -> None:
    set_check_in(pair, now)
    write(pair, pair.peer_id, "Hello.", now)
    checkin.end_thread(pair.walk_id, pair.member_id, now=now)
    checkin.end_thread(pair.walk_id, pair.peer_id, now=now + MINUTE)
    assert (thread_row(pair).ended_by, check_in_row(pair).state) == (pair.member_id, CheckInState.OVER)
    assert notices(pair, pair.member_id) == [(now + TOLD, NoticeState.VOID)]
    with pytest.raises(Stale):
        write(pair, pair.peer_id, "Oh.", now)
    with pytest.raises(Stale):
        set_check_in(pair, now)
    with pytest.raises(NotAllowed):
        checkin.open_again(pair.walk_id, pair.peer_id, now=now)
    checkin.open_again(pair.walk_id, pair.member_id, now=now)
    write(pair, pair.peer_id, "Hello again.", now)


def test_a_coordinator_learns_who_asks_and_how_to_reach_both_and_no_word(pair: Pair, now: datetime) -> None:
    write(pair, pair.member_id, "Zephyr.", now)
    checkin.bring_in(pair.walk_id, pair.member_id, now=now)
    checkin.bring_in(pair.walk_id, pair.peer_id, now=now + HOUR)
    (asked,) = queries.asked_for()
    assert (asked.at, asked.by_name, asked.other_name) == (now, "Ana", "Maya")
    checkin.look_how_to_reach(pair.walk_id, pair.peer_id, now=now)
    reached = queries.reach_of_both(pair.walk_id)
    assert reached is not None
    assert [one.email for one in reached] == ["ana@example.org", "maya@example.org"]
    checkin.in_touch(pair.walk_id, 1, now=now)
    assert (queries.asked_for(), queries.reach_of_both(pair.walk_id)) == ([], None)
    with pytest.raises(Stale):
        checkin.look_how_to_reach(pair.walk_id, 1, now=now)


def test_a_year_after_the_ending_nothing_of_it_is_kept(pair: Pair, now: datetime) -> None:
    other = add_pair(now, State.WALKING, peer_id=pair.peer_id, name="Noor")
    for each in (pair, other):
        asked = monday_check_in(each, now)
        checkin.answer(each.walk_id, each.member_id, asked, 3, now=now + 7 * DAY)
        checkin.mark_seen(each.walk_id, each.peer_id, asked, now=now)
    set_walk(pair.walk_id, state=State.ENDED, open=False, since=now)
    assert [checkin.forget_old(now=now + KEPT - MINUTE), kept(pair)] == [0, 5]
    assert [checkin.forget_old(now=now + KEPT), kept(pair), kept(other)] == [1, 0, 5]
