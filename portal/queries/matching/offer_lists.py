"""The askings without a name in a peer's lists, told of all of them at once: those open, and those offered on."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from portal.db import read
from portal.domain.matching.filters import apart, checks
from portal.domain.matching.offers import COUNTS_FOR, MOST_ASKED, MOST_OFFERS, cannot_offer
from portal.domain.matching.values import Member, Openings, Peer
from portal.domain.matching.walk import State
from portal.models import Offer, Suggestion, Walk
from portal.queries.matching.offers import MAY_TAKE_BACK
from portal.queries.matching.topics import AskedTopic, open_topics_of
from portal.queries.matching.values import member_values, out_of_matching, peer_values

MOST_LISTED = MOST_ASKED


@dataclass(frozen=True)
class OfferLine:
    """One asking without a name in a list, with the topics both know that are not tender."""

    walk_id: int
    topics: tuple[AskedTopic, ...]


def offers_open_to(peer_id: int, now: datetime) -> tuple[OfferLine, ...]:
    """Return the first askings this peer could offer on now, the one to answer first in front; none to who rests."""
    asked = (
        select(Walk.id, Walk.member_id)
        .join(Offer, Offer.walk_id == Walk.id)
        .where(Offer.peer_id == peer_id, Offer.answer.is_(None))
        .where(Walk.open, Walk.state == State.OFFERING, Walk.answer_by > now)
        .order_by(Walk.answer_by, Walk.id)
    )
    walks, peer = _walks(asked, peer_id)
    if peer is None:
        return ()
    offered = _offered(walks, now)
    count = Counter(walk_id for walk_id, _ in offered)
    able = [
        walk_id
        for walk_id, member in walks.items()
        if count[walk_id] < MOST_OFFERS and (walk_id, peer_id) not in offered and _can(member, peer, now)
    ]
    return _lines(walks, able, peer)


def offers_made_by(peer_id: int, now: datetime) -> tuple[OfferLine, ...]:
    """Return this peer's offers that stand and have led to nothing yet, the oldest first."""
    made = (
        select(Walk.id, Walk.member_id)
        .join(Suggestion, Suggestion.walk_id == Walk.id)
        .where(Suggestion.peer_id == peer_id, Suggestion.closed_at.is_(None))
        .where(Suggestion.offered_at >= now - COUNTS_FOR, Walk.open, Walk.state.in_(MAY_TAKE_BACK))
        .where(Walk.peer_id.is_distinct_from(peer_id))
        .order_by(Suggestion.offered_at, Walk.id)
    )
    walks, peer = _walks(made, peer_id)
    if peer is None:
        return ()
    return _lines(walks, [walk_id for walk_id, member in walks.items() if apart(member, peer).passed], peer)


def _walks(found: Select[int, int], peer_id: int) -> tuple[Mapping[int, Member], Peer | None]:
    """Return who asks on these walks, and the peer; nobody where the peer is out of matching."""
    walks = dict(read().execute(found).all())
    peers = peer_values([peer_id]) if walks else ()
    if not peers or not peers[0].approved or not peers[0].agreed:
        return {}, None
    out = out_of_matching([peer_id, *walks.values()])
    if peer_id in out:
        return {}, None
    members = member_values(list(walks.values()))
    return {walk: who for walk, who in zip(walks, members, strict=True) if who.id not in out}, peers[0]


def _offered(walk_ids: Collection[int], now: datetime) -> set[tuple[int, int]]:
    standing = select(Suggestion.walk_id, Suggestion.peer_id).where(
        Suggestion.walk_id.in_(walk_ids), Suggestion.closed_at.is_(None), Suggestion.offered_at >= now - COUNTS_FOR
    )
    return {(walk_id, peer_id) for walk_id, peer_id in read().execute(standing)}


def _can(member: Member, peer: Peer, now: datetime) -> bool:
    held = [check.filter for check in checks(member, peer, Openings(), now) if not check.passed]
    return cannot_offer(held) is None


def _lines(walks: Mapping[int, Member], listed: list[int], peer: Peer) -> tuple[OfferLine, ...]:
    first = listed[:MOST_LISTED]
    topics = open_topics_of([walks[walk_id].id for walk_id in first], {topic.slug for topic in peer.topics})
    return tuple(OfferLine(walk_id, topics.get(walks[walk_id].id, ())) for walk_id in first)
