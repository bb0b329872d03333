"""Proposals are the coordinators': nobody else learns that there is one."""

from portal.domain.errors import NotAllowed, NotFound, Stale
from portal.domain.matching.together import ProposalState
from portal.domain.matching.walk import NOT_YOURS
from portal.domain.words import N_
from portal.models import Proposal
from portal.queries import matching as matching_queries

REPLACED = N_("A newer proposal stands now. What was published stays published; here is how it stands.")


def only_coordinators(person_id: int) -> None:
    """Raise NotAllowed for anybody else."""
    if not matching_queries.is_staff(person_id):
        raise NotAllowed(NOT_YOURS)


def ready_proposal(proposal_id: int) -> Proposal:
    """Return a proposal that can be published from, its row locked; Stale where it is replaced or not ready."""
    proposal = matching_queries.proposal_to_change(proposal_id)
    if proposal is None:
        raise NotFound
    if not proposal.open or proposal.state is not ProposalState.READY:
        raise Stale(REPLACED)
    return proposal
