"""Openings as arrays count what the domain's openings count."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.community import community
from portal.domain.experience import DayPart, day_part_of
from portal.domain.matching.values import Openings
from portal.engine.times import times_of

# The clocks of New York go forward on 8 March 2026.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ZONES = ("America/New_York", "Asia/Kolkata")

starts = st.lists(st.integers(-10, 15 * 48).map(lambda halves: NOW + timedelta(minutes=30 * halves)), unique=True)


@given(st.lists(starts, max_size=4), st.frozensets(st.sampled_from(DayPart)), st.sampled_from(ZONES))
def test_openings_are_those_whose_day_part_was_told(
    of_peers: list[list[datetime]], told: frozenset[DayPart], zone: str
) -> None:
    times = times_of(ZONES, of_peers, NOW)
    for at, of_one in enumerate(of_peers):
        suits = [
            start
            for start in of_one
            if NOW <= start < NOW + timedelta(days=14)
            and (not told or day_part_of(start.astimezone(ZoneInfo(zone))) in told)
        ]
        assert times.openings(zone, told, at, NOW) == Openings(len(suits), min(suits, default=None))


def test_the_same_instant_is_another_part_of_the_week_elsewhere() -> None:
    monday_evening = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    times = times_of(ZONES, [[monday_evening]], NOW)
    evening, night = frozenset({DayPart.WEEKDAY_EVENING}), frozenset({DayPart.WEEKDAY_NIGHT})
    assert times.openings("America/New_York", evening, 0, NOW).common_count == 1
    assert times.openings("Asia/Kolkata", evening, 0, NOW).common_count == 0
    assert times.openings("Asia/Kolkata", night, 0, NOW).common_count == 1


def test_a_zone_that_was_not_asked_for_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"not in tuple"):
        times_of(ZONES, [[]], NOW).openings("Europe/Berlin", frozenset(), 0, NOW)


def test_a_made_up_community_is_the_same_for_the_same_seed() -> None:
    one, two, other = community(30, 20), community(30, 20), community(30, 20, seed=8)
    assert one == two
    assert one.members != other.members
    assert np.array_equal(one.times.counts, two.times.counts)
    assert not {member.id for member in one.members} & {peer.id for peer in one.peers}
    assert one.weekly.keys() == {peer.id for peer in one.peers}
