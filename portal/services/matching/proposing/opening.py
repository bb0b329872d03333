"""A coordinator asks for a proposal for all who wait, takes it away, or the clock starts one that was left lying."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import queue
from portal.db import after_commit, retry_once, transaction
from portal.domain.errors import NotFound, Stale
from portal.domain.matching.together import Fairness, PairState, ProposalState
from portal.domain.words import N_
from portal.models import Proposal, ProposedPair
from portal.queries import matching as matching_queries
from portal.services import audit, once
from portal.services.matching.proposing.whose import only_coordinators
from portal.services.matching.proposing.working import work

# Members times peers: so many pairs are worked out within a second, reading and writing included.
SMALL = 50_000
ALREADY = N_("There is a proposal already, or it has changed in the meantime. Nothing is lost; here it is.")


def propose(coordinator_id: int, fairness: Fairness, *, revision: int | None, key: str, now: datetime) -> int:
    """Ask for a proposal for all who wait: worked out at once where they are few, else by a worker.

    One that is under way is joined; one that stands is replaced only by whoever saw it as it is, else Stale.
    """
    try:
        proposal_id, few = _open(coordinator_id, fairness, revision=revision, key=key, now=now)
    except IntegrityError:
        # Two coordinators asked at once: the other one's run is the answer to both.
        already = matching_queries.open_proposal_id()
        if already is None:
            raise
        return already
    if few:
        work(proposal_id, now=now)
    return proposal_id


@retry_once
def close(proposal_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Take a proposal away, also one that is under way; what was published stays published."""
    with transaction() as session:
        only_coordinators(coordinator_id)
        proposal = matching_queries.proposal_to_change(proposal_id)
        if proposal is None:
            raise NotFound
        if proposal.open:
            _close(session, proposal, coordinator_id, now)


@retry_once
def pick_up(*, now: datetime) -> int:
    """Ask a worker again for what nobody has begun with, or what a worker left lying; returns how many."""
    with transaction() as session:
        unheard = matching_queries.proposals_unheard(now)
        for proposal_id in unheard:
            proposal = matching_queries.proposal_to_change(proposal_id)
            if proposal is not None:
                _wait(session, proposal, now)
                _post(proposal_id)
        return len(unheard)


@retry_once
def _open(
    coordinator_id: int, fairness: Fairness, *, revision: int | None, key: str, now: datetime
) -> tuple[int, bool]:
    with transaction() as session:
        only_coordinators(coordinator_id)
        form = once.form(coordinator_id, key, "propose", str(fairness))
        if (earlier := form.result()) is not None:
            return earlier, False
        stands = matching_queries.open_proposal_to_change()
        begins = stands is None or stands.state not in matching_queries.UNDER_WAY
        if stands is None or begins:
            if stands is not None and stands.revision != revision:
                raise Stale(ALREADY)
            stands = _replaced(session, stands, coordinator_id, fairness, now)
        elif stands.id in matching_queries.proposals_unheard(now):
            _wait(session, stands, now)
            begins = True
        form.remember(session, stands.id, now)
        few = matching_queries.how_many_wait() * matching_queries.how_many_offer() <= SMALL
        if begins and not few:
            _post(stands.id)
        return stands.id, begins and few


def _replaced(
    session: Session, stands: Proposal | None, coordinator_id: int, fairness: Fairness, now: datetime
) -> Proposal:
    if stands is not None:
        _close(session, stands, coordinator_id, now)
    # Revisions go on from one proposal to the next, so that a page of an older one never fits a newer one.
    made = Proposal(
        made_by=coordinator_id, fairness=fairness, created_at=now, revision=matching_queries.last_revision() + 1
    )
    session.add(made)
    session.flush()
    audit.record(session, "proposal make", "proposal", made.id, actor_id=coordinator_id, now=now)
    return made


def _close(session: Session, proposal: Proposal, coordinator_id: int, now: datetime) -> None:
    proposal.open = False
    proposal.state = ProposalState.CLOSED
    proposal.closed_at = now
    proposal.revision += 1
    session.flush()
    # Who was proposed is gone with it where nobody was told; of what was settled it stays who and when, not why. The
    # rows stay, so that an older page never means another pair.
    theirs = update(ProposedPair).where(ProposedPair.proposal_id == proposal.id)
    told_nobody = theirs.where(ProposedPair.state == PairState.PENDING)
    session.execute(theirs.values(why=None))
    session.execute(told_nobody.values(peer_id=None, was_peer_id=None))
    audit.record(session, "proposal close", "proposal", proposal.id, actor_id=coordinator_id, now=now)


def _wait(session: Session, proposal: Proposal, now: datetime) -> None:
    proposal.state = ProposalState.WAITING
    proposal.beat_at = now
    proposal.revision += 1
    session.flush()


def _post(proposal_id: int) -> None:
    after_commit(lambda: queue.post_proposal(proposal_id))
