"""Everyone together: small cases whose best answer was worked out by hand."""

from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from portal.domain.matching.together import Fairness, wait_bonus
from portal.engine.assign import NOBODY, Assignment, Dense, assign

NO = -np.inf
NOBODY_OUT, CLOSEST = Fairness.NOBODY_OUT, Fairness.CLOSEST


def given(
    matrix: list[list[float]],
    room: list[int],
    fairness: Fairness,
    bonus: list[float] | None = None,
    pins: tuple[tuple[int, int], ...] = (),
    forbids: tuple[tuple[int, int], ...] = (),
    allowed: dict[int, list[int]] | None = None,
    ranked: dict[int, list[int]] | None = None,
) -> Assignment:
    waited: NDArray[np.float64] = np.array(bonus or [0.0] * len(matrix))
    return assign(
        Dense(np.array(matrix)),
        np.array(room),
        bonus=waited,
        fairness=fairness,
        pins=pins,
        forbids=forbids,
        allowed=allowed,
        ranked=ranked,
    )


def test_the_total_counts_not_who_comes_first() -> None:
    # First come, first served gives 90 + 10; best pair first gives the same.
    answer = given([[90.0, 80.0], [85.0, 10.0]], [1, 1], CLOSEST)
    assert answer.peer_of.tolist() == [1, 0]
    assert (answer.total, answer.worst, answer.proved, answer.gap) == (165.0, 80.0, True, 0.0)


def test_a_peer_takes_as_many_as_there_is_room_for() -> None:
    answer = given([[50.0, 10.0], [60.0, 10.0], [70.0, 10.0]], [2, 1], CLOSEST)
    assert answer.peer_of.tolist() == [1, 0, 0]


def test_a_peer_without_room_gets_nobody() -> None:
    answer = given([[50.0, 10.0]], [0, 1], NOBODY_OUT)
    assert answer.peer_of.tolist() == [1]


def test_whoever_fits_nobody_stays_without_and_harms_nobody() -> None:
    answer = given([[NO, NO], [30.0, 40.0]], [1, 1], NOBODY_OUT)
    assert answer.peer_of.tolist() == [NOBODY, 1]
    assert (answer.placed, answer.worst) == (1, 40.0)
    assert answer.score.tolist() == [NO, 40.0]


@pytest.mark.parametrize("fairness", Fairness)
def test_where_nobody_fits_there_is_an_empty_answer(fairness: Fairness) -> None:
    answer = given([[NO], [NO]], [3], fairness)
    assert answer.peer_of.tolist() == [NOBODY, NOBODY]
    assert (answer.total, answer.worst, answer.proved) == (0.0, None, True)


@pytest.mark.parametrize("fairness", Fairness)
def test_nobody_asks_and_nobody_is_given(fairness: Fairness) -> None:
    answer = assign(Dense(np.zeros((0, 2))), np.array([1, 1]), bonus=np.zeros(0), fairness=fairness)
    assert answer.peer_of.tolist() == []


@pytest.mark.parametrize("fairness", Fairness)
def test_without_peers_everybody_stays_without(fairness: Fairness) -> None:
    answer = assign(Dense(np.zeros((2, 0))), np.zeros(0, np.int64), bonus=np.zeros(2), fairness=fairness)
    assert answer.peer_of.tolist() == [NOBODY, NOBODY]


def test_closest_fits_leave_somebody_out_where_nobody_left_out_does_not() -> None:
    # One close pair (100) is worth more than two loose ones (30 + 30), but places one person.
    matrix = [[100.0, 30.0], [30.0, NO]]
    assert given(matrix, [1, 1], CLOSEST).peer_of.tolist() == [0, NOBODY]
    assert given(matrix, [1, 1], NOBODY_OUT).peer_of.tolist() == [1, 0]


def test_closest_fits_place_everybody_where_that_is_worth_more() -> None:
    assert given([[50.0, 30.0], [30.0, NO]], [1, 1], CLOSEST).peer_of.tolist() == [1, 0]


def test_raising_the_worst_pair_comes_before_the_total() -> None:
    # 100 + 20 is more than 55 + 50, but its worst pair is 20.
    matrix = [[100.0, 55.0], [50.0, 20.0]]
    assert given(matrix, [1, 1], CLOSEST).peer_of.tolist() == [0, 1]
    raised = given(matrix, [1, 1], NOBODY_OUT)
    assert raised.peer_of.tolist() == [1, 0]
    assert (raised.worst, raised.total) == (50.0, 105.0)


def test_most_people_come_before_the_worst_pair() -> None:
    answer = given([[80.0, NO], [70.0, 5.0]], [1, 1], NOBODY_OUT)
    assert answer.peer_of.tolist() == [0, 1]
    assert answer.worst == 5.0


def test_above_the_worst_pair_the_total_decides() -> None:
    # Whoever gets peer 2 has 10; the others should have 60 + 70, not 40 + 50.
    matrix = [[60.0, 40.0, NO], [50.0, 70.0, NO], [NO, NO, 10.0]]
    answer = given(matrix, [1, 1, 1], NOBODY_OUT)
    assert answer.peer_of.tolist() == [0, 1, 2]
    assert (answer.worst, answer.total) == (10.0, 140.0)


def test_having_waited_longer_wins_a_place_by_its_points() -> None:
    answer = given([[50.0], [48.0]], [1], NOBODY_OUT, bonus=[0.0, 3.0])
    # The worst pair comes first: 50 is higher than 48, whoever waited.
    assert answer.peer_of.tolist() == [0, NOBODY]
    assert given([[50.0], [48.0]], [1], CLOSEST, bonus=[0.0, 3.0]).peer_of.tolist() == [NOBODY, 0]


def test_among_exact_ties_the_longer_wait_comes_first() -> None:
    # 50 + 2 and 47 + 5 are the same.
    assert given([[50.0], [47.0]], [1], CLOSEST, bonus=[2.0, 5.0]).peer_of.tolist() == [NOBODY, 0]
    assert given([[47.0], [50.0]], [1], CLOSEST, bonus=[5.0, 2.0]).peer_of.tolist() == [0, NOBODY]


def test_a_pin_holds_and_the_rest_makes_room() -> None:
    answer = given([[90.0, 80.0], [85.0, 10.0]], [1, 1], CLOSEST, pins=((0, 0),))
    assert answer.peer_of.tolist() == [0, 1]
    assert (answer.lost_pins, answer.total) == ((), 100.0)


def test_the_others_are_raised_however_far_off_a_pin_is() -> None:
    # Were the pin's 5 the worst of all, nothing would be left to raise for the others.
    answer = given([[5.0, NO, NO], [NO, 100.0, 55.0], [NO, 50.0, 20.0]], [1, 1, 1], NOBODY_OUT, pins=((0, 0),))
    assert answer.peer_of.tolist() == [0, 2, 1]


@pytest.mark.parametrize(
    ("pins", "lost"),
    [
        (((0, 2),), ((0, 2),)),  # a filter holds
        (((0, 0), (1, 0)), ((1, 0),)),  # no room for both
        (((0, 0), (0, 1)), ((0, 1),)),  # one person, two peers
        (((0, 0), (0, 0)), ()),  # said twice
    ],
)
def test_a_pin_that_cannot_be_kept_is_named(
    pins: tuple[tuple[int, int], ...], lost: tuple[tuple[int, int], ...]
) -> None:
    answer = given([[90.0, 80.0, NO], [85.0, 70.0, NO]], [1, 1, 1], CLOSEST, pins=pins)
    assert answer.lost_pins == lost
    assert answer.placed == 2


def test_a_forbidden_pair_never_comes_about_not_even_pinned() -> None:
    answer = given([[90.0, 80.0]], [1, 1], NOBODY_OUT, pins=((0, 0),), forbids=((0, 0),))
    assert answer.peer_of.tolist() == [1]
    assert answer.lost_pins == ((0, 0),)


def test_whoever_has_ranked_gets_only_those() -> None:
    matrix = [[90.0, 80.0, 70.0], [85.0, 10.0, 20.0]]
    assert given(matrix, [1, 1, 1], CLOSEST, allowed={0: [1, 2]}).peer_of.tolist() == [1, 0]
    assert given(matrix, [1, 1, 1], NOBODY_OUT, allowed={0: []}).peer_of.tolist() == [NOBODY, 0]
    assert given(matrix, [1, 1, 1], CLOSEST, allowed={0: [2]}, pins=((0, 0),)).lost_pins == ((0, 0),)


def test_how_far_it_has_come_only_grows_and_ends_at_one() -> None:
    heard: list[float] = []
    assign(
        Dense(np.full((3, 2), 50.0)),
        np.array([1, 1]),
        bonus=np.array([wait_bonus(timedelta(days=days)) for days in (0, 3, 40)]),
        fairness=NOBODY_OUT,
        progress=heard.append,
    )
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


@pytest.mark.parametrize("fairness", Fairness)
def test_the_first_a_member_put_counts_as_their_closest_fit(fairness: Fairness) -> None:
    # By score alone the first member would get peer 1, and the second nobody.
    answer = given([[10.0, 90.0], [NO, 60.0]], [1, 1], fairness, ranked={0: [0, 1]})
    assert (answer.peer_of.tolist(), answer.score.tolist(), answer.proved) == ([0, 1], [10.0, 60.0], True)


def test_an_order_is_no_reason_to_leave_somebody_farther_off() -> None:
    answer = given([[10.0, 90.0, NO], [NO, 85.0, 40.0]], [1, 1, 1], NOBODY_OUT, ranked={0: [0, 1]})
    assert (answer.peer_of.tolist(), answer.score.tolist()) == ([0, 1], [10.0, 85.0])


@pytest.mark.parametrize("fairness", Fairness)
@pytest.mark.parametrize("matrix", [[[60.0, 80.0], [80.0, 60.0]], [[60.0, 60.0], [60.0, 60.0]]])
def test_two_who_put_each_other_first_both_get_their_first(matrix: list[list[float]], fairness: Fairness) -> None:
    answer = given(matrix, [1, 1], fairness, ranked={0: [0, 1], 1: [1, 0]})
    assert answer.peer_of.tolist() == [0, 1]


def test_a_second_choice_is_given_where_it_helps_somebody() -> None:
    answer = given([[60.0, 80.0], [70.0, NO]], [1, 1], NOBODY_OUT, ranked={0: [0, 1]})
    assert (answer.peer_of.tolist(), answer.proved) == ([1, 0], True)


def test_of_two_with_the_same_order_the_longer_wait_gets_the_first() -> None:
    matrix, ranked = [[50.0, 70.0], [50.0, 70.0]], {0: [0, 1], 1: [0, 1]}
    assert given(matrix, [1, 1], CLOSEST, bonus=[0.0, 1.5], ranked=ranked).peer_of.tolist() == [1, 0]
    assert given(matrix, [1, 1], CLOSEST, bonus=[1.5, 0.0], ranked=ranked).peer_of.tolist() == [0, 1]


def test_whoever_put_people_in_an_order_gets_nobody_else() -> None:
    answer = given([[50.0, 70.0, 99.0]], [0, 1, 1], NOBODY_OUT, forbids=((0, 1),), ranked={0: [0, 1]})
    assert answer.peer_of.tolist() == [NOBODY]


def test_the_worst_score_is_that_of_everybody_pins_included() -> None:
    assert given([[5.0, 90.0], [80.0, 70.0]], [1, 1], CLOSEST, pins=((0, 0),)).worst == 5.0
