"""Asking and choosing, on both databases: the shortlist at once, one open walk, the member's own order."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.db import read, transaction
from portal.domain.account import Purpose
from portal.domain.errors import BadInput, NoRoom, NotFound, Stale
from portal.domain.matching.explain import suggest
from portal.domain.matching.stored import from_json, to_json
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import AuditEntry, Consent, PeerProfile, Person, Suggestion
from portal.queries import matching as queries
from portal.queries.slots import common_openings
from portal.services import matching
from tests.matching_cast import (
    Hill,
    add_asker,
    add_hill,
    add_peer,
    asked,
    chosen,
    owed,
    ranks,
    seats,
    steps_of,
    walk_row,
)
from tests.services.outbox import add_person


@pytest.fixture
def hill(inside: Flask, now: datetime) -> Hill:
    return add_hill(now)


def test_who_asks_gets_the_three_who_fit_best_at_once_and_a_letter(hill: Hill, now: datetime) -> None:
    add_peer(now, "Elsewhere", topics=["debt"])
    walk_id = asked(hill, now)
    walk = walk_row(walk_id)
    assert (walk.state, walk.revision, walk.open, walk.asked_at) == (State.SHORTLISTED, 1, True, now)
    assert ranks(walk_id) == [(peer_id, None) for peer_id in hill.peers]
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]
    deeds = list(read().scalars(select(AuditEntry.verb).where(AuditEntry.subject == "walk").order_by(AuditEntry.id)))
    assert deeds == ["walk ask", "walk shortlist"]


def test_a_member_without_a_topic_is_told_what_is_missing(inside: Flask, now: datetime) -> None:
    with pytest.raises(BadInput) as refused:
        matching.ask(add_asker(now, topics=[]), key="", now=now)
    assert refused.value.field == "topics"


def test_a_member_who_took_back_their_agreement_is_not_matched(hill: Hill, now: datetime) -> None:
    with transaction() as session:
        session.add(Consent(person_id=hill.member, purpose=Purpose.MATCHING, wording=1, given_at=now, withdrawn_at=now))
    with pytest.raises(BadInput) as refused:
        asked(hill, now)
    assert refused.value.field == "consent"


def test_asking_again_leads_to_the_walk_that_is_open(hill: Hill, now: datetime) -> None:
    assert asked(hill, now) == asked(hill, now)
    assert queries.open_walk_of(hill.member) == queries.latest_walk_of(hill.member)


def test_where_nobody_fits_the_member_waits_and_the_clock_looks_again(inside: Flask, now: datetime) -> None:
    member = add_asker(now)
    walk_id = matching.ask(member, key="", now=now)
    assert (walk_row(walk_id).state, owed(walk_id)) == (State.ASKED, [])
    assert matching.make_shortlists(now=now) == 0
    add_peer(now, "Ben")
    assert matching.make_shortlists(now=now + timedelta(minutes=1)) == 1
    assert walk_row(walk_id).state == State.SHORTLISTED
    assert matching.make_shortlists(now=now + timedelta(minutes=2)) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"ready_at": None},
        {"resting_since": datetime.fromisoformat("2026-03-01T00:00:00+00:00")},
        {"agreed_at": None},
        {"capacity_halves": 2},
    ],
)
def test_a_peer_who_is_not_ready_is_not_suggested(hill: Hill, now: datetime, change: dict[str, object]) -> None:
    with transaction() as session:
        session.execute(update(PeerProfile).where(PeerProfile.person_id == hill.peers[0]).values(change))
    assert [peer_id for peer_id, _ in ranks(asked(hill, now))] == list(hill.peers[1:])


def test_nobody_is_suggested_to_themselves(inside: Flask, now: datetime) -> None:
    both = add_peer(now, "Ben")
    assert both in queries.member_value(both).apart


def test_a_stored_suggestion_can_be_worked_out_again(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    row = queries.suggestions_of(walk_id)[0]
    weights = queries.domain_weights()
    assert weights is not None
    peer = queries.peer_values([row.peer_id])[0]
    openings = common_openings(hill.member, [row.peer_id], now)[row.peer_id]
    again = suggest(queries.member_value(hill.member), peer, openings, weights, now)
    assert from_json(row.why) == again
    assert row.why == to_json(again)
    assert (from_json(row.why).score, row.weights_version) == (again.score, 1)
    assert replace(from_json(row.why), parts=()).score == 0


def test_the_member_ranks_those_she_would_like_and_leaves_out_others(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = chosen(hill, now, [dov, ben])
    assert ranks(walk_id) == [(ben, 2), (cleo, None), (dov, 1)]
    assert (walk_row(walk_id).state, owed(walk_id)) == (State.CHOSEN, [])
    assert [card.peer_id for card in queries.cards(walk_id, hill.member, now)] == [dov, ben, cleo]


@pytest.mark.parametrize("order", [[], [0], [1, 1], [1, 2, 3, 4]])
def test_an_order_that_is_none_is_refused_and_changes_nothing(hill: Hill, now: datetime, order: list[int]) -> None:
    walk_id = asked(hill, now)
    peers = {0: 999, 1: hill.peers[0], 2: hill.peers[1], 3: hill.peers[2], 4: 999}
    with pytest.raises(BadInput) as refused:
        matching.rank(walk_id, hill.member, [peers[one] for one in order], revision=None, key="", now=now)
    assert refused.value.field == "order"
    assert walk_row(walk_id).state == State.SHORTLISTED


def test_choose_with_me_leaves_the_order_open(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    matching.choose_with_me(walk_id, hill.member, revision=1, key="", now=now)
    assert walk_row(walk_id).choose_with_me is True
    assert ranks(walk_id) == [(peer_id, None) for peer_id in hill.peers]


def test_a_second_tap_of_the_same_form_does_nothing(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    for _tap in range(2):
        assert matching.rank(walk_id, hill.member, hill.peers, revision=1, key="k", now=now) == walk_id
    assert steps_of(walk_id) == ["shortlist", "rank"]


def test_a_choice_is_taken_back_until_somebody_is_asked(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    for _tap in range(2):
        assert matching.choose_again(walk_id, hill.member, revision=2, key="k", now=now) == walk_id
    walk = walk_row(walk_id)
    assert (walk.state, walk.revision, owed(walk_id)) == (State.SHORTLISTED, 3, [])
    assert ranks(walk_id) == [(peer_id, None) for peer_id in hill.peers]
    with pytest.raises(Stale):
        matching.approve(walk_id, hill.coordinator, None, revision=2, key="", now=now)
    matching.choose_with_me(walk_id, hill.member, revision=3, key="", now=now)
    matching.choose_again(walk_id, hill.member, revision=4, key="", now=now)
    assert walk_row(walk_id).choose_with_me is False
    matching.rank(walk_id, hill.member, [hill.peers[2]], revision=5, key="", now=now)
    matching.approve(walk_id, hill.coordinator, None, revision=6, key="", now=now)
    with pytest.raises(Stale):
        matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    with pytest.raises(NotFound):
        matching.choose_again(walk_id, hill.coordinator, revision=None, key="", now=now)
    assert steps_of(walk_id)[1:] == ["rank", "choose_again", "choose_with_me", "choose_again", "rank", "approve"]


def test_a_stale_screen_is_told_and_changes_nothing(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    with pytest.raises(Stale):
        matching.rank(walk_id, hill.member, hill.peers, revision=0, key="", now=now)
    assert steps_of(walk_id) == ["shortlist"]


def test_somebody_elses_walk_does_not_exist_for_a_stranger(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    with pytest.raises(NotFound):
        matching.rank(walk_id, add_asker(now, "Eve"), hill.peers, revision=None, key="", now=now)
    with pytest.raises(NotFound):
        matching.choose_with_me(walk_id + 99, hill.member, revision=None, key="", now=now)


def test_when_a_card_was_first_seen_is_kept(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    matching.mark_shown(walk_id, add_person("Eve", now), now=now)
    assert set(read().scalars(select(Suggestion.shown_at))) == {None}
    matching.mark_shown(walk_id, hill.member, now=now + timedelta(hours=1))
    matching.mark_shown(walk_id, hill.member, now=now + timedelta(hours=2))
    assert set(read().scalars(select(Suggestion.shown_at))) == {now + timedelta(hours=1)}


def test_a_suspended_members_walk_gets_no_shortlist(inside: Flask, now: datetime) -> None:
    member = add_asker(now)
    walk_id = matching.ask(member, key="", now=now)
    add_peer(now, "Ben")
    with transaction() as session:
        session.get_one(Person, member).suspended_at = now
    assert matching.make_shortlists(now=now) == 0
    assert walk_row(walk_id).state == State.ASKED


def _rest(now: datetime, *peer_ids: int) -> None:
    with transaction() as session:
        session.execute(update(PeerProfile).where(PeerProfile.person_id.in_(peer_ids)).values(resting_since=now))


@pytest.mark.parametrize("with_me", [False, True])
def test_a_choice_nobody_of_whom_fits_any_more_becomes_a_new_shortlist_in_the_same_place(
    hill: Hill, now: datetime, with_me: bool
) -> None:
    walk_id = asked(hill, now)
    if with_me:
        matching.choose_with_me(walk_id, hill.member, revision=None, key="", now=now)
    else:
        matching.rank(walk_id, hill.member, hill.peers[:2], revision=None, key="", now=now)
    _rest(now, *hill.peers[1:])
    later = now + timedelta(days=1)
    assert matching.make_shortlists(now=later) == 0
    _rest(now, *hill.peers)
    fresh = add_peer(now, "Eli")
    assert matching.make_shortlists(now=later) == 1
    walk = walk_row(walk_id)
    assert (walk.state, walk.asked_at, walk.choose_with_me) == (State.SHORTLISTED, now, False)
    assert steps_of(walk_id)[-2:] == ["none_left", "shortlist"]
    assert (ranks(walk_id), owed(walk_id)) == ([(fresh, None)], [(Kind.SHORTLIST_READY, hill.member)])
    assert matching.make_shortlists(now=later) == 0


def test_a_choice_nobody_of_whom_fits_waits_where_there_is_nobody_else(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    _rest(now, *hill.peers)
    assert matching.make_shortlists(now=now) == 1
    view = queries.walk_for(hill.member, walk_id)
    assert view is not None
    assert view.line.startswith("It takes longer than we said. Nobody who fits is free yet.")
    assert (view.state, owed(walk_id)) == (State.ASKED, [])
    fresh = add_peer(now, "Eli")
    assert matching.make_shortlists(now=now) == 1
    assert ranks(walk_id) == [(fresh, None)]


def test_approving_where_nobody_chosen_fits_says_so_and_looks_again(hill: Hill, now: datetime) -> None:
    coordinator = hill.coordinator
    walk_id = chosen(hill, now)
    _rest(now, *hill.peers)
    fresh = add_peer(now, "Eli")
    with pytest.raises(NoRoom) as told:
        matching.approve(walk_id, coordinator, None, revision=None, key="", now=now)
    assert "looked again" in told.value.sentence
    assert (walk_row(walk_id).state, ranks(walk_id), seats()) == (State.SHORTLISTED, [(fresh, None)], [])
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]


def test_a_shortlist_nobody_of_whom_fits_is_renewed_and_one_with_somebody_is_left(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    _rest(now, *hill.peers[1:])
    fresh = add_peer(now, "Eli")
    assert matching.make_shortlists(now=now) == 0
    _rest(now, *hill.peers)
    assert matching.make_shortlists(now=now) == 1
    assert (steps_of(walk_id), ranks(walk_id)) == (["shortlist", "shortlist"], [(fresh, None)])
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]


def test_a_held_choice_is_left_to_its_coordinator_until_it_is_taken_up_again(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    matching.hold(walk_id, hill.coordinator, "A day more.", revision=None, key="", now=now)
    _rest(now, *hill.peers)
    assert (matching.make_shortlists(now=now), walk_row(walk_id).state) == (0, State.HELD)
    matching.release(walk_id, hill.coordinator, "", revision=None, key="", now=now)
    assert (matching.make_shortlists(now=now), walk_row(walk_id).state) == (1, State.ASKED)
