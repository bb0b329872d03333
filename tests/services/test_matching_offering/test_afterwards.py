"""An asking that moved on, and one that is put again; on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from portal.db import db, read, transaction
from portal.domain.account import Purpose
from portal.domain.errors import BadInput, Stale
from portal.domain.experience import Stage
from portal.domain.matching.walk import OfferAnswer, State
from portal.domain.notice import Kind, NoticeState
from portal.models import AuditEntry, Consent, MemberProfile, Notice, Suggestion
from portal.queries import matching as queries
from portal.queries.matching import OfferPlace
from portal.services import matching
from tests.matching_cast import (
    ALCOHOL,
    LONELINESS,
    Hill,
    add_asker,
    add_peer,
    asked,
    offering,
    owed,
    walk_row,
)
from tests.services.outbox import deliver_due
from tests.services.test_matching_offering.cast import DAYS_3, asked_to_offer, change_peer, offer

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
