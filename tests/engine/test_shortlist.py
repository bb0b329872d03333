"""The engine's shortlist names the same people in the same order, for the same reasons."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from bench.community import Community, community
from portal.domain.matching import shortlist as domain
from portal.domain.matching.explain import Suggestion
from portal.domain.matching.score import DEFAULT_WEIGHTS, Part, PartScore, Weights
from portal.engine.asks import Asks, encode_members
from portal.engine.pool import Pool, encode_peers
from portal.engine.reasons import STEPS
from portal.engine.shortlist import closest, shortlist
from tests.domain.matching_people import MEMBER, NOW, PEER
from tests.engine.crowd import Crowd, crowds
from tests.engine.test_scores_equal_the_domain import ANY_TIME, free


def encoded(made: Community) -> tuple[Pool, Asks]:
    pool = encode_peers(made.peers, made.times)
    return pool, encode_members(made.members, pool, made.told, made.zones)


def same(one: tuple[PartScore, ...] | None, other: tuple[PartScore, ...] | None) -> bool:
    """Whether two sides have the same parts, but for the last digits of their shares."""
    if one is None or other is None:
        return one is other
    return [(part.part, part.of) for part in one] == [(part.part, part.of) for part in other] and all(
        mine.share == (None if theirs.share is None else pytest.approx(theirs.share, abs=1e-12))
        for mine, theirs in zip(one, other, strict=True)
    )


def assert_same(found: tuple[Suggestion, ...], expected: tuple[Suggestion, ...]) -> None:
    assert [suggestion.peer_id for suggestion in found] == [suggestion.peer_id for suggestion in expected]
    for mine, theirs in zip(found, expected, strict=True):
        assert same(mine.parts, theirs.parts)
        assert same(mine.theirs, theirs.theirs)
        assert mine.score == pytest.approx(theirs.score, abs=1e-9)
        # Everything else is the same to the letter.
        assert replace(mine, parts=theirs.parts, theirs=theirs.theirs) == theirs


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_first_five_of_a_community_are_those_of_the_domain_in_the_same_order(seed: int) -> None:
    made = community(25, 150, seed)
    pool, asks = encoded(made)
    found = 0
    for row, member in enumerate(made.members):
        openings = {
            peer.id: made.times.openings(made.zones[row], made.told[row], at, made.now)
            for at, peer in enumerate(made.peers)
        }
        expected = domain.shortlist(member, made.peers, openings, DEFAULT_WEIGHTS, made.now, count=5)
        assert_same(shortlist(asks, row, pool, DEFAULT_WEIGHTS, made.now), expected.suggestions)
        found += len(expected.suggestions)
    assert found > 50


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(crowds())
def test_any_crowd_is_listed_as_in_the_domain(crowd: Crowd) -> None:
    pool, asks = crowd.encoded()
    for row, (member, told, zone) in enumerate(zip(crowd.members, crowd.told, crowd.zones, strict=True)):
        openings = {peer.id: crowd.times.openings(zone, told, at, NOW) for at, peer in enumerate(crowd.peers)}
        expected = domain.shortlist(member, crowd.peers, openings, DEFAULT_WEIGHTS, NOW, count=2).suggestions
        assert_same(shortlist(asks, row, pool, DEFAULT_WEIGHTS, NOW, count=2), expected)
        bare = closest(asks, row, pool, DEFAULT_WEIGHTS, NOW, count=2)
        assert [crowd.peers[at].id for at, _ in bare] == [suggestion.peer_id for suggestion in expected]
        assert [score for _, score in bare] == pytest.approx([suggestion.score for suggestion in expected], abs=1e-9)


def test_a_tie_goes_to_whoever_waited_longest_then_to_the_lower_id() -> None:
    peers = [
        replace(PEER, id=109, waiting_since=None),
        replace(PEER, id=108, waiting_since=NOW - timedelta(days=1)),
        replace(PEER, id=107, waiting_since=NOW - timedelta(days=1)),
        replace(PEER, id=110, waiting_since=NOW - timedelta(days=30)),
        replace(PEER, id=106, waiting_since=None),
    ]
    pool = encode_peers(peers, free(len(peers)))
    asks = encode_members([MEMBER], pool, [ANY_TIME], ["UTC"])
    found = closest(asks, 0, pool, DEFAULT_WEIGHTS, NOW, count=4)
    assert [peers[at].id for at, _ in found] == [110, 107, 108, 106]


def test_nobody_who_fits_is_an_empty_list() -> None:
    pool = encode_peers([replace(PEER, resting=True)], free(1))
    asks = encode_members([MEMBER], pool, [ANY_TIME], ["UTC"])
    assert closest(asks, 0, pool, DEFAULT_WEIGHTS, NOW) == ()
    assert shortlist(asks, 0, pool, DEFAULT_WEIGHTS, NOW) == ()


def test_the_version_of_the_weights_is_kept() -> None:
    pool = encode_peers([PEER], free(1))
    asks = encode_members([MEMBER], pool, [ANY_TIME], ["UTC"])
    (only,) = shortlist(asks, 0, pool, Weights("9", {Part.HILL: 1}), NOW)
    assert only.weights_version == "9"
    assert only.at == NOW


def test_every_share_of_a_topic_tells_how_it_came_about() -> None:
    """A constant changed so that two come to the same share would make the reasons guess."""
    assert len(STEPS) == 3 * 2 * 2
