"""A peer's room under pressure, on both databases: making it smaller throws nobody out and lets nobody new in."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.errors import NoRoom
from portal.domain.matching.walk import State
from portal.models import PeerProfile
from portal.services import experience, matching
from tests.matching_cast import add_asker, add_peer, seats, walk_row
from tests.races.test_matching import at_once
from tests.services.outbox import add_person

pytestmark = pytest.mark.parametrize("time", range(3))


def _chose(name: str, peer: int, now: datetime) -> int:
    member = add_asker(now, name)
    return matching.rank(matching.ask(member, key="", now=now), member, [peer], revision=None, key="", now=now)


def _room(peer: int) -> int:
    read().rollback()
    return read().get_one(PeerProfile, peer, populate_existing=True).capacity_halves


def test_lowering_while_somebody_is_approved_leaves_either_order_whole(app: Flask, now: datetime, time: int) -> None:
    with app.app_context():
        coordinator, peer = add_person("Alice", now, Role.COORDINATOR), add_peer(now, "Ben", capacity_halves=3)
        walk_id = _chose("Ana", peer, now)
    approved, lowered = at_once(
        app,
        lambda: matching.approve(walk_id, coordinator, None, revision=2, key=f"a{time}", now=now),
        lambda: experience.lower_capacity(peer, key=f"b{time}", now=now),
    )
    assert lowered == 3
    with app.app_context():
        assert _room(peer) == 1
        if approved == walk_id:  # the question was there first: it stays
            assert seats() == [(walk_id, peer, 3)]
        else:
            assert (type(approved), seats(), walk_row(walk_id).peer_id) == (NoRoom, [], None)


def test_two_approvals_and_a_lowering_never_pass_the_room_there_was(app: Flask, now: datetime, time: int) -> None:
    with app.app_context():
        coordinator, peer = add_person("Alice", now, Role.COORDINATOR), add_peer(now, "Ben", capacity_halves=6)
        walks = [_chose(name, peer, now) for name in ("Ana", "Ida")]
    found = at_once(
        app,
        *[
            lambda walk_id=walk_id: matching.approve(
                walk_id, coordinator, None, revision=2, key=f"{walk_id}-{time}", now=now
            )
            for walk_id in walks
        ],
        lambda: experience.lower_capacity(peer, key=f"b{time}", now=now),
    )
    taken = [one for one in found[:2] if isinstance(one, int)]
    assert [type(one) for one in found[:2] if not isinstance(one, int)] == [NoRoom] * (2 - len(taken))
    assert found[2] == 6
    with app.app_context():
        assert seats() == [(walk_id, peer, 3) for walk_id in sorted(taken)]
        assert len(taken) >= 1  # four half units are left: one new walk always fits


def test_a_room_made_smaller_than_its_walks_keeps_them_and_takes_no_other(app: Flask, now: datetime, time: int) -> None:
    with app.app_context():
        coordinator, peer = add_person("Alice", now, Role.COORDINATOR), add_peer(now, "Ben", capacity_halves=6)
        first, second = (_chose(name, peer, now) for name in ("Ana", "Ida"))
        matching.approve(first, coordinator, None, revision=2, key="", now=now)
        matching.say_yes(first, peer, revision=None, key="", now=now)
        for tap in range(3):
            experience.lower_capacity(peer, key=f"{tap}-{time}", now=now)
        assert (seats(), walk_row(first).state, _room(peer)) == ([(first, peer, 3)], State.BOTH_YES, 0)
        with pytest.raises(NoRoom):
            matching.approve(second, coordinator, None, revision=2, key="", now=now)
        assert seats() == [(first, peer, 3)]
        later = now + timedelta(weeks=4)  # growing lighter is no new seat: the database lets it pass
        assert matching.ease_seats(now=later) == 1
        assert seats() == [(first, peer, 2)]
        with transaction() as session:
            session.get_one(PeerProfile, peer).capacity_halves = 3
        assert seats() == [(first, peer, 2)]
