"""Offers become cards, are closed, left or taken back; on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.db import transaction
from portal.domain.errors import NoRoom, Stale
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.walk import OfferAnswer, State
from portal.domain.notice import NoticeState
from portal.models import Apart, Person
from portal.queries import matching as queries
from portal.queries.matching import OfferPlace
from portal.services import matching
from tests.matching_cast import (
    Hill,
    add_peer,
    asked,
    offering,
    owed,
    walk_row,
)
from tests.services.outbox import deliver_due
from tests.services.test_matching_offering.cast import asked_to_offer, change_peer, offer, told_of_offers


def test_offers_become_cards_the_closest_first_and_the_member_hears_once_a_day(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, dov, now)
    offer(walk_id, ben, now)
    assert [card.peer_id for card in queries.cards(walk_id, hill.member, now)] == [ben, dov]
    assert asked_to_offer(walk_id) == {ben: OfferAnswer.OFFER, cleo: None, dov: OfferAnswer.OFFER}
    assert told_of_offers(walk_id) == [(now, NoticeState.DUE)]
    deliver_due(now)
    offer(walk_id, cleo, now + timedelta(hours=1))
    assert told_of_offers(walk_id) == [(now, NoticeState.SENT), (now + timedelta(days=1), NoticeState.DUE)]
    assert walk_row(walk_id).revision == 2


def test_a_letter_about_offers_the_member_has_seen_does_not_leave(hill: Hill, now: datetime) -> None:
    walk_id = offering(hill, now)
    offer(walk_id, hill.peers[0], now)
    matching.mark_shown(walk_id, hill.member, now=now)
    deliver_due(now)
    assert told_of_offers(walk_id) == [(now, NoticeState.VOID)]


def test_after_three_offers_the_asking_is_closed_for_the_others(hill: Hill, now: datetime) -> None:
    late = add_peer(now, "Late", stage=Stage.FINDING, readiness=Readiness.LISTEN)
    walk_id = offering(hill, now)
    for peer_id in hill.peers:
        offer(walk_id, peer_id, now)
    assert owed(walk_id) == []
    assert queries.offers_open_to(late, now) == ()
    view = queries.offer_view(walk_id, late, now)
    assert view is not None
    assert (view.place, view.asking) == (OfferPlace.ENOUGH, None)
    with pytest.raises(Stale) as told:
        offer(walk_id, late, now)
    assert told.value.sentence.startswith("Enough people have offered")


CANNOT: dict[str, Callable[[int, datetime], None]] = {
    "rests": lambda peer_id, now: change_peer(peer_id, resting_since=now),
    "has not said lately that they are ready": lambda peer_id, _now: change_peer(peer_id, ready_at=None),
    "has no room": lambda peer_id, _now: change_peer(peer_id, capacity_halves=2),
}


@pytest.mark.parametrize("why", CANNOT)
def test_a_peer_who_cannot_is_told_kindly_and_offers_nothing(hill: Hill, now: datetime, why: str) -> None:
    walk_id = offering(hill, now)
    CANNOT[why](hill.peers[0], now)
    assert queries.offers_open_to(hill.peers[0], now) == ()
    view = queries.offer_view(walk_id, hill.peers[0], now)
    with pytest.raises(NoRoom) as told:
        offer(walk_id, hill.peers[0], now)
    assert view is not None
    assert (view.place, view.cannot) == (OfferPlace.OPEN, told.value.sentence)
    assert queries.cards(walk_id, hill.member, now) == ()


def test_for_a_peer_who_is_kept_apart_by_now_it_is_simply_over(hill: Hill, now: datetime) -> None:
    walk_id = offering(hill, now)
    with transaction() as session:
        session.add(Apart(person_id=hill.member, email=session.get_one(Person, hill.peers[0]).email, at=now))
    assert queries.offers_open_to(hill.peers[0], now) == ()
    view = queries.offer_view(walk_id, hill.peers[0], now)
    assert view is not None
    assert (view.place, view.asking) == (OfferPlace.OVER, None)
    with pytest.raises(Stale):
        offer(walk_id, hill.peers[0], now)


def test_leaving_it_needs_no_reason_and_tells_nobody(hill: Hill, now: datetime) -> None:
    ben = hill.peers[0]
    walk_id = offering(hill, now)
    matching.leave_it(walk_id, ben, key="", now=now)
    assert (queries.offers_open_to(ben, now), queries.cards(walk_id, hill.member, now)) == ((), ())
    assert "leave" not in repr(queries.history(walk_id))
    offer(walk_id, ben, now)  # and a mind may change while it is open
    assert [card.peer_id for card in queries.cards(walk_id, hill.member, now)] == [ben]


def test_an_offer_can_be_taken_back_until_somebody_is_asked(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, ben, now)
    offer(walk_id, cleo, now)
    assert [view.walk_id for view in queries.offers_made_by(ben, now)] == [walk_id]
    matching.rank(walk_id, hill.member, [ben, cleo], revision=None, key="", now=now)
    matching.leave_it(walk_id, ben, key="", now=now)
    assert queries.offers_made_by(ben, now) == ()
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    assert (walk_row(walk_id).state, walk_row(walk_id).peer_id) == (State.BOTH_YES, cleo)
    with pytest.raises(Stale):
        matching.leave_it(walk_id, cleo, key="", now=now)


def test_with_an_offer_taken_back_a_card_from_before_it_stays(hill: Hill, now: datetime) -> None:
    ben = hill.peers[0]
    walk_id = offering(hill, now)
    offer(walk_id, ben, now + timedelta(hours=1))
    matching.leave_it(walk_id, ben, key="", now=now + timedelta(hours=2))
    assert queries.cards(walk_id, hill.member, now) == ()
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now + timedelta(hours=3))
    assert {card.peer_id: card.offered for card in queries.cards(walk_id, hill.member, now)}[ben] is False


def test_whoever_was_no_card_before_their_offer_leaves_with_it(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    eve = add_peer(now, "Eve", readiness=Readiness.LISTEN)
    matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)
    offer(walk_id, eve, now + timedelta(hours=1))
    matching.leave_it(walk_id, eve, key="", now=now + timedelta(hours=2))
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now + timedelta(hours=3))
    assert {card.peer_id for card in queries.cards(walk_id, hill.member, now)} == set(hill.peers)
