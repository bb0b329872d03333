"""A peer's own well-being: how a chat was for them, a talk they would like. Members are never told."""

from collections.abc import Collection
from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.account import PeerState
from portal.domain.booking import HAS_BEEN, Felt
from portal.domain.errors import NotAllowed, NotFound, Stale
from portal.domain.matching.wellbeing import FELT_SINCE, NOT_YET
from portal.domain.words import N_
from portal.models import ChatFelt, TalkWish
from portal.queries import care as care_queries
from portal.queries import experience as experience_queries
from portal.services import audit
from portal.services.experience.profile import peer_telling

OWN_TALK = N_("This talk is your own wish. Another coordinator settles it, or you take it back on your page.")


@retry_once
def say_felt(booking_id: int, peer_id: int, felt: Felt, *, seen: str | None = None, now: datetime) -> None:
    """Keep how a chat was for its peer, by their own word; a later word takes the place of an earlier one.

    Theirs to say also after the walk has ended, for it is about themselves. Stale before the chat has been, and where
    the page showed another word than the one that stands: `seen`, empty for none.
    """
    with transaction() as session:
        booking = experience_queries.chat_of_peer(booking_id, peer_id)
        if booking is None or booking.state not in HAS_BEEN:
            raise NotFound
        if booking.ends_at > now:
            raise Stale(NOT_YET)
        row = session.get(ChatFelt, (booking_id, peer_id))
        stands = str(row.felt) if row is not None else ""
        if seen is not None and stands not in (seen, felt):
            raise Stale(FELT_SINCE)
        if row is None:
            session.add(ChatFelt(booking_id=booking_id, person_id=peer_id, felt=felt, at=now))
        else:
            row.felt, row.at = felt, now
        # Light and heavy leave the same trace: the record says that there is a word, not which.
        audit.record(session, "said how it was", "booking", booking_id, actor_id=peer_id, now=now)


def note_felt_read(peer_ids: Collection[int], coordinator_id: int, *, now: datetime) -> None:
    """Record that a coordinator read how chats were for these peers; each of them can see it."""
    if not peer_ids:
        return
    with transaction() as session:
        for peer_id in peer_ids:
            audit.record(session, "read how chats were", "person", peer_id, actor_id=coordinator_id, now=now)


@retry_once
def say_fine(peer_id: int, *, now: datetime) -> None:
    """Keep that a peer is fine, so that a rest is not offered again for a while."""
    with transaction() as session:
        peer_telling(session, peer_id).fine_at = now


@retry_once
def wish_talk(peer_id: int, *, now: datetime) -> int:
    """Keep that a peer would like a talk with a coordinator; one is open at a time. Returns its id."""
    with transaction() as session:
        if peer_telling(session, peer_id).state is PeerState.APPLIED:  # held, so that two taps leave one wish
            raise NotFound
        wish = experience_queries.open_talk(peer_id)
        if wish is None:
            wish = TalkWish(person_id=peer_id, at=now)
            session.add(wish)
            session.flush()
            audit.record(session, "talk wished", "person", peer_id, actor_id=peer_id, now=now)
        return wish.id


@retry_once
def take_talk_back(peer_id: int, *, now: datetime) -> None:
    """Let a peer's open wish for a talk go; nothing of it stays on the coordinators' pages."""
    with transaction() as session:
        peer_telling(session, peer_id)
        found = experience_queries.open_talk(peer_id)
        wish = care_queries.talk_wish(found.id) if found is not None else None
        if wish is not None and wish.settled_at is None:
            session.delete(wish)
            audit.record(session, "talk taken back", "person", peer_id, actor_id=peer_id, now=now)


@retry_once
def settle_talk(talk_id: int, coordinator_id: int, *, now: datetime) -> int:
    """Keep that a coordinator and the peer have talked; settled a second time nothing changes. Returns the peer."""
    with transaction() as session:
        wish = care_queries.talk_wish(talk_id)
        if wish is None:
            raise NotFound
        if wish.person_id == coordinator_id:
            raise NotAllowed(OWN_TALK)
        if wish.settled_at is None:
            wish.settled_by, wish.settled_at = coordinator_id, now
            audit.record(session, "talk settled", "person", wish.person_id, actor_id=coordinator_id, now=now)
        return wish.person_id
