"""Everyone of a whole community at once: what is proposed keeps every filter and the room there is."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from bench.community import NOW, community
from portal.domain.matching.explain import suggest
from portal.domain.matching.score import DEFAULT_WEIGHTS
from portal.domain.matching.together import Fairness
from portal.engine.asks import Asks, encode_members
from portal.engine.assign import NOBODY, propose
from portal.engine.pool import Pool, encode_peers
from portal.engine.score import score_block

MEMBERS, PEERS = 300, 80


@cache
def arrays() -> tuple[Asks, Pool]:
    people = community(MEMBERS, PEERS)
    pool = encode_peers(people.peers, people.times)
    return encode_members(people.members, pool, people.told, people.zones), pool


@cache
def scores() -> NDArray[np.float64]:
    asks, pool = arrays()
    return score_block(asks, np.arange(MEMBERS), pool, DEFAULT_WEIGHTS, NOW)


def test_the_closest_fits_of_a_community_are_scipys_optimum() -> None:
    asks, pool = arrays()
    answer = propose(asks, pool, DEFAULT_WEIGHTS, NOW, bonus=np.zeros(MEMBERS), fairness=Fairness.CLOSEST)
    places = np.maximum(scores(), 0.0)[:, np.repeat(np.arange(PEERS), pool.matches_left)]
    assert answer.total == pytest.approx(places[linear_sum_assignment(-places)].sum(), abs=1e-4)
    assert answer.proved


@pytest.mark.parametrize("fairness", Fairness)
def test_every_proposed_pair_passes_the_domains_filters_with_the_domains_score(fairness: Fairness) -> None:
    people, (asks, pool) = community(MEMBERS, PEERS), arrays()
    answer = propose(asks, pool, DEFAULT_WEIGHTS, NOW, bonus=np.zeros(MEMBERS), fairness=fairness)
    placed = np.flatnonzero(answer.peer_of != NOBODY).tolist()
    assert len(placed) > 50
    for member_at in placed:
        peer_at = int(answer.peer_of[member_at])
        openings = people.times.openings(people.zones[member_at], people.told[member_at], peer_at, NOW)
        suggestion = suggest(people.members[member_at], people.peers[peer_at], openings, DEFAULT_WEIGHTS, NOW)
        assert suggestion.fits
        assert answer.score[member_at] == pytest.approx(suggestion.score, abs=1e-9)
    assert (np.bincount(answer.peer_of[placed], minlength=PEERS) <= pool.matches_left).all()


def test_pins_and_forbidden_pairs_hold_in_a_community() -> None:
    asks, pool = arrays()
    bonus = np.zeros(MEMBERS)
    before = propose(asks, pool, DEFAULT_WEIGHTS, NOW, bonus=bonus, fairness=Fairness.NOBODY_OUT)
    first = int(np.flatnonzero(before.peer_of != NOBODY)[0])
    other = int(np.flatnonzero((scores()[first] > -np.inf) & (np.arange(PEERS) != before.peer_of[first]))[0])
    pinned = propose(asks, pool, DEFAULT_WEIGHTS, NOW, bonus=bonus, fairness=Fairness.NOBODY_OUT, pins=[(first, other)])
    without = propose(
        asks,
        pool,
        DEFAULT_WEIGHTS,
        NOW,
        bonus=bonus,
        fairness=Fairness.NOBODY_OUT,
        forbids=[(first, int(before.peer_of[first]))],
    )
    assert (int(pinned.peer_of[first]), pinned.lost_pins) == (other, ())
    assert without.peer_of[first] != before.peer_of[first]


@pytest.mark.parametrize(("members", "peers"), [(0, 3), (3, 0), (0, 0)])
@pytest.mark.parametrize("fairness", Fairness)
def test_nobody_asks_or_nobody_offers(members: int, peers: int, fairness: Fairness) -> None:
    people = community(members, peers)
    pool = encode_peers(people.peers, people.times)
    asks = encode_members(people.members, pool, people.told, people.zones)
    answer = propose(asks, pool, DEFAULT_WEIGHTS, NOW, bonus=np.zeros(members), fairness=fairness)
    assert answer.peer_of.tolist() == [NOBODY] * members
