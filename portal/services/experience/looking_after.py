"""Who looks after whom among the peers."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.account import PeerState
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.words import N_
from portal.models import LooksAfter
from portal.queries import care as care_queries
from portal.services import audit
from portal.services.experience.profile import peer_telling

NOT_A_COORDINATOR = N_("Please choose one of the coordinators who are here.")
NOT_ONESELF = N_("Nobody looks after themselves. Please choose another coordinator.")

CHOSEN_ELSEWHERE = N_("Somebody else has changed who looks after this peer. Here is how it stands; choose again.")


@retry_once
def look_after(peer_id: int, coordinator_id: int, *, seen: int | None, actor_id: int, now: datetime) -> None:
    """Give a peer who was approved into the care of a coordinator; any coordinator may.

    `seen` is who looked after them as the page showed it (None: nobody): Stale where that has changed since.
    """
    with transaction() as session:
        if peer_telling(session, peer_id).state is PeerState.APPLIED:
            raise NotFound
        if coordinator_id == peer_id:
            raise BadInput("coordinator", NOT_ONESELF)
        if not care_queries.may_look_after(coordinator_id):
            raise BadInput("coordinator", NOT_A_COORDINATOR)
        row = session.get(LooksAfter, peer_id, populate_existing=True)
        if (row.coordinator_id if row is not None else None) not in (seen, coordinator_id):
            raise Stale(CHOSEN_ELSEWHERE)
        took_care(session, peer_id, coordinator_id, actor_id=actor_id, now=now)


def took_care(session: Session, peer_id: int, coordinator_id: int, *, actor_id: int, now: datetime) -> None:
    """Inside a verb that holds the peer's row: put the peer into this coordinator's care."""
    row = session.get(LooksAfter, peer_id, populate_existing=True)
    if row is not None and row.coordinator_id == coordinator_id:
        return
    if row is None:
        session.add(LooksAfter(peer_id=peer_id, coordinator_id=coordinator_id, since=now))
    else:
        row.coordinator_id, row.since = coordinator_id, now
    audit.record(session, "peer looked after", "person", peer_id, actor_id=actor_id, now=now)
