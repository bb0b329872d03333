"""Two a coordinator keeps apart: the card goes at once, so that nobody chooses or approves what cannot be."""

from datetime import datetime

import pytest
from flask import Flask

from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.services import matching
from portal.services.matching import proposing
from tests.matching_cast import Hill, add_hill, add_peer, asked, chosen, invited, owed, ranks, steps_of, walk_row


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


def forbid(hill: Hill, peer_id: int, now: datetime) -> None:
    proposing.forbid(hill.member, peer_id, hill.coordinator, now=now)


def test_the_card_goes_and_whoever_fits_takes_its_place(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = asked(hill, now)
    eve = add_peer(now, "Eve")
    forbid(hill, cleo, now)
    assert ranks(walk_id) == [(ben, None), (eve, None), (dov, None)]
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]
    assert walk_row(walk_id).state is State.SHORTLISTED


def test_the_card_goes_also_where_nobody_takes_its_place(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = asked(hill, now)
    forbid(hill, cleo, now)
    assert ranks(walk_id) == [(ben, None), (dov, None)]


def test_of_a_choice_the_others_stay_in_their_order(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = chosen(hill, now, [cleo, dov, ben])
    forbid(hill, cleo, now)
    assert sorted(ranks(walk_id)) == [(ben, 2), (dov, 1)]
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    assert walk_row(walk_id).peer_id == dov


def test_where_nobody_else_was_chosen_the_portal_looks_again_at_once(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now, [hill.peers[1]])
    add_peer(now, "Eve")
    forbid(hill, hill.peers[1], now)
    assert steps_of(walk_id)[-2:] == ["none_left", "shortlist"]
    assert hill.peers[1] not in dict(ranks(walk_id))


def test_a_question_that_was_put_already_is_left_as_it_is(hill: Hill, now: datetime) -> None:
    walk_id = invited(hill, now)
    forbid(hill, hill.peers[0], now)
    assert (walk_row(walk_id).state, walk_row(walk_id).peer_id) == (State.INVITED, hill.peers[0])
    forbid(hill, hill.peers[1], now)
    assert [peer_id for peer_id, rank in ranks(walk_id) if rank] == [hill.peers[0], hill.peers[2]]
