"""How waiting counts when everybody is matched at once."""

from datetime import timedelta

import pytest

from portal.domain.matching.together import FAIRNESS_WORDS, Fairness, wait_bonus


@pytest.mark.parametrize(
    ("days", "points"), [(-1, 0.0), (0, 0.0), (1, 0.5), (2, 1.0), (7, 3.5), (20, 10.0), (90, 10.0)]
)
def test_two_days_of_waiting_are_a_point_and_ten_are_the_most(days: int, points: float) -> None:
    assert wait_bonus(timedelta(days=days)) == points


def test_both_ways_to_be_fair_have_words() -> None:
    assert set(FAIRNESS_WORDS) == set(Fairness)
