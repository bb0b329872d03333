"""Everyone together, on small cases made at random, held against every assignment there is."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from portal.domain.matching.together import Fairness
from portal.engine.assign import NOBODY, Assignment, Dense, assign

NO = -np.inf


@st.composite
def cases(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """A matrix of up to five members and four peers, their room, and what waiting adds."""
    members, peers = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    cell = st.one_of(st.just(NO), st.sampled_from([10.0, 20.0, 30.0]), st.floats(0.5, 100.0))
    matrix = [[draw(cell) for _ in range(peers)] for _ in range(members)]
    room = [draw(st.integers(0, 3)) for _ in range(peers)]
    bonus = [draw(st.sampled_from([0.0, 0.5, 3.0, 10.0])) for _ in range(members)]
    return np.array(matrix), np.array(room), np.array(bonus)


def every(matrix: NDArray[np.float64], room: NDArray[np.int64]) -> Iterator[list[tuple[int, int]]]:
    """Every way to give members at most one peer each within the room."""
    peers = matrix.shape[1]
    for way in product(range(-1, peers), repeat=matrix.shape[0]):
        pairs = [(member, peer) for member, peer in enumerate(way) if peer >= 0]
        fits = all(matrix[pair] > NO for pair in pairs)
        if fits and all(sum(taken == peer for _, taken in pairs) <= room[peer] for peer in range(peers)):
            yield pairs


def found(answer: Assignment) -> list[tuple[int, int]]:
    return [(member, int(peer)) for member, peer in enumerate(answer.peer_of) if peer != NOBODY]


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_closest_fits_are_the_largest_total_there_is(
    case: tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]],
) -> None:
    matrix, room, bonus = case
    answer = assign(Dense(matrix), room, bonus=bonus, fairness=Fairness.CLOSEST)
    ways = list(every(matrix, room))
    totals = [sum(matrix[pair] + bonus[pair[0]] for pair in pairs) for pairs in ways]
    assert found(answer) in ways
    assert answer.total == pytest.approx(max(totals), abs=1e-5)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_nobody_left_out_is_most_people_then_the_worst_raised_then_the_total(
    case: tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]],
) -> None:
    matrix, room, bonus = case
    answer = assign(Dense(matrix), room, bonus=bonus, fairness=Fairness.NOBODY_OUT)

    def aims(pairs: list[tuple[int, int]]) -> tuple[int, float, float]:
        worst = min((matrix[pair] for pair in pairs), default=0.0)
        return len(pairs), worst, sum(matrix[pair] + bonus[pair[0]] for pair in pairs)

    ways = list(every(matrix, room))
    most, worst, total = max(aims(pairs) for pairs in ways)
    assert found(answer) in ways
    assert (answer.placed, answer.worst or 0.0) == (most, worst)
    assert answer.total == pytest.approx(total, abs=1e-5)


@settings(max_examples=200, deadline=None)
@given(cases(), st.data(), st.sampled_from(Fairness))
def test_with_orders_no_other_answer_is_better_by_what_they_count(
    case: tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]], data: st.DataObject, fairness: Fairness
) -> None:
    matrix, room, bonus = case
    members, peers = matrix.shape
    who = data.draw(st.sets(st.integers(0, members - 1)))
    ranked = {
        member: data.draw(st.lists(st.integers(0, peers - 1), min_size=1, max_size=3, unique=True))
        for member in sorted(who)
    }
    answer = assign(Dense(matrix), room, bonus=bonus, fairness=fairness, ranked=ranked)
    counts = matrix.copy()
    for member, order in ranked.items():
        fit = [peer for peer in order if matrix[member, peer] > NO]
        counts[member] = NO
        counts[member, fit] = sorted(matrix[member, fit], reverse=True)

    def aims(pairs: list[tuple[int, int]]) -> tuple[float, ...]:
        total = sum(counts[pair] + bonus[pair[0]] for pair in pairs)
        worst = min((counts[pair] for pair in pairs), default=0.0)
        return (len(pairs), worst, total) if fairness is Fairness.NOBODY_OUT else (total,)

    ways = list(every(counts, room))
    assert found(answer) in ways
    # Which of several with the same score comes first is worth a hair, and no more.
    best, here = max(map(aims, ways)), aims(found(answer))
    assert all(mine >= theirs - 1e-3 for mine, theirs in zip(here, best, strict=True))
    assert [answer.score[pair[0]] for pair in found(answer)] == [matrix[pair] for pair in found(answer)]


@pytest.mark.parametrize("seed", range(5))
def test_the_total_is_that_of_scipys_own_method(seed: int) -> None:
    chance = np.random.default_rng(seed)
    matrix = chance.random((60, 40)) * 100
    matrix[chance.random((60, 40)) < 0.5] = NO
    room = chance.integers(0, 4, 40)
    answer = assign(Dense(matrix), room, bonus=np.zeros(60), fairness=Fairness.CLOSEST)
    places = np.where(matrix > NO, matrix, 0.0)[:, np.repeat(np.arange(40), room)]
    assert answer.total == pytest.approx(places[linear_sum_assignment(-places)].sum(), abs=1e-4)
    assert (np.bincount(answer.peer_of[answer.peer_of != NOBODY], minlength=40) <= room).all()
