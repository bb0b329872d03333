"""Answers that meet in the same instant, on both databases: one of them holds, the others are told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.booking import BookingState, Meeting
from portal.domain.booking.rhythm import turns
from portal.domain.errors import Stale, TimeTaken
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.models import Booking, PeerProfile
from portal.queries.booking import earlier as queries
from portal.services import booking as services
from tests.booking_cast import TUESDAY_ELEVEN, TUESDAY_TEN, Pair, add_pair, add_peer, booking_row, hold_rows
from tests.races.verbs import at_once

ROUNDS = 3
DAY = timedelta(days=1)
ASKED, BOOKED, RELEASED, OFFERED = (
    BookingState.ASKED,
    BookingState.BOOKED,
    BookingState.RELEASED,
    BookingState.OFFERED,
)


@pytest.fixture
def peer_id(app: Flask, now: datetime) -> int:
    with app.app_context():
        return add_peer(now, says_yes_first=True, horizon_days=60)


def ask(app: Flask, pair: Pair, starts_at: datetime, now: datetime) -> int:
    with app.app_context():
        return services.ask(pair.walk_id, pair.member_id, starts_at, Format.PHONE, "", key="", now=now)


def states(app: Flask, *booking_ids: int) -> list[BookingState]:
    with app.app_context():
        return [booking_row(booking_id).state for booking_id in booking_ids]


def assert_holds_follow(app: Flask) -> None:
    """Only what is live holds time, and all of it does."""
    with app.app_context():
        with transaction() as session:
            live = {chat.id: chat.state in (ASKED, BOOKED, OFFERED) for chat in session.query(Booking)}
        assert {id_: {hold.active for hold in hold_rows(id_)} for id_ in live} == {
            id_: {on} for id_, on in live.items()
        }


def test_of_two_yeses_to_one_walk_one_holds(app: Flask, peer_id: int, now: datetime) -> None:
    for round_ in range(ROUNDS):
        with app.app_context():
            pair = add_pair(now, peer_id=peer_id, name=f"Ana{round_}")
        both = [ask(app, pair, TUESDAY_TEN + DAY * (round_ * 2 % 3), now), ask(app, pair, TUESDAY_ELEVEN, now)]
        refused = at_once(app, [lambda id_=id_: services.say_yes(id_, peer_id, key="", now=now) for id_ in both])  # type: ignore[misc]
        assert sorted(states(app, *both)) == [BOOKED, RELEASED]
        assert refused.count(None) == 1
        with app.app_context():
            booked = next(id_ for id_ in both if booking_row(id_).state is BOOKED)
            services.cancel(booked, peer_id, booking_row(booked).revision, key="", now=now)
    assert_holds_follow(app)


def test_two_questions_that_no_longer_fit_beside_each_other_are_never_both_booked(
    app: Flask, peer_id: int, now: datetime
) -> None:
    for round_ in range(ROUNDS):
        starts = TUESDAY_TEN + DAY * round_
        with app.app_context():
            pairs = [add_pair(now, peer_id=peer_id, name=f"Ana{round_}{each}") for each in range(2)]
            with transaction() as session:
                session.get_one(PeerProfile, peer_id).cap_per_day = 2
        both = [ask(app, pair, starts + timedelta(hours=each), now) for each, pair in enumerate(pairs)]
        with app.app_context(), transaction() as session:
            session.get_one(PeerProfile, peer_id).cap_per_day = 1
        at_once(app, [lambda id_=id_: services.say_yes(id_, peer_id, key="", now=now) for id_ in both])  # type: ignore[misc]
        assert sorted(states(app, *both)) == [BOOKED, RELEASED]
    assert_holds_follow(app)


def test_a_yes_and_a_taking_back_agree_on_what_became_of_it(app: Flask, peer_id: int, now: datetime) -> None:
    for round_ in range(ROUNDS):
        with app.app_context():
            pair = add_pair(now, peer_id=peer_id, name=f"Ana{round_}")
        asked = ask(app, pair, TUESDAY_TEN + DAY * round_, now)
        deeds: list[Callable[[], object]] = [
            lambda id_=asked: services.say_yes(id_, peer_id, key="", now=now),  # type: ignore[misc]
            lambda id_=asked, by=pair.member_id: services.take_back(id_, by, key="", now=now),  # type: ignore[misc]
        ]
        said_yes, took_back = at_once(app, deeds)
        (state,) = states(app, asked)
        assert (state, said_yes, took_back) in [(BOOKED, None, Stale), (RELEASED, Stale, None)]
    assert_holds_follow(app)


def test_a_rhythm_is_set_whole_or_not_at_all_while_somebody_books_one_of_its_times(app: Flask, now: datetime) -> None:
    with app.app_context():
        peer_id = add_peer(now, horizon_days=60)
    for round_ in range(ROUNDS):
        first = TUESDAY_TEN + timedelta(hours=round_ - 1)
        with app.app_context():
            ana = add_pair(now, State.WALKING, peer_id=peer_id, name=f"Ana{round_}")
            ben = add_pair(now, State.WALKING, peer_id=peer_id, name=f"Ben{round_}")
        starts = [turn.starts_at for turn in turns(first, "America/New_York", 1, 4)]
        once, meeting = {"key": "", "now": now}, Meeting(Format.PHONE)
        deeds: list[Callable[[], object]] = [
            partial(services.set_rhythm, ana.walk_id, ana.member_id, starts, 1, meeting, **once),  # type: ignore[arg-type]
            partial(services.book, ben.walk_id, ben.member_id, starts[2], Format.PHONE, "", **once),  # type: ignore[arg-type]
        ]
        refused = at_once(app, deeds)
        assert sorted(refused, key=str) == sorted([None, TimeTaken], key=str)
        with app.app_context(), transaction() as session:
            chats = session.query(Booking).filter_by(walk_id=ana.walk_id).count()
        assert chats == (4 if refused[0] is None else 0)
    assert_holds_follow(app)


def test_one_time_that_came_free_is_held_once_and_answered_once(app: Flask, now: datetime) -> None:
    with app.app_context():
        peer_id = add_peer(now, cap_per_day=1)
        noor = add_pair(now, peer_id=peer_id, name="Noor")
        gone = services.book(noor.walk_id, noor.member_id, TUESDAY_TEN, Format.PHONE, "", key="", now=now)
        waiting = []
        for each in range(2):
            pair = add_pair(now, peer_id=peer_id, name=f"Ana{each}")
            chat = services.book(
                pair.walk_id, pair.member_id, TUESDAY_TEN + DAY * (each + 1), Format.PHONE, "", key="", now=now
            )
            services.wish_earlier(pair.walk_id, pair.member_id, chat_id=chat, now=now + timedelta(seconds=each))
            waiting.append(pair)
        services.cancel(gone, noor.member_id, 0, key="", now=now)
    later = now + timedelta(minutes=11)
    at_once(app, [lambda: services.offer_earlier(now=later)] * 4)
    with app.app_context():
        held = [queries.held_for_walk(pair.walk_id) for pair in waiting]
    assert held[0] is not None
    assert held[1] is None
    after = later + timedelta(hours=2)
    deeds: list[Callable[[], object]] = [
        lambda: services.take(held[0] or 0, waiting[0].member_id, key="", now=later),
        lambda: services.no_thanks(held[0] or 0, waiting[0].member_id, key="", now=later),
        lambda: services.offer_earlier(now=after),
    ]
    at_once(app, deeds)
    with app.app_context(), transaction() as session:
        live = session.query(Booking).filter(Booking.state.in_((BOOKED, OFFERED)))
        on_tuesday = [chat.starts_at for chat in live if chat.starts_at < TUESDAY_TEN + timedelta(hours=3)]
    assert len(on_tuesday) <= 1
    assert_holds_follow(app)
