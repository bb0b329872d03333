"""Peers offer at the same instant, or while the member or a coordinator acts, on both databases: one thing stands."""

from datetime import datetime

import pytest
from flask import Flask

from portal.domain.errors import BadInput, Stale
from portal.domain.matching.walk import State
from portal.queries import matching as matching_queries
from portal.services import matching
from tests.matching_cast import add_hill, add_peer, offering, seats, walk_row
from tests.races.test_matching import at_once


@pytest.mark.parametrize("time", range(3))
def test_two_offers_for_the_third_place_at_once_one_of_them_stands(app: Flask, now: datetime, time: int) -> None:
    with app.app_context():
        hill = add_hill(now)
        late = add_peer(now, "Eve")
        walk_id = offering(hill, now)
        for peer_id in hill.peers[:2]:
            matching.offer(walk_id, peer_id, key="", now=now)
    found = at_once(
        app,
        lambda: matching.offer(walk_id, hill.peers[2], key=f"a{time}", now=now),
        lambda: matching.offer(walk_id, late, key=f"b{time}", now=now),
    )
    assert [type(one) for one in found if one != walk_id] == [Stale]
    with app.app_context():
        known = matching_queries.suggestions_of(walk_id)
        assert len(matching_queries.standing_offers(known, now)) == 3


def test_a_member_stops_while_a_peer_offers_and_nothing_comes_after(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill = add_hill(now)
        walk_id = offering(hill, now)
    stopped, offered = at_once(
        app,
        lambda: matching.stop(walk_id, hill.member, revision=2, key="", now=now),
        lambda: matching.offer(walk_id, hill.peers[0], key="", now=now),
    )
    assert stopped == walk_id
    assert offered == walk_id or type(offered) is Stale
    with app.app_context():
        assert walk_row(walk_id).state is State.CLOSED
        assert matching_queries.offers_made_by(hill.peers[0], now) == ()


def test_an_offer_taken_back_while_a_coordinator_agrees_one_of_them_stands(app: Flask, now: datetime) -> None:
    with app.app_context():
        hill = add_hill(now)
        walk_id = offering(hill, now)
        matching.offer(walk_id, hill.peers[0], key="", now=now)
        matching.rank(walk_id, hill.member, [hill.peers[0]], revision=None, key="", now=now)
    agreed, back = at_once(
        app,
        lambda: matching.approve(walk_id, hill.coordinator, None, revision=3, key="", now=now),
        lambda: matching.leave_it(walk_id, hill.peers[0], key="", now=now),
    )
    with app.app_context():
        if agreed == walk_id:
            assert (type(back), walk_row(walk_id).state) == (Stale, State.BOTH_YES)
        else:
            assert (back, type(agreed), walk_row(walk_id).state) == (walk_id, BadInput, State.CHOSEN)
            assert seats() == []
