"""Which walks the clock can move on, told of all of them in one reading, however many wait and need nothing."""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from sqlalchemy import Select, func, or_, select

from portal.db import read
from portal.domain.experience import DayPart
from portal.domain.matching.filters import common_time, fit_but_for_time
from portal.domain.matching.shortlist import CARDS
from portal.domain.matching.values import Member, Openings, Peer
from portal.domain.matching.walk import State
from portal.models import MemberTopic, PeerProfile, PeerTopic, Person, Suggestion, Walk
from portal.queries.matching.candidates import ACTIVE, active_at
from portal.queries.matching.fitting import AGAIN_AFTER
from portal.queries.matching.values import member_values, out_of_matching, peer_values
from portal.queries.slots import openings_by_part, times_told_of

logger = logging.getLogger(__name__)


def worn_out(now: datetime) -> list[int]:
    """Return the walks to be looked at again, the longest wait first: nobody on offer may be asked any more.

    Those with a choice always are, for whoever chose is told; those with a shortlist only where somebody else fits now.
    """
    return _those(_waiting(State.SHORTLISTED, State.CHOSEN), lambda walks: _renewable(walks, now))


def findable(now: datetime) -> list[int]:
    """Return the walks without a shortlist whose member somebody fits now, the longest wait first."""
    return _those(_waiting(State.ASKED), lambda walks: _findable(walks, now))


def _waiting(*states: State) -> Select[int, int]:
    waiting = select(Walk.id, Walk.member_id).where(Walk.open, Walk.state.in_(states))
    return waiting.order_by(Walk.asked_at, Walk.id)


def _those(waiting: Select[int, int], tell: Callable[[Mapping[int, Member]], Collection[int]]) -> list[int]:
    walks = dict(read().execute(waiting).all())
    if not walks:
        return []
    try:
        members = member_values(list(walks.values()))
        moving = tell(dict(zip(walks, members, strict=True)))
    except Exception as error:  # what one of them told cannot be read: each is looked at alone, and the others go on
        logger.error("walks that wait cannot be read together: %s", type(error).__name__)
        return list(walks)
    return [walk_id for walk_id in walks if walk_id in moving]


def _renewable(walks: Mapping[int, Member], now: datetime) -> set[int]:
    worn = _worn_out(walks, now)
    chosen = set(read().scalars(select(Walk.id).where(Walk.id.in_(worn), Walk.state == State.CHOSEN)))
    return chosen | _findable({walk_id: walks[walk_id] for walk_id in worn - chosen}, now)


def _worn_out(walks: Mapping[int, Member], now: datetime) -> set[int]:
    """Those on offer are few, so all of them are read; whoever stands behind the cards is not on offer."""
    ranked = Suggestion.rank.is_not(None)
    in_order = (Suggestion.rank.is_(None), Suggestion.rank, Suggestion.position, Suggestion.id)
    place = func.row_number().over(partition_by=Suggestion.walk_id, order_by=in_order)
    placed = (
        select(Suggestion.walk_id, Suggestion.peer_id, ranked.label("ranked"), place.label("place"))
        .where(Suggestion.walk_id.in_(walks), Suggestion.closed_at.is_(None))
        .subquery()
    )
    on_offer = (
        select(placed.c.walk_id, placed.c.peer_id)
        .join(Walk, Walk.id == placed.c.walk_id)
        .where(placed.c.place <= CARDS, or_(Walk.state != State.CHOSEN, Walk.choose_with_me, placed.c.ranked))
    )
    pairs = [(walk_id, peer_id) for walk_id, peer_id in read().execute(on_offer)]
    peers = {peer.id: peer for peer in peer_values({peer_id for _, peer_id in pairs})}
    out = out_of_matching([member.id for member in walks.values()])
    fit = {
        walk_id
        for walk_id, peer_id in pairs
        if peer_id in peers and walks[walk_id].id not in out and fit_but_for_time(walks[walk_id], peers[peer_id], now)
    }
    return walks.keys() - fit


def _findable(walks: Mapping[int, Member], now: datetime) -> set[int]:
    """Whoever is active and knows a topic of anybody who waits is read; then the times of those who fit in all else.

    A member's own chats are not looked at here: whoever moves a walk on looks at them.
    """
    lately = select(Suggestion.walk_id, Suggestion.peer_id).where(
        Suggestion.walk_id.in_(walks), Suggestion.closed_at > now - AGAIN_AFTER
    )
    not_again = {(walk_id, peer_id) for walk_id, peer_id in read().execute(lately)}
    by_slug: dict[str, list[Peer]] = defaultdict(list)
    for peer in peer_values(_knowing_topics_of([member.id for member in walks.values()], now)):
        for topic in peer.topics:
            by_slug[topic.slug].append(peer)
    out = out_of_matching([member.id for member in walks.values()])
    able = {
        walk_id: {
            peer.id
            for topic in member.ranked
            for peer in by_slug[topic.slug]
            if (walk_id, peer.id) not in not_again and fit_but_for_time(member, peer, now)
        }
        for walk_id, member in walks.items()
        if member.id not in out
    }
    told = times_told_of([walks[walk_id].id for walk_id in able])
    openings = openings_by_part(set().union(*able.values()), {zone for _, zone in told.values()}, now)
    found = set()
    for walk_id, peers in able.items():
        parts, zone = told[walks[walk_id].id]
        if any(_enough(openings[zone][peer_id], parts) for peer_id in peers):
            found.add(walk_id)
    return found


def _enough(by_part: Mapping[DayPart, Openings], parts: Collection[DayPart]) -> bool:
    counts = (openings.common_count for part, openings in by_part.items() if not parts or part in parts)
    return common_time(Openings(sum(counts))).passed


def _knowing_topics_of(member_ids: Collection[int], now: datetime) -> list[int]:
    named = select(MemberTopic.topic_id).where(MemberTopic.person_id.in_(member_ids))
    knowing = (
        select(PeerProfile.person_id)
        .join(Person, Person.id == PeerProfile.person_id)
        .where(PeerProfile.person_id.in_(select(PeerTopic.person_id).where(PeerTopic.topic_id.in_(named))), *ACTIVE)
    )
    return list(read().scalars(knowing, active_at(now)))
