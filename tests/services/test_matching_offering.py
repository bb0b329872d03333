"""Asking who offers, on both databases: peers who fit read it without a name, some offer, and the member picks."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.db import db, read, transaction
from portal.domain.account import Purpose
from portal.domain.errors import BadInput, NoRoom, NotFound, Stale
from portal.domain.experience import Readiness, Stage
from portal.domain.matching.walk import OfferAnswer, State
from portal.domain.notice import Kind, NoticeState
from portal.models import Apart, AuditEntry, Consent, MemberProfile, Notice, Offer, PeerProfile, Person, Suggestion
from portal.queries import matching as queries
from portal.queries.matching import OfferPlace
from portal.services import matching
from tests.matching_cast import (
    ALCOHOL,
    DEBT,
    LONELINESS,
    Hill,
    add_asker,
    add_hill,
    add_peer,
    asked,
    offering,
    owed,
    ranks,
    seats,
    steps_of,
    walk_row,
)
from tests.services.outbox import deliver_due

DAYS_3 = timedelta(days=3)


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


def asked_to_offer(walk_id: int) -> dict[int, OfferAnswer | None]:
    read().rollback()
    rows = read().execute(select(Offer.peer_id, Offer.answer).where(Offer.walk_id == walk_id))
    return dict(rows.all())


def told_of_offers(walk_id: int) -> list[tuple[datetime, NoticeState]]:
    read().rollback()
    rows = select(Notice.due_at, Notice.state).where(Notice.about == f"offers-{walk_id}").order_by(Notice.id)
    return [(due_at, state) for due_at, state in read().execute(rows)]


def offer(walk_id: int, peer_id: int, now: datetime) -> int:
    return matching.offer(walk_id, peer_id, key="", now=now)


def change_peer(peer_id: int, **values: object) -> None:
    with transaction() as session:
        profile = session.get_one(PeerProfile, peer_id)
        for name, value in values.items():
            setattr(profile, name, value)


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


MOVES_ON: dict[str, Callable[[Hill, int, datetime], object]] = {
    "stopped": lambda hill, walk, now: matching.stop(walk, hill.member, revision=None, key="", now=now),
    "taken back": lambda hill, walk, now: matching.choose_again(walk, hill.member, revision=None, key="", now=now),
    "chosen": lambda hill, walk, now: matching.rank(walk, hill.member, [hill.peers[0]], revision=None, key="", now=now),
    "over": lambda _hill, _walk, now: matching.close_offers(now=now + DAYS_3),
}


@pytest.mark.parametrize("how", MOVES_ON)
def test_an_asking_that_moved_on_is_gone_from_the_others_and_so_are_its_letters(
    hill: Hill, now: datetime, how: str
) -> None:
    walk_id = offering(hill, now)
    offer(walk_id, hill.peers[0], now)
    MOVES_ON[how](hill, walk_id, now)
    assert queries.offers_open_to(hill.peers[1], now) == ()
    assert Kind.OFFER_ASKED not in [kind for kind, _ in owed(walk_id)]
    with pytest.raises(Stale) as told:
        offer(walk_id, hill.peers[1], now)
    assert told.value.sentence.startswith("This has been settled")
    assert matching.leave_it(walk_id, hill.peers[1], key="", now=now) == walk_id


def test_asked_a_second_time_the_offers_that_stand_stay_and_who_said_not_now_is_left_in_peace(
    hill: Hill, now: datetime
) -> None:
    ben, cleo, dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, ben, now)
    matching.leave_it(walk_id, cleo, key="", now=now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)
    assert asked_to_offer(walk_id) == {ben: OfferAnswer.OFFER, cleo: OfferAnswer.NOT_NOW, dov: None}
    assert [card.peer_id for card in queries.cards(walk_id, hill.member, now)] == [ben]
    assert owed(walk_id) == [(Kind.OFFER_ASKED, dov)]


def test_an_offer_keeps_why_these_two(hill: Hill, now: datetime) -> None:
    walk_id = offering(hill, now)
    offer(walk_id, hill.peers[1], now + timedelta(hours=1))
    row = read().scalar(select(Suggestion).where(Suggestion.peer_id == hill.peers[1]))
    assert row is not None
    assert (row.offered_at, row.made_at, row.shown_at) == (now + timedelta(hours=1), now + timedelta(hours=1), None)


def test_the_coordinators_page_shows_who_has_offered_and_nobody_else(hill: Hill, now: datetime) -> None:
    walk_id = offering(hill, now)
    offer(walk_id, hill.peers[1], now)
    choice = queries.choice(walk_id, now)
    assert choice is not None
    assert [(why.name, why.offered_at) for why in choice.suggestions] == [("Cleo", now)]


def test_while_somebody_else_is_asked_an_offer_still_stands_and_can_be_taken_back(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, cleo, now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    matching.rank(walk_id, hill.member, [ben, cleo], revision=None, key="", now=now)
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    view = queries.offer_view(walk_id, cleo, now)
    assert view is not None
    assert view.place is OfferPlace.OFFERED
    assert [each.walk_id for each in queries.offers_made_by(cleo, now)] == [walk_id]
    matching.leave_it(walk_id, cleo, key="", now=now)
    matching.lapse_due(now=now + timedelta(hours=49))
    assert State.BOTH_YES not in {step.became for step in queries.history(walk_id)}


def test_an_offer_that_was_told_to_be_settled_is_no_yes_when_they_are_suggested_anew(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, ben, now)
    change_peer(ben, resting_since=now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    change_peer(ben, resting_since=None)
    matching.rank(walk_id, hill.member, [cleo], revision=None, key="", now=now)
    matching.swap(walk_id, hill.coordinator, cleo, ben, "So.", revision=None, key="", now=now)
    assert [card.offered for card in queries.cards(walk_id, hill.member, now) if card.peer_id == ben] == [False]
    matching.rank(walk_id, hill.member, [ben], revision=None, key="", now=now)
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    assert walk_row(walk_id).state is State.INVITED


def test_an_offer_is_no_yes_to_what_the_member_told_after_it(hill: Hill, now: datetime) -> None:
    ben, later = hill.peers[0], now + timedelta(hours=1)
    walk_id = offering(hill, now)
    offer(walk_id, ben, now)
    with transaction() as session:
        session.get_one(MemberProfile, hill.member).updated_at = later
    [card] = queries.cards(walk_id, hill.member, later)
    assert (card.offered, card.counts) == (True, False)
    matching.rank(walk_id, hill.member, [ben], revision=None, key="", now=later)
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=later)
    assert walk_row(walk_id).state is State.INVITED
    assert owed(walk_id) == [(Kind.ASKED_PEER, ben), (Kind.CHOICE_APPROVED, hill.member)]


def test_whoever_knows_only_the_tender_topic_reads_nothing_that_tells_of_it(hill: Hill, now: datetime) -> None:
    only = add_peer(now, "Only", topics=[ALCOHOL])
    neither = add_peer(now, "Neither", topics=[LONELINESS])
    walk_id = offering(hill, now)
    views = [queries.offer_view(walk_id, peer_id, now) for peer_id in (only, neither)]
    told = [view.asking for view in views if view is not None and view.asking is not None]
    assert [topic.slug for topic in told[0].topics] == []
    assert [topic.slug for topic in told[1].topics] == [LONELINESS]
    assert "something they live with" not in repr(told)
    assert "wished for" not in repr(told)


def test_asked_again_within_three_days_nobody_is_written_to_twice(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    for minutes in range(4):
        later = now + timedelta(minutes=minutes)
        matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=later)
        deliver_due(later)
        matching.choose_again(walk_id, hill.member, revision=None, key="", now=later)
    read().rollback()
    sent = select(Notice.person_id).where(Notice.kind == Kind.OFFER_ASKED, Notice.state == NoticeState.SENT)
    # The address of the first one takes no letters.
    assert list(read().scalars(sent.order_by(Notice.person_id))) == [*hill.peers[1:]]
    much_later = now + DAYS_3 + timedelta(minutes=5)
    matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=much_later)
    assert len(owed(walk_id)) == 3


def test_a_letter_that_never_left_is_no_reason_not_to_write(hill: Hill, now: datetime) -> None:
    walk_id = offering(hill, now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)
    assert owed(walk_id) == [(Kind.OFFER_ASKED, peer_id) for peer_id in hill.peers]


def test_whoever_is_not_asked_the_second_time_still_has_the_page_of_their_letter(hill: Hill, now: datetime) -> None:
    dov = hill.peers[2]
    walk_id = offering(hill, now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    change_peer(dov, resting_since=now)
    matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)
    assert dov in asked_to_offer(walk_id)
    assert queries.offer_view(walk_id, dov, now) is not None


def test_without_consent_nobody_is_asked_and_it_is_said_why(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    with transaction() as session:
        session.add(Consent(person_id=hill.member, purpose=Purpose.MATCHING, wording=1, given_at=now, withdrawn_at=now))
    with pytest.raises(BadInput) as told:
        matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)
    assert told.value.field == "consent"


def test_the_record_says_that_the_yes_was_taken_from_an_offer_and_that_one_was_taken_back(
    hill: Hill, now: datetime
) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = offering(hill, now)
    offer(walk_id, ben, now)
    offer(walk_id, cleo, now)
    matching.leave_it(walk_id, cleo, key="", now=now)
    matching.rank(walk_id, hill.member, [ben], revision=None, key="", now=now)
    matching.approve(walk_id, hill.coordinator, None, revision=None, key="", now=now)
    assert [each.reason for each in queries.history(walk_id)][-2:] == ["", "Taken from the offer they had made before."]
    read().rollback()
    verbs = list(read().execute(select(AuditEntry.verb, AuditEntry.actor_id).where(AuditEntry.subject_id == walk_id)))
    assert ("walk offer taken back", cleo) in verbs
    assert ("walk yes taken from an offer", None) in verbs


def test_whoever_stands_behind_the_cards_does_not_keep_new_ones_away(hill: Hill, now: datetime) -> None:
    walk_id = offering(hill, now)
    eve = add_peer(now, "Eve", stage=Stage.FINDING)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    matching.ask_who_offers(walk_id, hill.member, revision=None, key="", now=now)
    offer(walk_id, eve, now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    shown = [row.peer_id for row in queries.cards_of(walk_id, hill.member)]
    behind = ({*hill.peers, eve} - set(shown)).pop()
    for peer_id in shown:
        change_peer(peer_id, resting_since=now)
    add_peer(now, "Five")
    read().rollback()
    assert behind not in shown
    assert queries.nobody_fits(walk_row(walk_id), now)
    assert queries.worn_out(now) == [walk_id]


def test_many_askings_are_listed_with_no_more_questions_to_the_database_than_few(hill: Hill, now: datetime) -> None:
    ben = hill.peers[0]
    change_peer(ben, capacity_halves=30)
    counted: list[tuple[int, int]] = []
    for count in (2, 6):
        for number in range(count):
            walk_id = matching.ask(add_asker(now, f"M{count}{number}"), key="", now=now)
            matching.ask_who_offers(walk_id, walk_row(walk_id).member_id, revision=None, key="", now=now)
            if number % 2:
                offer(walk_id, ben, now)
        read().rollback()
        asked_for: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *told, seen=asked_for: seen.append(told[2]))
        listed = len(queries.offers_open_to(ben, now)) + len(queries.offers_made_by(ben, now))
        counted.append((listed, len(asked_for)))
    assert [listed for listed, _ in counted] == [2, 8]
    assert counted[0][1] == counted[1][1]
