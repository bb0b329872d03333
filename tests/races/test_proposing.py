"""Two coordinators with one proposal at the same instant, on both databases: each pair is published once, or told."""

from datetime import datetime

import pytest
from flask import Flask

from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.errors import NoRoom, Stale
from portal.domain.matching.together import Fairness, PairState, ProposalState
from portal.domain.matching.walk import State
from portal.models import Proposal
from portal.queries import matching as queries
from portal.services import matching
from portal.services.matching import proposing
from portal.services.matching.proposing import Published
from tests.matching_cast import Hill, add_asker, add_hill, add_peer, asked, chosen, seats, steps_of, walk_row
from tests.races.test_matching import at_once
from tests.services.outbox import add_person

NAMES = ("Ana", "Ida", "Jo", "Kit", "Lou")


@pytest.fixture
def hill(app: Flask, now: datetime) -> Hill:
    with app.app_context():
        return add_hill(now)


@pytest.fixture
def olga(app: Flask, now: datetime) -> int:
    """A second coordinator."""
    with app.app_context():
        return add_person("Olga", now, Role.COORDINATOR)


def five_chose(hill: Hill, now: datetime) -> list[int]:
    """Five have chosen, each all three."""
    more = [add_asker(now, name) for name in NAMES[1:]]
    return [chosen(Hill(member, hill.peers, hill.coordinator), now) for member in (hill.member, *more)]


def make(hill: Hill, now: datetime) -> int:
    return proposing.propose(hill.coordinator, Fairness.NOBODY_OUT, revision=None, key="", now=now)


@pytest.mark.parametrize("time", range(3))
def test_both_publish_everything_and_each_pair_is_published_once(
    app: Flask, now: datetime, hill: Hill, olga: int, time: int
) -> None:
    with app.app_context():
        walks = five_chose(hill, now)
        proposal_id = make(hill, now)
        pending = queries.pending_pairs(proposal_id)
        read().rollback()
    found = at_once(
        app,
        *(
            lambda who=who: proposing.publish(proposal_id, None, who, key=f"k{who}-{time}", now=now)
            for who in (hill.coordinator, olga)
        ),
    )
    done = [one for one in found if isinstance(one, Published)]
    assert len(done) == 2, found
    published = [pair_id for one in done for pair_id in one.pair_ids]
    assert (sorted(published), len(pending)) == (pending, 5)
    told = {one.sentence for each in done for one in each.moved_on}
    assert told <= {"This one is settled already."}
    with app.app_context():
        assert [steps_of(walk_id).count("approve") for walk_id in walks] == [1] * 5
        assert [walk_row(walk_id).state for walk_id in walks] == [State.INVITED] * 5
        assert len(seats()) == 5


def test_one_publishes_while_the_other_approves_on_the_board(app: Flask, now: datetime, hill: Hill, olga: int) -> None:
    with app.app_context():
        walk_id = chosen(hill, now)
        proposal_id = make(hill, now)
        seen = walk_row(walk_id).revision
        read().rollback()
    published, approved = at_once(
        app,
        lambda: proposing.publish(proposal_id, None, hill.coordinator, key="", now=now),
        lambda: matching.approve(walk_id, olga, hill.peers[1], revision=seen, key="", now=now),
    )
    assert isinstance(published, Published)
    with app.app_context():
        assert steps_of(walk_id).count("approve") == 1
        if published.pair_ids:
            assert type(approved) is Stale
        else:
            assert [one.sentence for one in published.moved_on] == [
                "The walk has moved on by itself since the proposal."
            ]
            assert (approved, walk_row(walk_id).peer_id) == (walk_id, hill.peers[1])
        assert len(seats()) == 1


def test_the_last_room_goes_to_one_of_a_published_pair_and_an_approval(
    app: Flask, now: datetime, hill: Hill, olga: int
) -> None:
    with app.app_context():
        ben = add_peer(now, "Bo", capacity_halves=3)
        first, second = (_chose(name, ben, now) for name in ("One", "Two"))
        proposal_id = make(hill, now)
        [pair_id] = queries.pending_pairs(proposal_id)
        read().rollback()
    published, approved = at_once(
        app,
        lambda: proposing.publish(proposal_id, [pair_id], hill.coordinator, key="", now=now),
        lambda: matching.approve(second, olga, None, revision=None, key="", now=now),
    )
    assert isinstance(published, Published)
    with app.app_context():
        assert len(seats()) == 1
        # Whoever the proposal placed: either it was published, or it was told why not.
        assert len(published.pair_ids) + len(published.moved_on) == 1
        assert isinstance(approved, int | NoRoom | Stale)
        assert [walk_row(walk_id).state for walk_id in (first, second)].count(State.INVITED) == 1


def _chose(name: str, peer: int, now: datetime) -> int:
    member = add_asker(now, name)
    walk_id = matching.ask(member, key="", now=now)
    return matching.rank(walk_id, member, [peer], revision=None, key="", now=now)


def test_two_who_ask_at_once_get_the_same_run(app: Flask, now: datetime, hill: Hill, olga: int) -> None:
    with app.app_context():
        asked(hill, now)
        read().rollback()
    found = at_once(
        app,
        *(
            lambda who=who: proposing.propose(who, Fairness.NOBODY_OUT, revision=None, key="", now=now)
            for who in (hill.coordinator, olga)
        ),
    )
    stood = {one for one in found if isinstance(one, int)}
    assert len(stood) == 1, found
    assert all(isinstance(one, int | Stale) for one in found)
    with app.app_context():
        proposal = queries.proposal(now)
        assert proposal is not None
        assert (proposal.id, proposal.state) == (stood.pop(), ProposalState.READY)


def test_two_workers_at_one_run_write_it_once(app: Flask, now: datetime, hill: Hill) -> None:
    with app.app_context():
        asked(hill, now)
        with transaction() as session:
            run = Proposal(made_by=hill.coordinator, fairness=Fairness.CLOSEST, created_at=now)
            session.add(run)
            session.flush()
            proposal_id = run.id
    assert at_once(app, *[lambda: proposing.work(proposal_id, now=now)] * 3) == [None] * 3
    with app.app_context():
        rows = queries.proposed(proposal_id, "all", first=0, count=9)
        assert [(row.name, row.state) for row in rows] == [("Ana", PairState.PENDING)]


def test_two_pins_of_one_member_at_once_leave_one(app: Flask, now: datetime, hill: Hill, olga: int) -> None:
    with app.app_context():
        asked(hill, now)
        read().rollback()
    found = at_once(
        app,
        *(
            lambda who=who, peer=peer: proposing.pin(hill.member, peer, who, now=now)
            for who, peer in ((hill.coordinator, hill.peers[0]), (olga, hill.peers[1]))
        ),
    )
    assert found == [None, None]
    with app.app_context():
        assert len(queries.pins()) == 1


def test_two_who_forbid_the_same_pair_at_once_both_have_it(app: Flask, now: datetime, hill: Hill, olga: int) -> None:
    with app.app_context():
        asked(hill, now)
        read().rollback()
    found = at_once(
        app,
        *(
            lambda who=who: proposing.forbid(hill.member, hill.peers[0], who, now=now)
            for who in (hill.coordinator, olga)
        ),
    )
    assert found == [None, None]
    with app.app_context():
        assert len(queries.marks()) == 1
