"""The measures as they are counted, on both databases: each figure from rows whose answer is known by hand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.account import PeerState, Purpose, Role
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.kept import Promise
from portal.domain.matching.measures import Hidden, Middle, Share, Told
from portal.domain.matching.walk import State, Step
from portal.models import Booking, Consent, PeerProfile, Person, Seat, Walk, WalkStep
from portal.queries import measures as queries
from portal.services import matching
from tests.matching_cast import add_hill, add_peer, both_yes
from tests.queries.test_matching import queries_of
from tests.services.outbox import add_person, add_walk

DAY = timedelta(days=1)
NAMES = count(1)


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture
def ben(inside: Flask, now: datetime) -> int:
    return add_peer(now, "Ben", capacity_halves=16)


def add_member(now: datetime) -> int:
    return add_person(f"M{next(NAMES)}", now, Role.MEMBER)


def met(ben: int, now: datetime, asked: float, *chats: float, state: State = State.WALKING) -> int:
    """Add a walk asked for, and chats that happened, so many days ago."""
    walk_id = add_walk(add_member(now), ben, state, now - asked * DAY)
    with transaction() as session:
        walk = session.get_one(Walk, walk_id)
        walk.open = state not in (State.SOMEONE_ELSE, State.CLOSED, State.ENDED)
        for days in chats:
            add_chat(session, walk, now - days * DAY, BookingState.HAPPENED)
        add_chat(session, walk, now - asked * DAY, BookingState.CANCELLED)
    return walk_id


def took_back(person_id: int, now: datetime) -> Consent:
    return Consent(person_id=person_id, purpose=Purpose.MATCHING, wording=1, given_at=now - DAY, withdrawn_at=now)


def add_chat(session: Session, walk: Walk, starts_at: datetime, state: BookingState) -> None:
    session.add(
        Booking(
            walk_id=walk.id,
            member_id=walk.member_id,
            peer_id=walk.peer_id,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30),
            format=Format.PHONE,
            place="",
            state=state,
            booked_by=walk.member_id,
            created_at=starts_at,
        )
    )


def add_step(walk_id: int, step: Step, was: State, became: State, at: datetime) -> None:
    with transaction() as session:
        session.add(WalkStep(walk_id=walk_id, step=step, was=was, became=became, at=at))


def test_the_way_to_the_first_chat_and_to_the_second_is_counted_by_chats_that_happened(ben: int, now: datetime) -> None:
    for asked, first in ((10, 8), (9, 5), (12, 7), (20, 14), (29, 28)):
        met(ben, now, asked, first, first - 1)
    for _each in range(5):
        met(ben, now, 110, 100, 80)
        met(ben, now, 110, 95)
    found = queries.measures(now)
    assert found.to_first == Middle(4.0, 5)
    assert found.second == Share(Told.EXACT, 5, 10)
    assert found.since == now - 90 * DAY


def test_who_waits_is_counted_by_how_long_and_whoever_has_a_time_is_not(ben: int, now: datetime) -> None:
    for _each in range(5):
        add_walk(add_member(now), ben, State.CHOSEN, now - 2 * DAY)
        add_walk(add_member(now), ben, State.BOTH_YES, now - 20 * DAY)
        add_walk(add_member(now), ben, State.FIRST_COFFEE, now - 5 * DAY)
    for name in ("suspended", "taken back"):
        walk_id = add_walk(add_member(now), ben, State.CHOSEN, now - 2 * DAY)
        with transaction() as session:
            member_id = session.get_one(Walk, walk_id).member_id
            if name == "suspended":
                session.get_one(Person, member_id).suspended_at = now
            else:
                session.add(took_back(member_id, now))
    found = queries.measures(now)
    assert (found.waiting.cells, found.waiting.total, found.over_a_week) == ((0, 5, 0, 0, 5), 10, 5)


def test_peers_are_counted_by_the_room_they_use_and_whoever_rests_apart(inside: Flask, now: datetime) -> None:
    peers = [add_peer(now, f"P{number}") for number in range(12)]
    resting = [add_peer(now, f"R{number}") for number in range(5)]
    unready = [add_peer(now, f"U{number}") for number in range(6)]
    applied, suspended, away = (add_peer(now, name) for name in ("Eve", "Sam", "Tom"))
    with transaction() as session:
        session.get_one(Person, suspended).suspended_at = now
        session.add(took_back(away, now))
        for peer_id in unready:
            session.get_one(PeerProfile, peer_id).ready_at = now - 14.1 * DAY
        for peer_id in resting:
            session.get_one(PeerProfile, peer_id).resting_since = now
        session.get_one(PeerProfile, applied).state = PeerState.APPLIED
    for peer_id in peers[:5]:
        walk_id = add_walk(add_member(now), peer_id, State.WALKING, now)
        with transaction() as session:
            session.add(Seat(walk_id=walk_id, peer_id=peer_id, halves=3))
    found = queries.measures(now)
    assert (found.loads.cells, found.loads.total) == ((7, 5, 0, 0), 12)
    assert (found.resting, found.unready) == (5, 6)


def test_rematches_are_counted_of_the_matches_that_began_in_the_window(ben: int, now: datetime) -> None:
    for state, days in ((State.SOMEONE_ELSE, 9), (State.WALKING, 9), (State.SOMEONE_ELSE, 95)):
        for _each in range(5):
            walk_id = met(ben, now, 50, state=state)
            add_step(walk_id, Step.YES, State.INVITED, State.BOTH_YES, now - days * DAY)
    assert queries.measures(now).rematches == Share(Told.EXACT, 5, 10)


def test_promises_are_counted_from_the_steps_that_were_taken(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    walk_id = both_yes(hill, now)
    found = {one.promise: one for one in queries.promises_kept(now - 30 * DAY, now + 2.5 * DAY)}
    kept = {promise: one.kept for promise, one in found.items()}
    few, nobody = Share(Told.FEW_IN_ALL), Share(Told.NOBODY)
    # Ben said yes at the very moment he was asked, as by an offer: that is no answer to be waited for.
    assert [kept[promise] for promise in Promise] == [few, nobody, nobody, nobody, nobody]
    assert [(one.walk_id, one.name, one.at, one.run_out) for one in found[Promise.FIRST_CHAT].at_risk] == [
        (walk_id, "Ana", now + 3 * DAY, False)
    ]


def test_a_note_that_was_written_keeps_its_promise(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    walk_id = both_yes(hill, now)
    late = now + 3.5 * DAY

    def at_risk() -> list[int]:
        return [one.walk_id for one in queries.promises_kept(now, late)[list(Promise).index(Promise.NOTE)].at_risk]

    assert at_risk() == [walk_id]
    for _tap in range(2):
        matching.note_written(walk_id, hill.coordinator, key="k", now=now + 3 * DAY)
    assert (at_risk(), queries.last_note(walk_id)) == ([], now + 3 * DAY)


def test_looking_for_somebody_else_before_a_chat_is_one_wait_and_its_notes_go_along(
    inside: Flask, now: datetime
) -> None:
    hill = add_hill(now)
    walk_id = both_yes(hill, now)
    matching.note_written(walk_id, hill.coordinator, key="k", now=now + 3 * DAY)
    anew = matching.someone_else(walk_id, hill.member, revision=None, key="", now=now + 3.2 * DAY)
    matching.stop(anew, hill.member, revision=None, key="", now=now + 3.3 * DAY)
    first, second = queries.courses(now)
    assert (first.asked_at, second.asked_at) == (now, now)
    assert (first.opened_at, second.opened_at) == (now, now + 3.2 * DAY)
    assert (first.notes, second.notes) == ((now + 3 * DAY,), (now + 3 * DAY,))
    others = matching.ask(hill.member, key="", now=now + 5 * DAY)
    [_, _, third] = queries.courses(now)
    assert (third.walk_id, third.opened_at, third.notes) == (others, now + 5 * DAY, ())
    assert queries.last_note(others) is None


def test_a_note_is_that_of_its_own_walk(inside: Flask, now: datetime) -> None:
    hill = add_hill(now)
    walk_id = both_yes(hill, now)
    matching.note_written(walk_id, hill.coordinator, key="k", now=now + 3 * DAY)
    assert (queries.last_note(walk_id), queries.last_note(walk_id + 1)) == (now + 3 * DAY, None)


def test_the_measures_take_as_many_queries_for_many_as_for_one(ben: int, now: datetime) -> None:
    met(ben, now, 10, 8, 3)
    one = queries_of(lambda: queries.measures(now))
    for _each in range(4):
        met(ben, now, 10, 8, 3)
        add_walk(add_member(now), ben, State.CHOSEN, now - 2 * DAY)
    assert queries_of(lambda: queries.measures(now)) == one


def test_of_an_empty_house_nothing_is_told(inside: Flask, now: datetime) -> None:
    found = queries.measures(now)
    assert (found.to_first, found.second, found.rematches) == (Middle(None, 0), Share(Told.NOBODY), Share(Told.NOBODY))
    assert (found.waiting.total, found.loads.total, found.resting) == (0, 0, 0)
    assert Hidden.FEW not in found.waiting.cells
