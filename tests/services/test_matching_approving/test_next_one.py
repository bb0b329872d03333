"""Not now, or silence: the next one is asked, and the place is kept; on both databases."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal.db import transaction
from portal.domain.account import Role
from portal.domain.errors import NotFound, Stale
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import PeerProfile
from portal.queries import matching as queries
from portal.services import matching
from tests.matching_cast import (
    Hill,
    add_asker,
    add_peer,
    invited,
    owed,
    ranks,
    seats,
    steps_of,
    walk_row,
)
from tests.services.outbox import add_person
from tests.services.test_matching_approving.cast import HOURS_48, PEERS


def test_not_now_asks_the_next_one_and_the_member_is_told_one_line(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = invited(hill, now)
    later = now + timedelta(hours=5)
    matching.not_now(walk_id, ben, revision=3, key="", now=later)
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, walk.answer_by) == (State.INVITED, cleo, later + HOURS_48)
    assert seats() == [(walk_id, cleo, 3)]
    assert owed(walk_id) == [(Kind.ASKED_PEER, cleo), (Kind.NEXT_ASKED, hill.member)]
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert view.line == "We are asking the next person now. There is nothing for you to do."
    assert queries.walk_for(ben, walk_id) is None


def test_the_next_one_who_has_no_room_is_passed_over(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = invited(hill, now)
    with transaction() as session:
        session.execute(update(PeerProfile).where(PeerProfile.person_id == cleo).values(capacity_halves=2))
    matching.not_now(walk_id, ben, revision=None, key="", now=now)
    assert walk_row(walk_id).peer_id == dov


def test_when_nobody_is_left_the_portal_looks_again_and_keeps_the_place(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = invited(hill, now, [ben])
    matching.not_now(walk_id, ben, revision=None, key="", now=now)
    assert steps_of(walk_id)[-3:] == ["not_now", "none_left", "shortlist"]
    assert ranks(walk_id) == [(cleo, None), (dov, None)]
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]
    assert walk_row(walk_id).asked_at == now


def test_with_nobody_else_at_all_the_walk_waits_and_the_peer_comes_back_after_two_weeks(
    inside: Flask, now: datetime
) -> None:
    hill = Hill(add_asker(now), (add_peer(now, "Ben"), 0, 0), add_person("Alice", now, Role.COORDINATOR))
    walk_id = invited(hill, now, [hill.peers[0]])
    matching.not_now(walk_id, hill.peers[0], revision=None, key="", now=now)
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert view.line.startswith("It takes longer than we said. Nobody who fits is free yet.")
    assert (view.state, seats(), owed(walk_id)) == (State.ASKED, [], [])
    assert matching.make_shortlists(now=now + timedelta(days=13)) == 0
    with transaction() as session:
        session.execute(update(PeerProfile).values(ready_at=now + timedelta(days=14)))
    assert matching.make_shortlists(now=now + timedelta(days=14)) == 1


def test_silence_of_48_hours_asks_the_next_one(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    assert matching.lapse_due(now=now + HOURS_48 - timedelta(seconds=1)) == 0
    assert matching.lapse_due(now=now + HOURS_48) == 1
    assert matching.lapse_due(now=now + HOURS_48) == 0
    assert walk_row(walk_id).peer_id == hill.peers[1]
    assert steps_of(walk_id)[-2:] == ["lapse", "ask_next"]


@pytest.mark.parametrize("verb", list(PEERS))
def test_a_peer_whose_time_has_passed_is_told_so(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = invited(hill, now)
    matching.lapse_due(now=now + HOURS_48)
    with pytest.raises(Stale):
        PEERS[verb](hill, walk_id, hill.peers[0], None, now + HOURS_48)
    assert walk_row(walk_id).state == State.INVITED


@pytest.mark.parametrize("verb", list(PEERS))
def test_a_peer_who_was_not_asked_learns_nothing(hill: Hill, now: datetime, verb: str) -> None:
    walk_id = invited(hill, now)
    for stranger in (hill.peers[1], hill.member, add_person("Eve", now)):
        with pytest.raises(NotFound):
            PEERS[verb](hill, walk_id, stranger, None, now)
    assert walk_row(walk_id).state == State.INVITED
