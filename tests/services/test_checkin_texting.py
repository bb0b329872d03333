"""A thread by text message: only where both agreed and can have texts, one thread at a time, and never a letter too."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.errors import BadInput
from portal.domain.matching.walk import State
from portal.domain.notice import Channel, Kind, NoticeState
from portal.models import Notice, Person, Phone
from portal.queries import notice as queries
from portal.services import checkin
from portal.services.notice.reason import stop_of
from tests.booking_cast import Pair, add_pair, add_peer
from tests.checkin_cast import lines, set_check_in, write
from tests.services.outbox import rows

WEEK, HOUR = timedelta(weeks=1), timedelta(hours=1)


def add_phone(person_id: int, now: datetime, **more: object) -> None:
    """Somebody has confirmed a phone."""
    with transaction() as session:
        session.add(
            Phone(
                person_id=person_id,
                number=f"+1555010{person_id}",
                number_hash=str(person_id),
                created_at=now,
                confirmed_at=now,
                **more,
            )
        )


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    """Ana and Maya, who both have a phone and have agreed."""
    found = add_pair(now, State.WALKING)
    for each in (found.member_id, found.peer_id):
        add_phone(each, now)
        checkin.agree_to_texts(found.walk_id, each, agree=True, now=now)
    return found


def texts() -> list[Notice]:
    return [row for row in rows([Kind.THREAD_LINE, Kind.CHECK_IN]) if row.state is NoticeState.DUE]


def test_each_line_is_a_text_with_its_words_and_no_letter_besides(pair: Pair, now: datetime) -> None:
    for words in ("One.", "Two."):
        write(pair, pair.peer_id, words, now)
    assert [(row.channel, row.spread, row.person_id, row.details) for row in texts()] == [
        (Channel.TEXT, True, pair.member_id, {"words": "One."}),
        (Channel.TEXT, True, pair.member_id, {"words": "Two."}),
    ]


def test_it_waits_for_the_morning(pair: Pair, now: datetime) -> None:
    write(pair, pair.member_id, "Hello.", now)  # five in the morning for Maya
    assert [row.due_at for row in texts()] == [now + 4 * HOUR]


def test_a_check_in_comes_as_a_text(pair: Pair, now: datetime) -> None:
    set_check_in(pair, now)
    checkin.write_words(pair.walk_id, pair.peer_id, "Thinking of you.", now=now)
    checkin.send_due(now=now + WEEK - 2 * HOUR)
    assert [(row.kind, row.channel, row.details) for row in texts()] == [
        (Kind.CHECK_IN, Channel.TEXT, {"words": "Thinking of you."})
    ]


def test_what_comes_in_stands_in_the_thread_once(pair: Pair, now: datetime) -> None:
    taken = [checkin.take_text(pair.member_id, "Steep.", key="SM1", now=now) for _delivery in range(2)]
    assert (taken, [words for _writer, _kind, words, _height in lines(pair)]) == ([pair.walk_id] * 2, ["Steep."])


def test_it_ends_with_either_and_the_next_line_comes_by_letter(pair: Pair, now: datetime) -> None:
    write(pair, pair.peer_id, "One.", now)
    checkin.agree_to_texts(pair.walk_id, pair.member_id, agree=False, now=now)
    assert [(row.channel, row.details) for row in texts()] == [(Channel.EMAIL, None)]
    write(pair, pair.peer_id, "Two.", now)
    assert [(row.channel, row.details) for row in texts()] == [(Channel.EMAIL, None)]
    assert checkin.take_text(pair.peer_id, "Hello.", now=now) is None


def test_one_alone_has_no_texts(pair: Pair, now: datetime) -> None:
    noor = add_pair(now, State.WALKING, peer_id=add_peer(now, "Kim"), name="Noor")
    add_phone(noor.member_id, now)
    checkin.agree_to_texts(noor.walk_id, noor.member_id, agree=True, now=now)
    assert checkin.take_text(noor.member_id, "Hello.", now=now) is None
    write(noor, noor.peer_id, "Hello.", now)
    assert [row.channel for row in texts()] == [Channel.EMAIL]


def test_a_phone_that_said_stop_has_none(pair: Pair, now: datetime) -> None:
    with transaction() as session:
        session.get_one(Phone, pair.member_id).stopped_at = now
    assert checkin.take_text(pair.peer_id, "Hello.", now=now) is None
    write(pair, pair.peer_id, "Hello.", now)
    assert [row.channel for row in texts()] == [Channel.EMAIL]


def test_a_second_thread_cannot_come_by_text_to_the_same_phone(pair: Pair, now: datetime) -> None:
    noor = add_pair(now, State.WALKING, peer_id=pair.peer_id, name="Noor")
    with pytest.raises(BadInput):
        checkin.agree_to_texts(noor.walk_id, noor.peer_id, agree=True, now=now)
    with pytest.raises(BadInput):  # she has no phone
        checkin.agree_to_texts(noor.walk_id, noor.member_id, agree=True, now=now)
    checkin.end_thread(pair.walk_id, pair.peer_id, now=now)
    checkin.agree_to_texts(noor.walk_id, noor.peer_id, agree=True, now=now)


def test_what_waited_as_a_text_when_one_wants_no_more_comes_by_one_letter(pair: Pair, now: datetime) -> None:
    for words in ("One.", "Two."):  # five in the morning for Maya
        write(pair, pair.member_id, words, now)
    checkin.agree_to_texts(pair.walk_id, pair.member_id, agree=False, now=now + HOUR)
    assert [(row.channel, row.person_id, row.details) for row in texts()] == [(Channel.EMAIL, pair.peer_id, None)]


def test_a_check_in_that_waited_as_a_text_comes_as_a_letter_of_its_kind(pair: Pair, now: datetime) -> None:
    set_check_in(pair, now)
    checkin.send_due(now=now + WEEK - 2 * HOUR)
    checkin.agree_to_texts(pair.walk_id, pair.peer_id, agree=False, now=now + WEEK - 2 * HOUR)
    assert [(row.kind, row.channel) for row in texts()] == [(Kind.CHECK_IN, Channel.EMAIL)]


def test_somebody_suspended_writes_nothing_by_text(pair: Pair, now: datetime) -> None:
    with transaction() as session:
        session.get_one(Person, pair.member_id).suspended_at = now
    assert checkin.take_text(pair.member_id, "Hello.", key="SM1", now=now) is None
    assert lines(pair) == []


def test_a_thread_that_is_opened_again_comes_by_text_only_when_both_agree_anew(pair: Pair, now: datetime) -> None:
    noor = add_pair(now, State.WALKING, peer_id=pair.peer_id, name="Noor")
    checkin.end_thread(pair.walk_id, pair.peer_id, now=now)
    checkin.agree_to_texts(noor.walk_id, noor.peer_id, agree=True, now=now)
    checkin.open_again(pair.walk_id, pair.peer_id, now=now)
    write(pair, pair.member_id, "Hello.", now)
    assert [row.channel for row in texts()] == [Channel.EMAIL]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_text_that_comes_after_a_newer_one_is_not_dropped(pair: Pair, now: datetime) -> None:
    for words in ("One.", "Two."):
        write(pair, pair.peer_id, words, now)
    first, second = (row.id for row in texts())
    with transaction() as session:  # the first came to nothing, and a coordinator has it tried again
        session.get_one(Notice, second).state = NoticeState.SENT
    with transaction() as session:
        (claimable,) = queries.claimable([first], now)
        assert stop_of(claimable, now) is None
