"""A proposal worked out by a real worker behind a real broker, and begun later where both were away."""

from datetime import datetime

import pytest
from flask import Flask
from rq import Queue
from rq.serializers import JSONSerializer

from portal import clock, queue
from portal.db import read
from portal.domain.matching.together import Fairness, ProposalState
from portal.jobs import proposal as jobs
from portal.jobs.timetable import TIMETABLE
from portal.queries import matching as queries
from portal.queries.matching.proposals import UNHEARD
from portal.services.matching import proposing
from portal.services.matching.proposing import opening
from tests.jobs.programs import Program, wait_until
from tests.matching_cast import Hill, add_asker, add_hill, asked, chosen
from tests.servers.valkey import Valkey


@pytest.fixture
def hill(inside: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Hill:
    """Even one who waits is too many to be worked out within a page."""
    monkeypatch.setattr(opening, "SMALL", 0)
    return add_hill(clock.now())


def state() -> ProposalState | None:
    read().rollback()
    stands = queries.proposal(clock.now())
    return None if stands is None else stands.state


def make(hill: Hill) -> int:
    return proposing.propose(hill.coordinator, Fairness.NOBODY_OUT, revision=None, key="", now=clock.now())


def test_a_worker_works_it_out(hill: Hill, worker: Program) -> None:
    asked(hill, clock.now())
    make(hill)
    worker.start()
    wait_until(lambda: state() is ProposalState.READY, "the proposal does not become ready")


def test_the_broker_hears_ids_and_nothing_else(hill: Hill, valkey: Valkey) -> None:
    asked(hill, clock.now())
    proposal_id = make(hill)
    client = valkey.client()
    [job] = Queue(queue.LETTERS, connection=client, serializer=JSONSerializer).jobs[-1:]
    assert (job.id, job.func_name, job.args) == (f"proposal-{proposal_id}", "portal.jobs.proposal.work", [proposal_id])
    assert (job.timeout, job.description) == (queue.LONGEST_RUN_SECONDS, job.id)
    client.close()


def test_the_clock_asks_again_where_broker_and_worker_were_away(
    hill: Hill, valkey: Valkey, worker: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    asked(hill, now)
    make(hill)
    client = valkey.client()
    client.flushall()
    client.close()
    worker.start()
    monkeypatch.setattr(clock, "now", lambda: now + 2 * UNHEARD)
    jobs.pick_up()
    wait_until(lambda: state() is ProposalState.READY, "the proposal is not begun again")
    assert jobs.pick_up in {job for _every, job in TIMETABLE}


def test_what_a_page_has_no_patience_for_a_worker_publishes(
    hill: Hill, worker: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    for member in (hill.member, *(add_asker(now, name) for name in ("Ida", "Jo", "Kit"))):
        chosen(Hill(member, hill.peers, hill.coordinator), now)
    proposal_id = make(hill)
    proposing.work(proposal_id, now=now)
    monkeypatch.setattr(proposing.publishing, "PATIENCE_SECONDS", 0.0)
    done = proposing.publish(proposal_id, None, hill.coordinator, key="", now=now)
    assert (len(done.pair_ids), done.later) == (1, 3)
    worker.start()
    wait_until(lambda: _pending(proposal_id) == 0, "the rest is not published")
    assert queries.how_many(proposal_id)["settled"] == 4


def _pending(proposal_id: int) -> int:
    read().rollback()
    return len(queries.pending_pairs(proposal_id))
