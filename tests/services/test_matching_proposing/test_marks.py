"""Pairs left out, pinned or forbidden, and what a coordinator saw that is older; on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.db import read
from portal.domain.errors import Stale
from portal.domain.matching.together import Fairness, Mark, PairState, ProposalState
from portal.domain.matching.walk import State
from portal.models import (
    PairMark,
    Proposal,
    ProposedPair,
)
from portal.queries import matching as queries
from portal.services.matching import proposing
from portal.services.matching.proposing import Published
from tests.matching_cast import (
    Hill,
    add_asker,
    asked,
    chosen,
    ranks,
    walk_row,
)
from tests.services.test_matching_proposing.cast import deeds, make, pairs, publish_all, stands


def test_a_pair_left_out_is_not_published(hill: Hill, now: datetime) -> None:
    walk_id = chosen(hill, now)
    make(hill, now)
    proposing.drop(pairs(now)["Ana"].id, hill.coordinator, now=now)
    assert publish_all(hill, now) == Published((), ())
    assert (walk_row(walk_id).state, pairs(now)["Ana"].state) == (State.CHOSEN, PairState.DROPPED)


def test_pins_are_kept_and_those_that_cannot_be_are_told(hill: Hill, now: datetime) -> None:
    ben, _cleo, dov = hill.peers
    asked(hill, now)
    ida = add_asker(now, "Ida")
    chosen(Hill(ida, hill.peers, hill.coordinator), now, [ben])
    proposing.pin(hill.member, dov, hill.coordinator, now=now)
    proposing.pin(ida, dov, hill.coordinator, now=now)
    make(hill, now)
    found = stands(now).found
    assert found is not None
    assert (pairs(now)["Ana"].peer_id, pairs(now)["Ana"].mark) == (dov, Mark.PIN)
    assert [(lost.member_id, lost.peer_id, lost.sentence) for lost in found.lost] == [
        (ida, dov, "The member chose others, and the choice is theirs.")
    ]
    assert pairs(now)["Ida"].peer_id == ben


def test_a_member_is_pinned_to_one_peer_at_a_time(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    for peer in hill.peers[:2]:
        proposing.pin(hill.member, peer, hill.coordinator, now=now)
    assert queries.pins() == [(hill.member, hill.peers[1])]


def test_a_forbidden_pair_stays_forbidden_until_it_is_taken_back(hill: Hill, now: datetime) -> None:
    ben, cleo, _dov = hill.peers
    walk_id = asked(hill, now)
    proposing.forbid(hill.member, ben, hill.coordinator, now=now)
    for _run in range(2):
        make(hill, now)
        assert pairs(now)["Ana"].peer_id == cleo
    publish_all(hill, now)
    assert ben not in {peer for peer, _rank in ranks(walk_id)}
    assert [one.mark for one in queries.marks()] == [Mark.FORBID]
    proposing.unmark(hill.member, ben, hill.coordinator, now=now)
    make(hill, now + timedelta(days=14))
    assert read().scalars(select(PairMark)).all() == []
    assert {"pair forbid", "pair unmark"} <= set(deeds())


def test_a_coordinator_who_saw_something_older_is_told(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    first = make(hill, now)
    seen = stands(now).revision
    proposing.drop(pairs(now)["Ana"].id, hill.coordinator, now=now)
    for revision in (None, seen, -1):
        with pytest.raises(Stale):
            proposing.propose(hill.coordinator, Fairness.CLOSEST, revision=revision, key="", now=now)
    assert stands(now).id == first


def test_running_again_closes_the_one_before(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    first, second = make(hill, now), make(hill, now, Fairness.CLOSEST)
    rows = read().execute(select(Proposal.id, Proposal.open, Proposal.state).order_by(Proposal.id)).all()
    assert [tuple(row) for row in rows] == [
        (first, False, ProposalState.CLOSED),
        (second, True, ProposalState.READY),
    ]
    old = read().scalar(select(ProposedPair.id).where(ProposedPair.proposal_id == first)) or 0
    with pytest.raises(Stale):
        proposing.publish(first, [old], hill.coordinator, key="", now=now)
    with pytest.raises(Stale):
        proposing.drop(old, hill.coordinator, now=now)
    assert queries.proposed_pair(old) is None


def test_of_a_closed_proposal_only_who_was_settled_stays(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    chosen(Hill(add_asker(now, "Ida"), hill.peers, hill.coordinator), now)
    make(hill, now)
    settled = pairs(now)["Ida"].id
    proposing.drop(settled, hill.coordinator, now=now)
    proposing.close(stands(now).id, hill.coordinator, now=now)
    rows = read().scalars(select(ProposedPair).order_by(ProposedPair.id)).all()
    assert [(row.id == settled, row.peer_id is None, row.was_peer_id is None, row.why) for row in rows] == [
        (False, True, True, None),
        (True, False, False, None),
    ]


def test_the_same_form_sent_twice_runs_once(hill: Hill, now: datetime) -> None:
    asked(hill, now)
    made = [proposing.propose(hill.coordinator, Fairness.CLOSEST, revision=None, key="k", now=now) for _tap in range(2)]
    assert made[0] == made[1]
    assert deeds().count("proposal make") == 1
