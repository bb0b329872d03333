"""Open hours: offered where the time is free, come to without booking, each called in turn, on both databases."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import OpenHourState
from portal.domain.booking.open_hours import Turn, before, turn_of
from portal.domain.errors import BadInput, NotFound, Stale, TimeTaken
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import OpenHour, Walk
from portal.queries.booking import open_hours as queries
from portal.services import booking as services
from portal.services.notice.deliver import deliver
from tests.booking_cast import TUESDAY_TEN, Pair, add_pair, add_peer, letters_owed
from tests.servers.smtp import Sink
from tests.services.outbox import deliver_due, rows
from tests.services.test_booking.cast import book

SIX = datetime(2026, 3, 3, 23, 0, tzinfo=UTC)  # six in the evening in New York, on the Tuesday
HOUR = timedelta(hours=1)


@pytest.fixture
def pair(inside: Flask, now: datetime) -> Pair:
    return add_pair(now, State.WALKING)


@pytest.fixture
def second(pair: Pair, now: datetime) -> Pair:
    return add_pair(now, State.WALKING, peer_id=pair.peer_id, name="Noor")


def offer(pair: Pair, now: datetime, starts_at: datetime = SIX, length: timedelta = HOUR) -> int:
    return services.offer_hour(pair.peer_id, starts_at, starts_at + length, Format.PHONE, "Just call", key="", now=now)


def turns(open_hour_id: int) -> list[tuple[int, Turn]]:
    return [(visit.member_id, visit.turn) for visit in queries.visits_of(open_hour_id)]


def test_whoever_walks_with_a_peer_is_told_and_sees_it(pair: Pair, second: Pair, now: datetime) -> None:
    open_hour_id = offer(pair, now)
    assert letters_owed(Kind.OPEN_HOUR) == [
        (Kind.OPEN_HOUR, pair.member_id),
        (Kind.OPEN_HOUR, second.member_id),
    ]
    (hour,) = queries.hours_for(pair.member_id, now)
    assert (hour.id, hour.peer_name, hour.walk_id) == (open_hour_id, "Maya", pair.walk_id)


@pytest.mark.parametrize(
    ("offered", "due"),  # midnight in Berlin is when it begins
    [(SIX - 9 * HOUR, SIX - 9 * HOUR), (SIX - 21 * HOUR, SIX - 15 * HOUR), (SIX - HOUR, SIX)],
)
def test_who_sleeps_is_told_after_the_quiet_hours_but_not_later_than_it_begins(
    pair: Pair, offered: datetime, due: datetime
) -> None:
    offer(pair, offered)
    assert [row.due_at for row in rows([Kind.OPEN_HOUR])] == [due]


def test_two_who_rest_leave_one_another_in_peace(pair: Pair, now: datetime) -> None:
    with transaction() as session:
        session.get_one(Walk, pair.walk_id).state = State.RESTING
    open_hour_id = offer(pair, now)
    assert letters_owed(Kind.OPEN_HOUR) == []
    assert queries.hour_for(pair.member_id, open_hour_id) is None


def test_it_takes_the_peers_time_and_nobody_elses(pair: Pair, second: Pair, now: datetime) -> None:
    offer(pair, now, TUESDAY_TEN)
    with pytest.raises(TimeTaken):
        book(pair, now)


def test_it_is_refused_where_a_chat_stands(pair: Pair, now: datetime) -> None:
    book(pair, now)
    with pytest.raises(BadInput) as refusal:
        offer(pair, now, TUESDAY_TEN - timedelta(minutes=15))
    assert refusal.value.field == "starts"


def test_called_off_only_those_are_told_who_were_written_to_and_could_still_come(
    pair: Pair, second: Pair, smtp: Sink, now: datetime
) -> None:
    resting, unread = (add_pair(now, State.WALKING, peer_id=pair.peer_id, name=name) for name in ("Sam", "Lou"))
    open_hour_id = offer(pair, now)
    for notice in rows([Kind.OPEN_HOUR]):
        if notice.person_id != unread.member_id:
            deliver(notice.id, now=now)
    with transaction() as session:
        session.get_one(Walk, resting.walk_id).state = State.RESTING
    services.call_off_hour(open_hour_id, pair.peer_id, key="", now=now)
    assert letters_owed(Kind.OPEN_HOUR, Kind.HOUR_OFF) == [
        (Kind.HOUR_OFF, pair.member_id),
        (Kind.HOUR_OFF, second.member_id),
    ]
    smtp.letters.clear()
    deliver_due(now)
    assert [(letter.to, letter.message["Subject"]) for letter in smtp.letters] == [
        (("ana@example.org",), "News on your page"),
        (("noor@example.org",), "News on your page"),
    ]


@pytest.mark.parametrize(
    ("called_off", "due"),  # the quiet hours in Berlin are over at eight UTC; the hour is nearer than half a day at one
    [(SIX - 21 * HOUR, SIX - 15 * HOUR), (SIX - HOUR, SIX - HOUR), (SIX + HOUR / 2, SIX + HOUR / 2)],
)
def test_that_it_is_off_waits_for_the_morning_unless_it_is_near(
    pair: Pair, now: datetime, called_off: datetime, due: datetime
) -> None:
    open_hour_id = offer(pair, now)
    deliver_due(now)
    services.call_off_hour(open_hour_id, pair.peer_id, key="", now=called_off)
    assert [row.due_at for row in rows([Kind.HOUR_OFF])] == [due]


def test_an_hour_that_ends_or_is_over_when_it_is_called_off_tells_nobody(pair: Pair, now: datetime) -> None:
    ended, over = offer(pair, now), offer(pair, now, SIX + 2 * HOUR)
    deliver_due(now)
    services.end_hour(ended, pair.peer_id, key="", now=SIX + HOUR / 2)
    services.call_off_hour(over, pair.peer_id, key="", now=SIX + 3 * HOUR)
    assert letters_owed(Kind.HOUR_OFF) == []


def test_the_word_that_it_is_off_does_not_come_when_the_hour_is_over_or_the_walk(
    pair: Pair, second: Pair, smtp: Sink, now: datetime
) -> None:
    open_hour_id = offer(pair, now)
    deliver_due(now)
    services.call_off_hour(open_hour_id, pair.peer_id, key="", now=now)
    smtp.letters.clear()
    with transaction() as session:
        walk = session.get_one(Walk, pair.walk_id)
        walk.state, walk.open = State.ENDED, False
    first, other = (row.id for row in rows([Kind.HOUR_OFF]))
    deliver(first, now=now)
    deliver(other, now=SIX + HOUR)
    assert smtp.letters == []


def test_taken_back_the_time_is_free_and_nothing_is_told(pair: Pair, now: datetime) -> None:
    open_hour_id = offer(pair, now, TUESDAY_TEN)
    services.call_off_hour(open_hour_id, pair.peer_id, key="", now=now)
    assert letters_owed(Kind.OPEN_HOUR) == []
    assert queries.hours_for(pair.member_id, now) == []
    assert book(pair, now)


@pytest.mark.parametrize(
    ("starts_at", "length", "field"),
    [
        (SIX - timedelta(days=3), HOUR, "starts"),
        (SIX + timedelta(days=90), HOUR, "day"),
        (SIX, timedelta(minutes=10), "ends"),
        (SIX, timedelta(hours=4), "ends"),
    ],
)
def test_an_hour_that_cannot_be_offered_says_why_at_its_field(
    pair: Pair, now: datetime, starts_at: datetime, length: timedelta, field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        offer(pair, now, starts_at, length)
    assert refusal.value.field == field


def test_nobody_goes_somewhere_to_find_a_queue(pair: Pair, now: datetime) -> None:
    with pytest.raises(BadInput) as refusal:
        services.offer_hour(pair.peer_id, SIX, SIX + HOUR, Format.COFFEE, "", key="", now=now)
    assert refusal.value.field == "way"


def test_first_come_in_turn(pair: Pair, second: Pair, now: datetime) -> None:
    open_hour_id = offer(pair, now)
    services.come(open_hour_id, second.member_id, key="", now=SIX)
    services.come(open_hour_id, pair.member_id, key="", now=SIX + timedelta(minutes=1))
    visits = queries.visits_of(open_hour_id)
    assert [before(person, visits) for person in (second.member_id, pair.member_id)] == [0, 1]
    services.call_next(open_hour_id, pair.peer_id, None, now=SIX + timedelta(minutes=2))
    assert turns(open_hour_id) == [(second.member_id, Turn.NOW), (pair.member_id, Turn.WAITING)]
    services.call_next(open_hour_id, pair.peer_id, second.member_id, now=SIX + timedelta(minutes=9))
    assert turns(open_hour_id) == [(second.member_id, Turn.OVER), (pair.member_id, Turn.NOW)]
    services.call_next(open_hour_id, pair.peer_id, pair.member_id, now=SIX + timedelta(minutes=20))
    assert {turn for _person, turn in turns(open_hour_id)} == {Turn.OVER}


def test_of_two_taps_on_next_the_second_is_told_and_skips_nobody(pair: Pair, second: Pair, now: datetime) -> None:
    open_hour_id = offer(pair, now)
    for minute, each in enumerate((pair, second)):
        services.come(open_hour_id, each.member_id, key="", now=SIX + timedelta(minutes=minute))
    services.call_next(open_hour_id, pair.peer_id, None, now=SIX + timedelta(minutes=2))
    with pytest.raises(Stale):
        services.call_next(open_hour_id, pair.peer_id, None, now=SIX + timedelta(minutes=2))
    assert turns(open_hour_id) == [(pair.member_id, Turn.NOW), (second.member_id, Turn.WAITING)]


def test_whoever_leaves_and_comes_again_comes_last(pair: Pair, second: Pair, now: datetime) -> None:
    open_hour_id = offer(pair, now)
    services.come(open_hour_id, pair.member_id, key="", now=SIX)
    services.come(open_hour_id, second.member_id, key="", now=SIX + timedelta(minutes=1))
    services.go_again(open_hour_id, pair.member_id, now=SIX + timedelta(minutes=2))
    assert turn_of(pair.member_id, queries.visits_of(open_hour_id)) is Turn.OVER
    services.come(open_hour_id, pair.member_id, key="", now=SIX + timedelta(minutes=3))
    assert turns(open_hour_id) == [(second.member_id, Turn.WAITING), (pair.member_id, Turn.WAITING)]


def test_one_can_come_only_while_it_is_on(pair: Pair, now: datetime) -> None:
    open_hour_id = offer(pair, now)
    for moment in (SIX - timedelta(minutes=1), SIX + HOUR):
        with pytest.raises(Stale):
            services.come(open_hour_id, pair.member_id, key="", now=moment)
    services.end_hour(open_hour_id, pair.peer_id, key="", now=SIX)
    with pytest.raises(Stale):
        services.come(open_hour_id, pair.member_id, key="", now=SIX)


def test_strangers_have_nothing_of_it(pair: Pair, now: datetime) -> None:
    open_hour_id = offer(pair, now)
    other = add_pair(now, State.WALKING, peer_id=add_peer(now, "Kim"), name="Sam")
    with pytest.raises(NotFound):
        services.come(open_hour_id, other.member_id, key="", now=SIX)
    with pytest.raises(NotFound):
        services.go_again(open_hour_id, other.member_id, now=SIX)
    with pytest.raises(NotFound):
        services.call_next(open_hour_id, other.peer_id, None, now=SIX)
    with pytest.raises(NotFound):
        services.end_hour(open_hour_id, other.peer_id, key="", now=SIX)


def test_the_clock_closes_what_is_over(pair: Pair, now: datetime) -> None:
    open_hour_id = offer(pair, now)
    assert services.close_past_hours(now=SIX + HOUR - timedelta(seconds=1)) == 0
    assert services.close_past_hours(now=SIX + HOUR) == 1
    with transaction() as session:
        assert session.get_one(OpenHour, open_hour_id).state is OpenHourState.OVER


def test_two_browsers_that_offer_the_same_time_get_one_hour(inside: Flask, pair: Pair, now: datetime) -> None:
    barrier, refused = Barrier(2), []

    def try_it(minutes: int) -> None:
        with inside.app_context():
            barrier.wait()
            try:
                offer(pair, now, SIX + timedelta(minutes=minutes))
            except BadInput as refusal:
                refused.append(refusal.field)

    threads = [Thread(target=try_it, args=(minutes,)) for minutes in (0, 30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["starts"]
    assert len(queries.own_hours(pair.peer_id, now)) == 1


def test_whoever_has_left_the_walk_is_neither_named_nor_called(pair: Pair, second: Pair, now: datetime) -> None:
    open_hour_id = offer(pair, now)
    for minute, each in enumerate((pair, second)):
        services.come(open_hour_id, each.member_id, key="", now=SIX + timedelta(minutes=minute))
    services.call_next(open_hour_id, pair.peer_id, None, now=SIX + timedelta(minutes=2))
    with transaction() as session:
        walk = session.get_one(Walk, pair.walk_id)
        walk.state, walk.open = State.CLOSED, False
    assert [guest.member_id for guest in queries.guests_of(open_hour_id)] == [second.member_id]
    services.call_next(open_hour_id, pair.peer_id, None, now=SIX + timedelta(minutes=3))
    assert turns(open_hour_id) == [(second.member_id, Turn.NOW)]
