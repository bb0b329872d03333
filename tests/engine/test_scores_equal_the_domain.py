"""Whoever fits in the domain fits in the engine, with the same score; whatever holds there holds here."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings

from bench.community import community
from portal.domain.experience import Format, Readiness, Stage, WishKind
from portal.domain.matching.explain import suggest
from portal.domain.matching.filters import Filter
from portal.domain.matching.score import DEFAULT_WEIGHTS, Part, Weights
from portal.domain.matching.values import Member, Peer, PeerTopic
from portal.engine.asks import encode_members
from portal.engine.pool import encode_peers
from portal.engine.score import fits_of, score_block, score_pairs
from portal.engine.times import DAY_PARTS, Times
from tests.domain.matching_people import GRIEF, MEMBER, NEXT_TOWN, NOW, PEER, TOWN, like, must
from tests.engine.crowd import Crowd, crowds
from tests.engine.crowd import weights as any_weights

ANY_TIME: frozenset[Any] = frozenset()


def free(peers: int, openings: int = 4) -> Times:
    counts = np.zeros((1, peers, len(DAY_PARTS)), dtype=np.int64)
    counts[:, :, 0] = openings
    return Times(("UTC",), counts, np.where(counts > 0, 24 * 3600.0, inf))


def score_of(member: Member, peer: Peer, times: Times | None = None, weights: Weights = DEFAULT_WEIGHTS) -> float:
    """The engine's score of a pair, after asking the domain about it too."""
    times = times or free(1)
    pool = encode_peers([peer], times)
    asks = encode_members([member], pool, [ANY_TIME], ["UTC"])
    score = float(score_block(asks, slice(None), pool, weights, NOW)[0, 0])
    suggestion = suggest(member, peer, times.openings("UTC", ANY_TIME, 0, NOW), weights, NOW)
    assert score == (pytest.approx(suggestion.score, abs=1e-9) if suggestion.fits else -inf)
    return score


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(crowds(), any_weights)
def test_any_pair_fits_and_scores_as_in_the_domain(crowd: Crowd, weights: Weights) -> None:
    pool, asks = crowd.encoded()
    scores = score_block(asks, slice(None), pool, weights, NOW)
    for row, (member, told, zone) in enumerate(zip(crowd.members, crowd.told, crowd.zones, strict=True)):
        for at, peer in enumerate(crowd.peers):
            suggestion = suggest(member, peer, crowd.times.openings(zone, told, at, NOW), weights, NOW)
            if suggestion.fits:
                event("fits")
                assert scores[row, at] == pytest.approx(suggestion.score, abs=1e-9)
            else:
                event("held")
                assert scores[row, at] == -inf


def test_a_whole_community_scores_as_in_the_domain_and_every_rule_has_spoken() -> None:
    made = community(120, 100)
    pool = encode_peers(made.peers, made.times)
    asks = encode_members(made.members, pool, made.told, made.zones)
    scores = score_block(asks, slice(None), pool, DEFAULT_WEIGHTS, made.now)
    held: Counter[Filter] = Counter()
    parts: Counter[tuple[Part, bool]] = Counter()
    sides: Counter[bool] = Counter()
    for row, (member, told, zone) in enumerate(zip(made.members, made.told, made.zones, strict=True)):
        for at, peer in enumerate(made.peers):
            openings = made.times.openings(zone, told, at, made.now)
            suggestion = suggest(member, peer, openings, DEFAULT_WEIGHTS, made.now)
            assert scores[row, at] == (pytest.approx(suggestion.score, abs=1e-9) if suggestion.fits else -inf)
            held.update(check.filter for check in suggestion.held)
            if suggestion.fits:
                parts.update((part.part, part.share is not None) for part in suggestion.parts)
                sides[suggestion.theirs is not None] += 1
    assert set(held) == set(Filter)
    assert {part for part, counted in parts if counted} == set(Part)
    assert {part for part, counted in parts if not counted} == {Part.ASKED, Part.STYLE, Part.IDENTITY}
    assert sides[True]
    assert sides[False]


def test_pairs_are_the_block_without_its_empty_cells() -> None:
    made = community(50, 60)
    pool = encode_peers(made.peers, made.times)
    asks = encode_members(made.members, pool, made.told, made.zones)
    rows = np.array([40, 3, 17, 3])
    block = score_block(asks, rows, pool, DEFAULT_WEIGHTS, made.now)
    lines, peers, scores = score_pairs(asks, rows, pool, DEFAULT_WEIGHTS, made.now)
    assert len(scores)
    assert [*zip(lines, peers, strict=True)] == [*zip(*np.nonzero(block > -inf), strict=True)]
    assert (block[lines, peers] == scores).all()
    assert (block == score_block(asks, slice(None), pool, DEFAULT_WEIGHTS, made.now)[rows]).all()


def test_distances_without_a_table_are_the_same() -> None:
    """What a community spread over a whole continent does."""
    made = community(60, 80)
    pool = encode_peers(made.peers, made.times)
    asks = encode_members(made.members, pool, made.told, made.zones)
    assert asks.km is not None
    block = score_block(asks, slice(None), pool, DEFAULT_WEIGHTS, made.now)
    spread = replace(asks, km=None)
    assert np.allclose(block, score_block(spread, slice(None), pool, DEFAULT_WEIGHTS, made.now), rtol=0, atol=1e-9)
    for row in range(len(asks)):
        assert set(fits_of(spread, row, pool, DEFAULT_WEIGHTS, made.now).peers) == {*np.flatnonzero(block[row] > -inf)}


def test_a_pair_that_fits_has_a_score() -> None:
    assert score_of(MEMBER, PEER) > 50


AHEAD_ONLY = replace(GRIEF, ahead_only=True, stage=Stage.FURTHER)


@pytest.mark.parametrize(
    ("held", "member", "peer"),
    [
        (Filter.ACTIVE, {}, {"approved": False}),
        (Filter.ACTIVE, {}, {"agreed": False}),
        (Filter.ACTIVE, {}, {"resting": True}),
        (Filter.ACTIVE, {}, {"readiness_confirmed_at": None}),
        (Filter.ACTIVE, {}, {"readiness_confirmed_at": NOW - timedelta(days=14, microseconds=1)}),
        (Filter.APART, {"apart": frozenset({PEER.id})}, {}),
        (Filter.APART, {}, {"apart": frozenset({MEMBER.id})}),
        (Filter.LANGUAGE, {}, {"languages": frozenset({"fr"})}),
        (Filter.LANGUAGE, {"languages": frozenset()}, {}),
        (Filter.FORMAT, {}, {"formats": frozenset({Format.TEXT})}),
        (Filter.FORMAT, {"formats": frozenset({Format.COFFEE})}, {}),
        (Filter.FORMAT, {"formats": frozenset({Format.COFFEE}), "place": TOWN}, {}),
        (Filter.FORMAT, {"formats": frozenset({Format.COFFEE}), "place": TOWN, "radius_km": 5.0}, {"place": NEXT_TOWN}),
        (Filter.LIMITS, {"wishes": (must(WishKind.GENDER, "woman"),)}, {}),
        (Filter.LIMITS, {"wishes": (must(WishKind.NOT_LOCAL),)}, {}),
        (Filter.LIMITS, {"wishes": (must(WishKind.NOT_LOCAL),), "place": TOWN}, {"place": NEXT_TOWN}),
        (
            Filter.LIMITS,
            {},
            {
                "topics": (
                    *PEER.topics,
                    PeerTopic("grief-partner", "grief", Stage.STEADIER, Readiness.NOT_NOW),
                )
            },
        ),
        (Filter.CAPACITY, {}, {"capacity_units": 6, "units_used": 4}),
        (Filter.TOPIC, {}, {"topics": (PeerTopic("grief-parent", "grief", Stage.FURTHER, Readiness.GLAD),)}),
        (Filter.TOPIC, {"topics": (AHEAD_ONLY,)}, {}),
        (Filter.TOPIC, {"topics": ()}, {}),
    ],
)
def test_each_filter_holds_by_itself(held: Filter, member: dict[str, Any], peer: dict[str, Any]) -> None:
    asks, offers = replace(MEMBER, **member), replace(PEER, **peer)
    openings = free(1).openings("UTC", ANY_TIME, 0, NOW)
    assert [check.filter for check in suggest(asks, offers, openings, DEFAULT_WEIGHTS, NOW).held] == [held]
    assert score_of(asks, offers) == -inf


def test_one_opening_is_too_few_and_two_are_enough() -> None:
    assert score_of(MEMBER, PEER, free(1, openings=1)) == -inf
    assert score_of(MEMBER, PEER, free(1, openings=2)) > 0


def test_any_of_several_values_meets_a_wish_whatever_its_case() -> None:
    asks = replace(MEMBER, wishes=(must(WishKind.CULTURE, "Polish , IRISH"),))
    assert score_of(asks, replace(PEER, traits={WishKind.CULTURE: "irish,German"})) > 0
    assert score_of(asks, replace(PEER, traits={WishKind.CULTURE: "German"})) == -inf
    assert score_of(replace(MEMBER, wishes=(must(WishKind.CULTURE, ","),)), PEER) == -inf


def test_a_weight_of_nothing_takes_a_part_out() -> None:
    bare = Weights("2", {Part.HILL: 40})
    assert score_of(MEMBER, PEER, weights=bare) == pytest.approx(100)
    assert score_of(MEMBER, PEER, weights=Weights("3", {})) == 0
    wishes = (like(WishKind.GENDER, "woman"),)
    assert score_of(replace(MEMBER, wishes=wishes), PEER, weights=bare) == pytest.approx(100)


def test_somebody_may_be_met_in_person_next_door_with_a_radius_of_nothing() -> None:
    asks = replace(MEMBER, formats=frozenset({Format.COFFEE}), place=TOWN, radius_km=0.0)
    assert score_of(asks, replace(PEER, place=TOWN)) > 0
    assert score_of(asks, replace(PEER, place=NEXT_TOWN)) == -inf


def test_nobody_asks_or_nobody_offers() -> None:
    nobody = encode_peers([], free(0))
    asks = encode_members([MEMBER], nobody, [ANY_TIME], ["UTC"])
    assert score_block(asks, slice(None), nobody, DEFAULT_WEIGHTS, NOW).shape == (1, 0)
    pool = encode_peers([PEER], free(1))
    nobody_asks = encode_members([], pool, [], [])
    assert score_block(nobody_asks, slice(None), pool, DEFAULT_WEIGHTS, NOW).shape == (0, 1)
