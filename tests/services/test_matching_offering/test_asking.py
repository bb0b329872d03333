"""A member asks who offers: whom, for how long, and what a peer reads of it; on both databases."""

from datetime import datetime

import pytest
from flask import Flask

from portal.db import transaction
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import Apart, Person
from portal.queries import matching as queries
from portal.queries.matching import OfferPlace
from portal.services import matching
from tests.matching_cast import (
    DEBT,
    Hill,
    add_asker,
    add_peer,
    asked,
    offering,
    owed,
    seats,
    walk_row,
)
from tests.services.test_matching_offering.cast import DAYS_3, asked_to_offer, offer


def test_asking_who_offers_asks_the_closest_peers_who_fit_for_three_days(hill: Hill, now: datetime) -> None:
    add_peer(now, "Elsewhere", topics=[DEBT])
    walk_id = offering(hill, now)
    walk = walk_row(walk_id)
    assert (walk.state, walk.answer_by, walk.peer_id) == (State.OFFERING, now + DAYS_3, None)
    assert asked_to_offer(walk_id) == dict.fromkeys(hill.peers)
    assert owed(walk_id) == [(Kind.OFFER_ASKED, peer_id) for peer_id in hill.peers]
    assert queries.cards(walk_id, hill.member, now) == ()
    assert seats() == []


def test_at_most_twelve_are_asked(hill: Hill, now: datetime) -> None:
    far = [add_peer(now, f"Peer{number}", stage=Stage.FINDING, readiness=Readiness.LISTEN) for number in range(12)]
    found = asked_to_offer(offering(hill, now))
    assert (len(found), set(hill.peers) <= found.keys(), far[-1] in found) == (12, True, False)


def test_whoever_is_kept_apart_or_lately_could_not_is_not_asked(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    with transaction() as session:
        session.add(Apart(person_id=hill.member, email=session.get_one(Person, ben).email, at=now))
    walk_id = asked(hill, now)
    matching.rank(walk_id, hill.member, [cleo], revision=None, key="", now=now)
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    matching.not_now(walk_id, cleo, revision=None, key="", now=now)
    matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)
    assert asked_to_offer(walk_id) == {dov: None}


def test_while_nobody_is_found_whoever_only_lacks_a_common_time_can_be_asked(inside: Flask, now: datetime) -> None:
    member = add_asker(now, "Ida", times=["weekend_night"])
    ben = add_peer(now, "Ben")
    walk_id = matching.ask(member, key="", now=now)
    assert walk_row(walk_id).state is State.ASKED
    matching.ask_who_offers(walk_id, member, revision=0, key="", now=now)
    assert asked_to_offer(walk_id) == {ben: None}
    offer(walk_id, ben, now)
    assert [card.peer_id for card in queries.cards(walk_id, member, now)] == [ben]


def test_where_there_is_nobody_to_ask_the_place_is_kept_and_it_is_said(inside: Flask, now: datetime) -> None:
    member = add_asker(now, "Ida")
    walk_id = matching.ask(member, key="", now=now)
    with pytest.raises(BadInput) as told:
        matching.ask_who_offers(walk_id, member, revision=None, key="", now=now)
    assert told.value.field == "nobody"
    assert walk_row(walk_id).state is State.ASKED


def test_only_the_member_asks_and_only_from_the_cards(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    with pytest.raises(NotFound):
        matching.ask_who_offers(walk_id, hill.peers[0], revision=None, key="", now=now)
    with pytest.raises(Stale):
        matching.ask_who_offers(walk_id, hill.member, revision=0, key="", now=now)
    for _tap in range(2):
        matching.ask_who_offers(walk_id, hill.member, revision=1, key="k", now=now)
    with pytest.raises(Stale):
        matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)


def test_a_peer_reads_no_name_and_no_tender_topic(hill: Hill, now: datetime) -> None:
    walk_id = offering(hill, now)
    [line] = queries.offers_open_to(hill.peers[0], now)
    view = queries.offer_view(walk_id, hill.peers[0], now)
    assert view is not None
    assert (view.walk_id, view.place, view.cannot) == (line.walk_id, OfferPlace.OPEN, None)
    assert view.asking is not None
    assert view.asking.topics == line.topics
    assert [(topic.name, topic.tender) for topic in view.asking.topics] == [("Loneliness", False)]
    assert "Ana" not in repr((view, line))
    assert queries.offer_view(walk_id, add_peer(now, "Stranger"), now) is None
    with pytest.raises(NotFound):
        offer(walk_id, hill.coordinator, now)
