"""A peer's word that they are ready, topic by topic: asked for again by a light letter, given in one tap."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.experience import Readiness
from portal.domain.notice import Kind
from portal.models import PeerProfile
from portal.queries import experience as experience_queries
from portal.services import audit
from portal.services.experience.profile import peer_telling
from portal.services.notice.owe import owe, void
from portal.services.one_by_one import in_pages, one_by_one


@retry_once
def confirm_ready(peer_id: int, *, now: datetime) -> None:
    """Keep that a peer is still ready to meet somebody, all as it was."""
    with transaction() as session:
        said_ready(session, peer_telling(session, peer_id), now=now)


@retry_once
def keep_readiness(peer_id: int, given: Mapping[int, Readiness], *, now: datetime) -> None:
    """Keep what a peer is ready for with each topic, which says that they are ready; topics not theirs are passed over.

    A question they were asked before stays theirs to answer, also where its topic says "not now" from here on.
    """
    with transaction() as session:
        profile = peer_telling(session, peer_id)
        changed = False
        for row in experience_queries.peer_topic_rows(peer_id):
            ready = given.get(row.topic_id, row.readiness)
            changed |= ready is not row.readiness
            row.readiness = ready
        if changed:
            profile.updated_at = now
            audit.record(session, "stages changed", "person", peer_id, actor_id=peer_id, now=now)
        said_ready(session, profile, now=now)


def ask_ready_again(*, now: datetime) -> int:
    """Owe a light letter to each peer whose word grows old, and another each two weeks without an answer; three in all.

    Returns how many were owed. Nobody who rests is asked.
    """
    old = in_pages(lambda after: experience_queries.to_ask_again(now, after))
    return one_by_one("peer", old, lambda peer_id: _ask_again(peer_id, now=now))


@retry_once
def _ask_again(peer_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        profile = experience_queries.peer_to_ask_again(peer_id, now)
        if profile is None:
            return False
        profile.ready_asked_at = now
        no_need_to_ask(session, profile, now=now)  # an older letter would only ask the same
        owe(
            session,
            Kind.READY_AGAIN,
            peer_id,
            about=asking(peer_id),
            revision=now.toordinal(),  # the day tells one letter from the next
            due_at=now,
            now=now,
        )
        return True


def said_ready(session: Session, profile: PeerProfile, *, now: datetime) -> None:
    """Inside a verb: keep that this peer is ready from now, and take a letter back that would ask them."""
    if profile.ready_at is None or profile.ready_at < now:
        profile.ready_at = now
        audit.record(session, "ready confirmed", "person", profile.person_id, actor_id=profile.person_id, now=now)
    no_need_to_ask(session, profile, now=now)


def no_need_to_ask(session: Session, profile: PeerProfile, *, now: datetime) -> None:
    """Inside a verb: take a letter back that would ask whether this peer is ready."""
    void(session, asking(profile.person_id), now=now)


def asking(peer_id: int) -> str:
    """Return the name of the reason for asking somebody whether they are ready."""
    return f"ready-{peer_id}"
