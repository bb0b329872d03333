"""Publishing asks, or puts a peer first on the cards, once and one by one; on both databases."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.experience import Readiness
from portal.domain.matching.together import PairState
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import (
    MemberProfile,
    PastSuggestion,
    PeerProfile,
)
from portal.queries import matching as queries
from portal.services import matching
from portal.services.matching import proposing
from portal.services.matching.everyone import everyone
from portal.services.matching.proposing import Published
from tests.matching_cast import (
    Hill,
    add_asker,
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
from tests.services.test_matching_proposing.cast import deeds, make, pairs, publish_all


def test_publishing_asks_the_peer_of_whoever_has_chosen(hill: Hill, now: datetime) -> None:
    _ben, cleo, dov = hill.peers
    walk_id = chosen(hill, now, [dov, cleo])
    make(hill, now)
    pair = pairs(now)["Ana"]
    assert pair.peer_id in (cleo, dov)
    assert publish_all(hill, now) == Published((pair.id,), ())
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, walk.coordinator_id) == (State.INVITED, pair.peer_id, hill.coordinator)
    assert (steps_of(walk_id)[-1], seats()) == ("approve", [(walk_id, pair.peer_id, 3)])
    assert owed(walk_id) == [(Kind.ASKED_PEER, pair.peer_id), (Kind.CHOICE_APPROVED, hill.member)]
    assert pairs(now)["Ana"].state is PairState.PUBLISHED
    assert "pair published" in deeds()


def test_publishing_puts_the_peer_first_on_new_cards_of_whoever_has_not_chosen(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = asked(hill, now)
    proposing.pin(hill.member, dov, hill.coordinator, now=now)
    make(hill, now)
    publish_all(hill, now)
    walk = walk_row(walk_id)
    assert (walk.state, walk.peer_id, seats()) == (State.SHORTLISTED, None, [])
    assert ranks(walk_id) == [(dov, None), (ben, None), (cleo, None)]
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]
    [last] = [one for one in queries.history(walk_id) if one.by]
    assert (last.step, last.by) == ("shortlist", "Alice")


def test_whoever_leaves_the_cards_unasked_may_come_again(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id, later = asked(hill, now), now + timedelta(hours=1)
    eve = add_peer(now, "Eve")
    proposing.pin(hill.member, eve, hill.coordinator, now=later)
    make(hill, later)
    publish_all(hill, later)
    assert ranks(walk_id) == [(eve, None), (ben, None), (cleo, None)]
    assert everyone(later).walks[0].without == frozenset()
    assert dov in {one.peer_id for one in queries.fitting(hill.member, later, without=[ben, cleo, eve])}
    assert queries.not_again(queries.suggestions_of(walk_id), later) == frozenset()


def test_whoever_stays_on_the_cards_stays_as_they_were_suggested(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id, later = asked(hill, now), now + timedelta(hours=1)
    proposing.pin(hill.member, dov, hill.coordinator, now=later)
    make(hill, later)
    publish_all(hill, later)
    made = {row.peer_id: row.made_at for row in queries.suggestions_of(walk_id)}
    assert made == {dov: later, ben: now, cleo: now}
    assert list(read().scalars(select(PastSuggestion.peer_id))) == [dov]


def test_publishing_gives_first_cards_to_whoever_had_none(inside: Flask, now: datetime) -> None:
    hill = Hill(add_asker(now), (0, 0, 0), add_person("Alice", now, Role.COORDINATOR))
    walk_id = asked(hill, now)
    ben, cleo = add_peer(now, "Ben"), add_peer(now, "Cleo", readiness=Readiness.LISTEN)
    make(hill, now)
    publish_all(hill, now)
    assert (walk_row(walk_id).state, ranks(walk_id)) == (State.SHORTLISTED, [(ben, None), (cleo, None)])
    assert owed(walk_id) == [(Kind.SHORTLIST_READY, hill.member)]


def test_whoever_has_that_card_first_already_hears_nothing_new(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    before = (walk_row(walk_id).revision, steps_of(walk_id))
    make(hill, now)
    publish_all(hill, now)
    assert (walk_row(walk_id).revision, steps_of(walk_id)) == before
    assert pairs(now)["Ana"].state is PairState.PUBLISHED


def test_publishing_by_the_same_form_twice_is_once(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    proposal_id = make(hill, now)
    pair_id = pairs(now)["Ana"].id
    for _tap in range(2):
        done = proposing.publish(proposal_id, [pair_id], hill.coordinator, key="k", now=now)
        assert done == Published((pair_id,), ())
    assert steps_of(walk_id).count("approve") == 1


def test_a_walk_that_has_moved_on_stays_as_it_is(hill: Hill, now: datetime) -> None:
    walk_id = asked(hill, now)
    proposal_id = make(hill, now)
    matching.rank(walk_id, hill.member, [hill.peers[2]], revision=None, key="", now=now)
    assert pairs(now)["Ana"].moved
    assert publish_all(hill, now) == Published((), ())
    done = proposing.publish(proposal_id, [pairs(now)["Ana"].id], hill.coordinator, key="", now=now)
    assert [one.sentence for one in done.moved_on] == ["The walk has moved on by itself since the proposal."]
    assert (pairs(now)["Ana"].state, pairs(now)["Ana"].said) == (PairState.OVERTAKEN, done.moved_on[0].sentence)
    assert (walk_row(walk_id).state, ranks(walk_id)[2]) == (State.CHOSEN, (hill.peers[2], 1))
    assert publish_all(hill, now) == Published((), ())


def test_a_peer_whose_room_went_is_told_and_the_others_go_on(hill: Hill, now: datetime) -> None:
    first = chosen(hill, now, [hill.peers[0], hill.peers[1]])
    second = asked(Hill(add_asker(now, "Ida"), hill.peers, hill.coordinator), now)
    proposing.pin(hill.member, hill.peers[0], hill.coordinator, now=now)
    make(hill, now)
    with transaction() as session:
        session.get_one(PeerProfile, hill.peers[0]).capacity_halves = 0
    found = pairs(now)
    done = publish_all(hill, now)
    assert found["Ana"].id in {one.pair_id for one in done.moved_on}
    assert (walk_row(first).state, seats()) == (State.CHOSEN, [])
    assert found["Ida"].id in {*done.pair_ids, *(one.pair_id for one in done.moved_on)}
    assert walk_row(second).state is State.SHORTLISTED


def test_one_that_cannot_be_read_does_not_keep_the_others(
    hill: Hill, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = chosen(hill, now), chosen(Hill(add_asker(now, "Ida"), hill.peers, hill.coordinator), now)
    make(hill, now)
    found = pairs(now)
    with transaction() as session:
        session.get_one(MemberProfile, hill.member).about = {"styles": ["nonsense"]}
    done = publish_all(hill, now)
    assert (done.pair_ids, [one.pair_id for one in done.moved_on]) == ((found["Ida"].id,), [found["Ana"].id])
    assert (walk_row(broken).state, walk_row(fine).state) == (State.CHOSEN, State.INVITED)
    assert pairs(now)["Ana"].state is PairState.PENDING
    assert [one.getMessage() for one in caplog.records] == [f"pair {found['Ana'].id}: ValueError"]
