"""An offer is the yes of its peer: who is picked, and what stands when the days are over; on both databases."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.db import read
from portal.domain.errors import BadInput
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import PeerProfile
from portal.queries import matching as queries
from portal.services import matching
from tests.matching_cast import (
    Hill,
    add_asker,
    add_peer,
    offering,
    owed,
    ranks,
    seats,
    steps_of,
    walk_row,
)
from tests.services.test_matching_offering.cast import DAYS_3, change_peer, offer


def test_an_offer_is_the_peers_yes_when_a_coordinator_agrees(hill: Hill, now: datetime) -> None:
    ben = hill.peers[0]
    walk_id = offering(hill, now)
    offer(walk_id, ben, now)
    matching.rank(walk_id, hill.member, [ben], revision=2, key="", now=now)
    assert walk_row(walk_id).answer_by is None
    matching.approve(walk_id, hill.coordinator, None, revision=3, key="", now=now)
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, walk.answer_by) == (State.BOTH_YES, ben, None)
    assert steps_of(walk_id) == ["shortlist", "ask_who_offers", "rank", "approve", "yes"]
    assert owed(walk_id) == [(Kind.BOTH_YES, hill.member), (Kind.BOTH_YES, ben)]
    assert seats() == [(walk_id, ben, 3)]
    assert read().get_one(PeerProfile, ben).last_matched_at == now


def test_an_offer_of_more_than_fourteen_days_ago_counts_no_longer(hill: Hill, now: datetime) -> None:
    ben = hill.peers[0]
    walk_id = offering(hill, now)
    offer(walk_id, ben, now)
    matching.rank(walk_id, hill.member, [ben], revision=None, key="", now=now)
    late = now + timedelta(days=14, seconds=1)
    change_peer(ben, ready_at=late)
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=late)
    assert walk_row(walk_id).state is State.INVITED
    assert owed(walk_id) == [(Kind.ASKED_PEER, ben), (Kind.CHOICE_APPROVED, hill.member)]


def test_the_next_one_in_the_order_who_has_offered_is_not_asked_again(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, cleo, now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    matching.rank(walk_id, hill.member, [ben, cleo], revision=None, key="", now=now)
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    assert walk_row(walk_id).state is State.INVITED
    matching.not_now(walk_id, ben, revision=None, key="", now=now)
    assert (walk_row(walk_id).state, walk_row(walk_id).peer_id) == (State.BOTH_YES, cleo)


def test_only_who_offered_can_be_picked_while_the_asking_is_open(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, ben, now)
    with pytest.raises(BadInput):
        matching.rank(walk_id, hill.member, [cleo], revision=None, key="", now=now)


def test_back_to_the_cards_who_offered_stands_first(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, dov, now)
    matching.choose_again(walk_id, hill.member, revision=2, key="", now=now)
    walk = walk_row(walk_id)
    assert (walk.state, walk.answer_by) == (State.SHORTLISTED, None)
    assert ranks(walk_id) == [(dov, None), (ben, None), (cleo, None)]
    assert queries.offers_open_to(cleo, now) == ()
    assert [view.walk_id for view in queries.offers_made_by(dov, now)] == [walk_id]


def test_three_days_later_those_who_offered_stand_first(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, cleo, now)
    assert matching.close_offers(now=now + DAYS_3 - timedelta(seconds=1)) == 0
    assert matching.close_offers(now=now + DAYS_3) == 1
    assert walk_row(walk_id).state is State.SHORTLISTED
    assert [card.peer_id for card in queries.cards(walk_id, hill.member, now)] == [cleo, ben, dov]
    assert owed(walk_id) == []  # the letter about the offer has a reason of its own
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert view.line.startswith("The days for offers are over")


def test_three_days_later_without_an_offer_the_cards_are_there_again(hill: Hill, now: datetime) -> None:
    walk_id = offering(hill, now)
    assert matching.close_offers(now=now + DAYS_3) == 1
    assert len(queries.cards(walk_id, hill.member, now)) == 3
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]


def test_three_days_later_with_nobody_left_the_place_is_kept(inside: Flask, now: datetime) -> None:
    member, ben = add_asker(now, "Ida", times=["weekend_night"]), add_peer(now, "Ben")
    walk_id = matching.ask(member, key="", now=now)
    matching.ask_who_offers(walk_id, member, revision=None, key="", now=now)
    assert matching.close_offers(now=now + DAYS_3) == 1
    assert (walk_row(walk_id).state, walk_row(walk_id).answer_by) == (State.ASKED, None)
    assert steps_of(walk_id) == ["ask_who_offers", "none_left"]
    assert (queries.offers_open_to(ben, now), owed(walk_id)) == ((), [])


def test_taking_it_back_with_nobody_on_offer_leads_to_looking_on(inside: Flask, now: datetime) -> None:
    member = add_asker(now, "Ida", times=["weekend_night"])
    add_peer(now, "Ben")
    walk_id = matching.ask(member, key="", now=now)
    matching.ask_who_offers(walk_id, member, revision=None, key="", now=now)
    matching.choose_again(walk_id, member, revision=None, key="", now=now)
    assert (walk_row(walk_id).state, walk_row(walk_id).answer_by) == (State.ASKED, None)
