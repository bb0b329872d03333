"""Both have said yes: by an answer to the question, or by an offer made before it was put."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.domain.matching.walk import Actor, Step
from portal.domain.notice import Kind
from portal.domain.words import N_
from portal.models import PeerProfile, Suggestion, Walk
from portal.queries import matching as matching_queries
from portal.services import audit
from portal.services.matching.telling import tell
from portal.services.walk import take_step

# Kept with the step, for coordinators: nobody answered in that moment.
BY_OFFER = N_("Taken from the offer they had made before.")


def both_said_yes(session: Session, walk: Walk, peer_id: int, now: datetime, *, how: str = "") -> None:
    """Take the peer's yes on a walk they are asked on (its row locked), and tell both."""
    walk.answer_by = None
    take_step(session, walk, Step.YES, Actor.PEER, actor_id=peer_id, now=now, reason=how)
    session.execute(update(PeerProfile).where(PeerProfile.person_id == peer_id).values(last_matched_at=now))
    tell(session, walk, (Kind.BOTH_YES, walk.member_id), (Kind.BOTH_YES, peer_id), now=now)


def yes_by_offer(session: Session, walk: Walk, row: Suggestion, *, now: datetime) -> bool:
    """Right after this peer was asked: take their offer as the yes it was, if it still counts; says whether it did."""
    if not matching_queries.offer_counts(walk.member_id, row.offered_at, now):
        return False
    both_said_yes(session, walk, row.peer_id, now, how=BY_OFFER)
    audit.record(session, "walk yes taken from an offer", "walk", walk.id, actor_id=None, now=now)
    return True
