"""Who may run it, and a run that a worker does; on both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.db import db, read, transaction
from portal.domain.account import Role
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.matching.together import Fairness, PairState, ProposalState
from portal.models import (
    MemberProfile,
    Proposal,
    ProposedPair,
)
from portal.queries import matching as queries
from portal.services import matching
from portal.services.matching import proposing
from portal.services.matching.proposing import Published, opening
from tests.matching_cast import (
    Hill,
    add_asker,
    asked,
    chosen,
    ranks,
)
from tests.services.outbox import add_person
from tests.services.test_matching_proposing.cast import make, pairs, publish_all, stands


def test_only_coordinators_have_anything_to_do_with_it(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    proposal_id = make(hill, now)
    pair_id = pairs(now)["Ana"].id
    ben = hill.peers[0]
    for other in (hill.member, ben):
        for verb in (
            lambda who: proposing.propose(who, Fairness.CLOSEST, revision=None, key="", now=now),
            lambda who: proposing.publish(proposal_id, [pair_id], who, key="", now=now),
            lambda who: proposing.drop(pair_id, who, now=now),
            lambda who: proposing.pin(hill.member, ben, who, now=now),
            lambda who: proposing.forbid(hill.member, ben, who, now=now),
            lambda who: proposing.unmark(hill.member, ben, who, now=now),
            lambda who: proposing.close(proposal_id, who, now=now),
        ):
            with pytest.raises(NotAllowed):
                verb(other)
    assert (queries.marks(), pairs(now)["Ana"].state) == ((), PairState.PENDING)


def test_who_does_not_ask_or_does_not_offer_cannot_be_marked(hill: Hill, now: datetime) -> None:
    for member, peer in ((hill.member, hill.peers[0]), (hill.peers[0], hill.peers[1])):
        with pytest.raises(NotFound):
            proposing.pin(member, peer, hill.coordinator, now=now)
    asked(hill, now)
    with pytest.raises(NotFound):
        proposing.forbid(hill.member, hill.coordinator, hill.coordinator, now=now)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one who waits is too many to be worked out within a page."""
    monkeypatch.setattr(opening, "SMALL", 0)


def test_many_wait_for_a_worker_and_a_second_coordinator_joins(many: None, hill: Hill, now: datetime) -> None:
    asked(hill, now)
    waiting = make(hill, now)
    assert (stands(now).state, stands(now).unheard) == (ProposalState.WAITING, False)
    other = add_person("Olga", now, Role.COORDINATOR)
    assert proposing.propose(other, Fairness.CLOSEST, revision=None, key="", now=now) == waiting
    proposing.work(waiting, now=now)
    assert (stands(now).state, stands(now).fairness) == (ProposalState.READY, Fairness.NOBODY_OUT)
    proposing.work(waiting, now=now)
    assert len(pairs(now)) == 1


def test_a_run_whose_worker_went_silent_is_begun_again(many: None, hill: Hill, now: datetime) -> None:
    asked(hill, now)
    proposal_id = make(hill, now)
    with transaction() as session:
        run = session.get_one(Proposal, proposal_id)
        run.state, run.beat_at = ProposalState.RUNNING, now
    soon, later = now + timedelta(seconds=119), now + timedelta(minutes=2)
    assert (proposing.pick_up(now=soon), stands(soon).unheard) == (0, False)
    assert (stands(later).unheard, proposing.pick_up(now=later)) == (True, 1)
    assert stands(later).state is ProposalState.WAITING
    proposing.work(proposal_id, now=later)
    assert stands(later).state is ProposalState.READY


def test_what_nobody_has_begun_with_is_asked_for_again(many: None, hill: Hill, now: datetime) -> None:
    asked(hill, now)
    make(hill, now)
    later = now + timedelta(minutes=1)
    assert (proposing.pick_up(now=now), stands(later).unheard, proposing.pick_up(now=later)) == (0, True, 1)
    assert proposing.pick_up(now=later) == 0


def test_a_run_taken_away_writes_nothing(many: None, hill: Hill, now: datetime) -> None:
    asked(hill, now)
    proposal_id = make(hill, now)
    proposing.close(proposal_id, hill.coordinator, now=now)
    proposing.work(proposal_id, now=now)
    assert queries.proposal(now) is None
    assert read().scalars(select(ProposedPair)).all() == []


def test_a_fault_is_kept_calmly_and_can_be_run_again(
    many: None, hill: Hill, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    asked(hill, now)
    with transaction() as session:
        session.get_one(MemberProfile, hill.member).about = {"styles": ["nonsense"]}
    proposal_id = make(hill, now)
    proposing.work(proposal_id, now=now)
    assert stands(now).state is ProposalState.FAILED
    assert [one.getMessage() for one in caplog.records if "proposal" in one.getMessage()] == [
        f"proposal {proposal_id}: ValueError"
    ]
    with transaction() as session:
        session.get_one(MemberProfile, hill.member).about = {}
    proposing.work(make(hill, now), now=now)
    assert stands(now).state is ProposalState.READY


@pytest.fixture
def commits(inside: Flask) -> Iterator[list[str]]:
    """What begins and ends at the database, in order."""
    heard: list[str] = []
    listeners = [(name, lambda _connection, name=name: heard.append(name)) for name in ("begin", "commit", "rollback")]
    for name, listener in listeners:
        event.listen(db.engine, name, listener)
    yield heard
    for name, listener in listeners:
        event.remove(db.engine, name, listener)


def test_each_pair_is_published_in_a_transaction_of_its_own(hill: Hill, now: datetime, commits: list[str]) -> None:
    for name in ("Ida", "Jo", "Kit"):
        chosen(Hill(add_asker(now, name), hill.peers, hill.coordinator), now)
    make(hill, now)
    read().rollback()
    commits.clear()
    assert len(publish_all(hill, now).pair_ids) == 3
    assert commits.count("commit") == 3


def test_a_pair_of_another_proposal_is_not_there(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    proposal_id = make(hill, now)
    with pytest.raises(NotFound):
        proposing.publish(proposal_id, [999], hill.coordinator, key="", now=now)
    assert proposing.publish(proposal_id, [], hill.coordinator, key="", now=now) == Published((), ())


def test_whoever_has_offered_is_not_put_behind_somebody_who_has_not(hill: Hill, now: datetime) -> None:
    ben, cleo, dov = hill.peers
    walk_id = matching.ask_who_offers(asked(hill, now), hill.member, revision=None, key="", now=now)
    matching.offer(walk_id, cleo, key="", now=now)
    matching.choose_again(walk_id, hill.member, revision=None, key="", now=now)
    proposing.pin(hill.member, dov, hill.coordinator, now=now)
    make(hill, now)
    publish_all(hill, now)
    assert ranks(walk_id) == [(cleo, None), (dov, None), (ben, None)]
    assert [card.offered for card in queries.cards(walk_id, hill.member, now)] == [True, False, False]
