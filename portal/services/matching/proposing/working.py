"""A run for all who wait: read in one transaction, worked out in none, written in another; progress told between."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import perf_counter

import numpy as np
from sqlalchemy import insert, update
from sqlalchemy.engine import CursorResult

from portal.db import retry_once, transaction
from portal.domain.matching.found import Found, to_json
from portal.domain.matching.together import Fairness, PairState, ProposalState, wait_bonus
from portal.engine.assign import Assignment
from portal.engine.assign import propose as assign
from portal.models import Proposal, ProposedPair
from portal.queries import matching as matching_queries
from portal.services import audit
from portal.services.matching.everyone import Everyone, everyone
from portal.services.matching.proposing.outcome import Row, findings

# How often a run says how far it has come.
BEAT_SECONDS = 0.4
READ, ASSIGNED, EXPLAINED = 10, 85, 95
ROWS_AT_ONCE = 1_000

logger = logging.getLogger(__name__)


class _Replaced(Exception):
    """Somebody took this run away, or another worker took it over."""


@dataclass
class _Run:
    """One worker's hold on a run: it counts for as long as the row has the revision it was claimed with."""

    proposal_id: int
    revision: int
    fairness: Fairness
    now: datetime
    began: float = field(default_factory=perf_counter)
    told: float = 0.0

    @property
    def seconds(self) -> float:
        return perf_counter() - self.began

    @property
    def at(self) -> datetime:
        return self.now + timedelta(seconds=self.seconds)

    def say(self, percent: int) -> None:
        """Show how far it has come; raises _Replaced where nobody waits for it any more."""
        if self.told and self.seconds - self.told < BEAT_SECONDS:
            return
        self.told = self.seconds
        _beat(self, percent)


def work(proposal_id: int, *, now: datetime) -> None:
    """Work a run out that nobody has begun with; does nothing where somebody has. A fault is kept, not raised."""
    run = _claim(proposal_id, now=now)
    if run is None:
        return
    try:
        everybody, pins = everyone(now), matching_queries.pins()
        # Saying so also lets go of what was read: nothing is held while it is worked out.
        run.say(READ)
        rows, found = _worked_out(run, everybody, pins)
        _settle(run, everybody, rows, found)
    except _Replaced:
        return
    except Exception as error:  # whatever it was, the coordinators are told calmly and may run it again
        logger.error("proposal %s: %s", proposal_id, type(error).__name__)
        _give_up(run)


@retry_once
def _claim(proposal_id: int, *, now: datetime) -> _Run | None:
    with transaction():
        proposal = matching_queries.proposal_to_change(proposal_id)
        if proposal is None or not proposal.open or proposal.state is not ProposalState.WAITING:
            return None
        proposal.state = ProposalState.RUNNING
        proposal.progress = 0
        proposal.beat_at = now
        proposal.revision += 1
        return _Run(proposal.id, proposal.revision, proposal.fairness, now)


def _worked_out(run: _Run, everybody: Everyone, pins: Sequence[tuple[int, int]]) -> tuple[list[Row], Found]:
    row_of = {walk.member_id: row for row, walk in enumerate(everybody.walks)}
    index = everybody.pool.index
    pinned = [(row_of[one], index[other]) for one, other in pins if one in row_of and other in index]
    assignment = _assigned(run, everybody, pinned)
    return findings(
        everybody,
        assignment,
        pinned,
        run.now,
        lambda share: run.say(ASSIGNED + int(share * (EXPLAINED - ASSIGNED))),
    )


def _assigned(run: _Run, everybody: Everyone, pinned: Sequence[tuple[int, int]]) -> Assignment:
    index = everybody.pool.index
    return assign(
        everybody.asks,
        everybody.pool,
        everybody.weights,
        run.now,
        bonus=np.array([wait_bonus(run.now - walk.asked_at) for walk in everybody.walks], dtype=np.float64),
        fairness=run.fairness,
        pins=pinned,
        forbids=[
            (row, index[peer_id])
            for row, walk in enumerate(everybody.walks)
            for peer_id in walk.without
            if peer_id in index
        ],
        allowed={
            row: [index[peer_id] for peer_id in walk.allowed if peer_id in index]
            for row, walk in enumerate(everybody.walks)
            if walk.allowed is not None
        },
        ranked={
            row: [index[peer_id] for peer_id in walk.ranked if peer_id in index]
            for row, walk in enumerate(everybody.walks)
            if walk.ranked
        },
        progress=lambda share: run.say(READ + int(share * (ASSIGNED - READ))),
    )


@retry_once
def _beat(run: _Run, percent: int) -> None:
    with transaction() as session:
        told = session.execute(
            update(Proposal)
            .where(
                Proposal.id == run.proposal_id,
                Proposal.revision == run.revision,
                Proposal.state == ProposalState.RUNNING,
            )
            .values(progress=percent, beat_at=run.at),
            execution_options={"synchronize_session": False},
        )
        if not isinstance(told, CursorResult) or told.rowcount == 0:
            raise _Replaced


@retry_once
def _settle(run: _Run, everybody: Everyone, rows: Sequence[Row], found: Found) -> None:
    with transaction() as session:
        proposal = _still_ours(run)
        for begins in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[begins : begins + ROWS_AT_ONCE]
            session.execute(
                insert(ProposedPair),
                [row.values | {"proposal_id": proposal.id, "state": PairState.PENDING} for row in some],
            )
        proposal.weights_version = int(everybody.weights.version)
        proposal.found = to_json(found) | {"seconds": run.seconds}
        proposal.state = ProposalState.READY
        proposal.progress = 100
        proposal.ready_at = run.at
        proposal.revision += 1
        audit.record(session, "proposal ready", "proposal", proposal.id, actor_id=None, now=run.at)


@retry_once
def _give_up(run: _Run) -> None:
    with transaction():
        try:
            proposal = _still_ours(run)
        except _Replaced:
            return
        proposal.state = ProposalState.FAILED
        proposal.revision += 1


def _still_ours(run: _Run) -> Proposal:
    proposal = matching_queries.proposal_to_change(run.proposal_id)
    if proposal is None or proposal.revision != run.revision or proposal.state is not ProposalState.RUNNING:
        raise _Replaced
    return proposal
