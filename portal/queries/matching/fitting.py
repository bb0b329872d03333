"""Who fits a member now, by the rules of domain/matching on what the database holds."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush, nlargest
from itertools import count as numbers
from itertools import islice
from typing import TypeVar

from portal.domain.matching.ceiling import ceiling_but_for_time, score
from portal.domain.matching.explain import Suggestion, suggest
from portal.domain.matching.filters import apart, common_time, fit_but_for_time
from portal.domain.matching.score import Weights
from portal.domain.matching.shortlist import CARDS, TIE_DIGITS, shortlist
from portal.domain.matching.values import Member, Openings, Peer
from portal.domain.matching.walk import State
from portal.models import Suggestion as SuggestionRow
from portal.models import Walk
from portal.queries.matching.candidates import Closer, as_peers, candidates, closer
from portal.queries.matching.values import member_value, out_of_matching, peer_values
from portal.queries.matching.walks import chosen_of, live, suggestions_of
from portal.queries.matching.weights import domain_weights
from portal.queries.slots import common_openings

A = TypeVar("A")
B = TypeVar("B")

# A peer who could not, or was taken off, may be suggested again on the same walk after so long.
AGAIN_AFTER = timedelta(days=14)
# Of how many the wishes are looked at first, and what else they told, then half as many more each time; and whose times
# are worked out first, then twice as many each time.
LOOKED_AT_ONCE = 64
READ_AT_ONCE = 16
TIMES_AT_ONCE = 4
# More than two scores may differ that count as equal for a human, so that a tie is decided by who has waited.
NEAR_A_TIE = 10.0 ** (1 - TIE_DIGITS)


def fitting(
    member_id: int, now: datetime, *, without: Collection[int] = (), count: int = CARDS
) -> tuple[Suggestion, ...]:
    """Return the closest `count` who pass every filter, leaving out some peers by id.

    The same answer as the shortlist of everybody, without reading everybody: whoever could be closest is looked at
    first, and nobody any more once nobody left could come among the closest.
    """
    weights = domain_weights()
    if weights is None or out_of_matching([member_id]):
        return ()
    member = member_value(member_id)
    openings: dict[int, Openings] = {}
    able: list[tuple[float, Peer]] = []
    in_order = best_first(member, weights, now, without)
    at_once = TIMES_AT_ONCE
    while some := list(islice(in_order, at_once)):
        at_once *= 2
        openings |= common_openings(member_id, [peer.id for _, peer in some], now)
        free = [peer for _, peer in some if common_time(openings.get(peer.id, Openings())).passed]
        able += [(score(member, peer, openings[peer.id], weights, now), peer) for peer in free]
        closest = nlargest(count, (found for found, _ in able))
        if len(closest) == count and closest[-1] - NEAR_A_TIE > some[-1][0]:
            able = [(found, peer) for found, peer in able if found + NEAR_A_TIE >= closest[-1]]
            break
    return shortlist(member, [peer for _, peer in able], openings, weights, now, count).suggestions


def best_first(
    member: Member, weights: Weights, now: datetime, without: Collection[int]
) -> Iterator[tuple[float, Peer]]:
    """Give whom every filter but common times lets through, with the best score they could have, the best first."""

    def told(some: Sequence[Closer]) -> Iterator[tuple[float, Peer]]:
        for peer in as_peers(some):
            if fit_but_for_time(member, peer, now):
                yield ceiling_but_for_time(member, peer, weights, now), peer

    out = member.apart.union(without)
    everybody = (each for each in candidates(member, weights, now) if each[1].id not in out)
    looked_at = _looked_at(everybody, lambda some: closer(some, member, weights), LOOKED_AT_ONCE)
    return _looked_at(looked_at, told, READ_AT_ONCE)


def _looked_at(
    best_first: Iterator[tuple[float, A]], look: Callable[[Sequence[A]], Iterable[tuple[float, B]]], at_once: int
) -> Iterator[tuple[float, B]]:
    """Give what a closer look leaves of some, the best first; whoever others stand before is not looked at yet.

    A closer look only ever lowers the best score that two could have.
    """
    known: list[tuple[float, int, B]] = []
    number = numbers()
    ahead = next(best_first, None)
    while ahead is not None or known:
        if ahead is not None and (not known or ahead[0] >= -known[0][0]):
            some = [ahead[1], *(each for _, each in islice(best_first, at_once - 1))]
            ahead = next(best_first, None)
            at_once += at_once // 2
            for bound, each in look(some):
                heappush(known, (-bound, next(number), each))
        else:
            bound, _, each = heappop(known)
            yield -bound, each


def one(member_id: int, peer_id: int, now: datetime) -> Suggestion | None:
    """Return everything there is to say about one pair now; None where the two may not meet, or no weights yet."""
    weights, pair = domain_weights(), _pair(member_id, peer_id)
    if weights is None or pair is None:
        return None
    openings = common_openings(member_id, [peer_id], now).get(peer_id, Openings())
    return suggest(*pair, openings, weights, now)


def may_meet(member_id: int, peer_id: int) -> bool:
    """Say whether these two may be brought together at all now: an approved peer, both agreeing, nobody kept apart.

    Room, rest and times are not asked: whoever has been asked already may say yes without them.
    """
    return _pair(member_id, peer_id) is not None


def still_fits(member_id: int, peer_id: int, now: datetime) -> bool:
    """Say whether this peer may be asked for this member now; which times they share is for the two to find."""
    pair = _pair(member_id, peer_id)
    return pair is not None and fit_but_for_time(*pair, now)


def nobody_fits(walk: Walk, now: datetime) -> bool:
    """Say whether none of those a member may choose from, or has chosen, may be asked any more."""
    on_offer = live(suggestions_of(walk.id))
    if walk.state is State.CHOSEN:
        on_offer = chosen_of(walk, on_offer)
    return not any(still_fits(walk.member_id, row.peer_id, now) for row in on_offer)


def _pair(member_id: int, peer_id: int) -> tuple[Member, Peer] | None:
    peers = peer_values([peer_id])
    if not peers or out_of_matching([member_id, peer_id]):
        return None
    member, peer = member_value(member_id), peers[0]
    return (member, peer) if peer.approved and peer.agreed and apart(member, peer).passed else None


def not_again(suggestions: Collection[SuggestionRow], now: datetime) -> frozenset[int]:
    """Return whom not to suggest on this walk now: whoever lately could not, or was taken off it by a coordinator."""
    return frozenset(
        each.peer_id for each in suggestions if each.closed_at is not None and now - each.closed_at < AGAIN_AFTER
    )
