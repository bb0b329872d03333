"""Becoming a peer: the agreement, the application, and a coordinator's yes."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.account import PeerState, Role
from portal.domain.errors import BadInput, NotAllowed, NotFound
from portal.domain.notice import Kind
from portal.domain.words import N_
from portal.models import PeerProfile, Person
from portal.queries import experience as experience_queries
from portal.services import audit, once
from portal.services.experience.looking_after import took_care
from portal.services.experience.profile import leave_open, open_telling, peer_telling, told
from portal.services.experience.topics import NONE_CHOSEN
from portal.services.notice.owe import owe

OWN_APPLICATION = N_("This is your own application. Another coordinator answers it.")
AGREEMENT_OPEN = N_("Please read what we ask of one another, and tick it if it is all right.")


@retry_once
def agree(peer_id: int, *, agreed: bool, step: int, now: datetime) -> None:
    """Keep that a peer agrees to what is asked of peers."""
    if not agreed:
        raise BadInput("agreed", AGREEMENT_OPEN)
    with transaction() as session:
        telling = open_telling(session, peer_id, Role.PEER, now=now)
        first = isinstance(telling, PeerProfile) and telling.agreed_at is None
        if isinstance(telling, PeerProfile) and first:
            telling.agreed_at = now
        told(session, telling, "agreement", changed=first, step=step, now=now)


@retry_once
def apply_as_peer(peer_id: int, *, now: datetime) -> None:
    """Send a peer's application; sending it twice is the same as once."""
    with transaction() as session:
        profile = peer_telling(session, peer_id)
        if not experience_queries.has_peer_topics(peer_id):
            raise BadInput("topics", NONE_CHOSEN)
        if profile.agreed_at is None:
            raise BadInput("agreed", AGREEMENT_OPEN)
        if profile.applied_at is None:
            profile.applied_at = profile.updated_at = now
            leave_open(session, profile)
            audit.record(session, "applied as peer", "person", peer_id, actor_id=peer_id, now=now)


@retry_once
def approve_peer(peer_id: int, coordinator_id: int, *, key: str, now: datetime) -> int:
    """Let somebody who applied be a peer, ready from now, in this coordinator's care; they get a letter.

    Returns their id.
    """
    with transaction() as session:
        form = once.form(coordinator_id, key, "approve peer", peer_id)
        done = form.result()
        if done is not None:
            return done
        if session.get(Person, peer_id) is None:
            raise NotFound
        profile = peer_telling(session, peer_id)
        if profile.applied_at is None:
            raise NotFound
        if peer_id == coordinator_id:
            raise NotAllowed(OWN_APPLICATION)
        if profile.state is PeerState.APPLIED:
            profile.state = PeerState.APPROVED
            profile.approved_at = profile.ready_at = now
            audit.record(session, "peer approved", "person", peer_id, actor_id=coordinator_id, now=now)
            took_care(session, peer_id, coordinator_id, actor_id=coordinator_id, now=now)
            owe(session, Kind.PEER_APPROVED, peer_id, about=f"person-{peer_id}", due_at=now, now=now)
        form.remember(session, peer_id, now)
        return peer_id


def note_reading(person_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Record that a coordinator opened what somebody told; the person can see it."""
    with transaction() as session:
        audit.record(session, "read", "person", person_id, actor_id=coordinator_id, now=now)
