"""Who fits a member now, by the rules of domain/matching on what the database holds."""

from collections.abc import Collection
from datetime import datetime, timedelta

from portal.domain.matching.explain import Suggestion, suggest
from portal.domain.matching.filters import OPENINGS_NEEDED, Filter, apart, checks
from portal.domain.matching.shortlist import CARDS, HeldBack, shortlist
from portal.domain.matching.values import Member, Openings, Peer
from portal.models import Suggestion as SuggestionRow
from portal.queries.matching.values import member_value, out_of_matching, peer_values
from portal.queries.matching.weights import domain_weights
from portal.queries.slots import common_openings

# A peer who could not, or was taken off, may be suggested again on the same walk after so long.
AGAIN_AFTER = timedelta(days=14)
TIME_ENOUGH = Openings(common_count=OPENINGS_NEEDED)


def fitting(
    member_id: int, now: datetime, *, without: Collection[int] = (), count: int = CARDS
) -> tuple[Suggestion, ...]:
    """Return the closest `count` who pass every filter, leaving out some peers by id."""
    weights = domain_weights()
    if weights is None or out_of_matching([member_id]):
        return ()
    member = member_value(member_id)
    able = [peer for peer in peer_values() if peer.id not in without and fits_but_for_time(member, peer, now)]
    openings = common_openings(member_id, [peer.id for peer in able], now)
    return shortlist(member, able, openings, weights, now, count).suggestions


def one(member_id: int, peer_id: int, now: datetime) -> Suggestion | None:
    """Return everything there is to say about one pair now; None where the two may not meet, or no weights yet."""
    weights, peers = domain_weights(), peer_values([peer_id])
    if weights is None or not may_meet(member_id, peer_id):
        return None
    openings = common_openings(member_id, [peer_id], now).get(peer_id, Openings())
    return suggest(member_value(member_id), peers[0], openings, weights, now)


def fits_but_for_time(member: Member, peer: Peer, now: datetime) -> bool:
    """Say whether every filter but that of common times lets a pair through; times change from hour to hour."""
    return all(check.passed for check in checks(member, peer, TIME_ENOUGH, now) if check.filter is not Filter.OPENINGS)


def may_meet(member_id: int, peer_id: int) -> bool:
    """Say whether these two may be brought together at all now: an approved peer, both agreeing, nobody kept apart.

    Room, rest and times are not asked: whoever has been asked already may say yes without them.
    """
    peers = peer_values([peer_id])
    return bool(peers) and not out_of_matching([member_id, peer_id]) and _allowed(member_value(member_id), peers[0])


def still_fits(member_id: int, peer_id: int, now: datetime) -> bool:
    """Say whether this peer may be asked for this member now; which times they share is for the two to find."""
    if not may_meet(member_id, peer_id):
        return False
    return fits_but_for_time(member_value(member_id), peer_values([peer_id])[0], now)


def _allowed(member: Member, peer: Peer) -> bool:
    return peer.approved and peer.agreed and apart(member, peer).passed


def not_again(suggestions: Collection[SuggestionRow], now: datetime) -> frozenset[int]:
    """Return whom not to suggest on this walk now: whoever lately could not, or was taken off it by a coordinator."""
    return frozenset(
        each.peer_id for each in suggestions if each.closed_at is not None and now - each.closed_at < AGAIN_AFTER
    )


def held_back(member_id: int, now: datetime) -> HeldBack | None:
    """Return the one thing that holds most people back, where fewer than three fit."""
    weights = domain_weights()
    if weights is None:
        return None
    peers = peer_values()
    openings = common_openings(member_id, [peer.id for peer in peers], now)
    return shortlist(member_value(member_id), peers, openings, weights, now).held_back
