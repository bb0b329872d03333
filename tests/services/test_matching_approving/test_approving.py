"""A coordinator approves, holds or swaps; the peer the member put first is asked; on both databases."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from portal.db import db, read, transaction
from portal.domain.account import Role
from portal.domain.errors import BadInput, NoRoom
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import AuditEntry, PeerProfile, Walk
from portal.queries import matching as queries
from portal.services import matching
from portal.services.matching.seats import took_seat
from tests.matching_cast import (
    Hill,
    add_asker,
    add_peer,
    asked,
    chosen,
    invited,
    owed,
    ranks,
    seats,
    steps_of,
    walk_row,
)
from tests.services.outbox import add_person
from tests.services.test_matching_approving.cast import HOURS_48


def test_one_tap_asks_the_peer_the_member_put_first(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = invited(hill, now, [cleo, ben])
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, walk.coordinator_id) == (State.INVITED, cleo, hill.coordinator)
    assert (walk.answer_by, walk.choice_approved) == (now + HOURS_48, True)
    assert seats() == [(walk_id, cleo, 3)]
    assert owed(walk_id) == [(Kind.ASKED_PEER, cleo), (Kind.CHOICE_APPROVED, hill.member)]
    deed = read().scalar(select(AuditEntry).where(AuditEntry.verb == "walk approve"))
    assert deed is not None
    assert (deed.actor_id, deed.subject_id) == (hill.coordinator, walk_id)


def test_choosing_with_the_member_the_coordinator_picks_and_the_others_follow(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = asked(hill, now)
    matching.choose_with_me(walk_id, hill.member, revision=None, key="", now=now)
    matching.approve(walk_id, hill.coordinator, cleo, revision=2, key="", now=now)
    assert walk_row(walk_id).peer_id == cleo
    assert ranks(walk_id) == [(ben, 2), (cleo, 1), (dov, 3)]


def test_a_peer_the_member_left_out_is_not_approved_for_her(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now, [hill.peers[0]])
    with pytest.raises(BadInput) as refused:
        matching.approve(walk_id, hill.coordinator, hill.peers[1], revision=None, key="", now=now)
    assert refused.value.field == "peer"


def test_a_peer_who_rests_by_now_is_not_asked(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    with transaction() as session:
        session.execute(update(PeerProfile).where(PeerProfile.person_id == hill.peers[0]).values(resting_since=now))
    with pytest.raises(NoRoom):
        matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    assert (walk_row(walk_id).state, seats()) == (State.CHOSEN, [])


def test_the_last_room_is_given_once(inside: Flask, now: datetime) -> None:
    coordinator = add_person("Alice", now, Role.COORDINATOR)
    ben = add_peer(now, "Ben", capacity_halves=5)
    walks = []
    for name in ("Ana", "Ida"):
        member = add_asker(now, name)
        walk_id = matching.ask(member, key="", now=now)
        walks.append(matching.rank(walk_id, member, [ben], revision=None, key="", now=now))
    matching.approve(walks[0], coordinator, None, revision=None, key="", now=now)
    with pytest.raises(NoRoom):
        matching.approve(walks[1], coordinator, None, revision=None, key="", now=now)
    assert seats() == [(walks[0], ben, 3)]


def test_it_is_the_database_that_refuses_the_seat_too_many_and_the_verb_goes_on(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    with transaction() as session:
        session.execute(update(PeerProfile).where(PeerProfile.person_id == hill.peers[0]).values(capacity_halves=2))
        walk = session.get_one(Walk, walk_id)
        assert took_seat(session, walk, hill.peers[0]) is False
        assert took_seat(session, walk, hill.peers[1]) is True
    assert seats() == [(walk_id, hill.peers[1], 3)]


def test_a_hold_tells_the_member_why_in_words_the_database_cannot_read(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    matching.hold(walk_id, hill.coordinator, "  Ben moves house this week. ", revision=2, key="", now=now)
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert (view.state, view.reason) == (State.HELD, "Ben moves house this week.")
    assert owed(walk_id) == [(Kind.WALK_HELD, hill.member)]
    stored = db.session.execute(text("SELECT reason FROM walk_step ORDER BY id DESC LIMIT 1")).scalar_one()
    assert "house" not in stored


def test_a_released_hold_can_be_approved_again(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    matching.hold(walk_id, hill.coordinator, "A day more.", revision=None, key="", now=now)
    matching.release(walk_id, hill.coordinator, "", revision=None, key="", now=now)
    assert owed(walk_id) == []
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    assert steps_of(walk_id) == ["shortlist", "rank", "hold", "release", "approve"]


def test_holding_a_question_takes_it_back_from_the_peer(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    matching.hold(walk_id, hill.coordinator, "A day more.", revision=None, key="", now=now)
    walk = walk_row(walk_id)
    assert (walk.peer_id, walk.answer_by, walk.choice_approved, seats()) == (None, None, False, [])
    assert queries.asked_of(hill.peers[0], now) == ()
    assert owed(walk_id) == [(Kind.WALK_HELD, hill.member)]


@pytest.mark.parametrize("words", ["", "   ", "a" * 501])
def test_a_reason_is_needed_and_short(hill: Hill, now: datetime, words: str) -> None:
    walk_id = chosen(hill, now)
    with pytest.raises(BadInput) as refused:
        matching.hold(walk_id, hill.coordinator, words, revision=None, key="", now=now)
    assert refused.value.field == "reason"


def test_a_swap_offers_somebody_else_and_the_member_chooses_again(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    eve = add_peer(now, "Eve", stage=Stage.FINDING, readiness=Readiness.LISTEN)
    walk_id = chosen(hill, now)
    matching.swap(walk_id, hill.coordinator, ben, eve, "Ben is away.", revision=2, key="", now=now)
    assert walk_row(walk_id).state == State.SHORTLISTED
    assert ranks(walk_id) == [(eve, None), (cleo, None), (dov, None)]
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert view.reason == "Ben is away."
    assert owed(walk_id) == [(Kind.SWAPPED, hill.member)]


def test_a_swap_needs_somebody_who_fits(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    elsewhere = add_peer(now, "Elsewhere", topics=["debt"])
    with pytest.raises(NoRoom):
        matching.swap(walk_id, hill.coordinator, hill.peers[0], elsewhere, "Why.", revision=None, key="", now=now)
    with pytest.raises(BadInput):
        matching.swap(walk_id, hill.coordinator, elsewhere, hill.peers[0], "Why.", revision=None, key="", now=now)
    with pytest.raises(BadInput):
        matching.swap(walk_id, hill.coordinator, hill.peers[0], hill.peers[0], "Why.", revision=None, key="", now=now)
    assert walk_row(walk_id).state == State.CHOSEN
