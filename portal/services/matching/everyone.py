"""Everybody who waits and everybody who offers, read at once and turned into arrays: for proposals and previews."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.matching.score import DEFAULT_WEIGHTS, Weights
from portal.domain.matching.values import Member, Peer
from portal.engine.asks import Asks, encode_members
from portal.engine.pool import Pool, encode_peers
from portal.engine.times import times_of
from portal.queries import matching as matching_queries
from portal.queries import slots as slots_queries
from portal.queries.matching import WaitingWalk

__all__ = ["Everyone", "WaitingWalk", "everyone"]


@dataclass(frozen=True)
class Everyone:
    """All who wait and have nobody asked yet, the longest wait first, and all peers; `members` and `asks` stand in the
    order of `walks`, `pool` in the order of `peers`."""

    walks: tuple[WaitingWalk, ...]
    members: tuple[Member, ...]
    peers: tuple[Peer, ...]
    asks: Asks
    pool: Pool
    weights: Weights


def everyone(now: datetime) -> Everyone:
    """Read everybody as they are now; nothing is written."""
    walks = matching_queries.waiting_walks(now)
    ids = [walk.member_id for walk in walks]
    members, told = matching_queries.members_who_wait(ids), matching_queries.times_of_who_wait(ids)
    peers = matching_queries.peer_values()
    starts = slots_queries.half_hours([peer.id for peer in peers], now)
    zones = sorted({zone for _, zone in told.values()}) or ["UTC"]
    pool = encode_peers(peers, times_of(zones, [starts[peer.id] for peer in peers], now))
    return Everyone(
        walks=walks,
        members=members,
        peers=peers,
        asks=encode_members(members, pool, [told[one][0] for one in ids], [told[one][1] for one in ids]),
        pool=pool,
        weights=matching_queries.domain_weights() or DEFAULT_WEIGHTS,
    )
