"""Many members' closest at once are what each of them gets alone."""

from datetime import datetime

from hypothesis import HealthCheck, given, settings

from bench.community import community
from portal.domain.matching.score import DEFAULT_WEIGHTS, Weights
from portal.engine.asks import Asks, encode_members
from portal.engine.pool import Pool, encode_peers
from portal.engine.shortlist import closest
from portal.engine.tops import tops
from tests.domain.matching_people import NOW
from tests.engine.crowd import Crowd, crowds
from tests.engine.crowd import weights as any_weights


def one_by_one(
    asks: Asks, rows: range, pool: Pool, weights: Weights, now: datetime, count: int
) -> list[tuple[int, ...]]:
    found = [closest(asks, row, pool, weights, now, count) for row in rows]
    return [tuple(int(pool.ids[at]) for at, _ in of_one) for of_one in found]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(crowds(), any_weights)
def test_any_crowds_closest_are_the_same_as_one_by_one(crowd: Crowd, weights: Weights) -> None:
    pool, asks = crowd.encoded()
    rows = range(len(asks))
    assert list(tops(asks, rows, pool, weights, NOW)) == one_by_one(asks, rows, pool, weights, NOW, 3)


def test_some_of_a_community_in_an_order_of_their_own() -> None:
    made = community(60, 80)
    pool = encode_peers(made.peers, made.times)
    asks = encode_members(made.members, pool, made.told, made.zones)
    rows = range(40, 10, -3)
    found = tops(asks, rows, pool, DEFAULT_WEIGHTS, made.now, 5)
    assert list(found) == one_by_one(asks, rows, pool, DEFAULT_WEIGHTS, made.now, 5)
    assert any(len(order) == 5 for order in found)
    assert tops(asks, (), pool, DEFAULT_WEIGHTS, NOW) == ()


def test_where_nobody_asks_there_is_nobody() -> None:
    made = community(3, 5)
    pool = encode_peers(made.peers, made.times)
    assert tops(encode_members((), pool, (), ()), (), pool, DEFAULT_WEIGHTS, NOW) == ()
