"""When a rest and a talk are offered to a peer, and how many peers are as many as one coordinator should look after."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.booking import Felt
from portal.domain.matching.wellbeing import (
    FINE_FOR,
    STRAIN_FOR_COORDINATOR,
    STRAIN_WORDS,
    Load,
    Strain,
    heavy_lately,
    load_of,
    near_limit,
    offers_rest,
    strains,
)

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LIGHT, BETWEEN, HEAVY = Felt.LIGHT, Felt.BETWEEN, Felt.HEAVY


@pytest.mark.parametrize(
    ("capacity", "carried", "walks", "near"),
    [
        (6, 0, 0, False),  # nobody yet
        (0, 0, 0, False),
        (6, 3, 1, False),  # room for one new match
        (6, 4, 2, True),  # two steady: less than a new match is free
        (3, 3, 1, True),
        (3, 2, 1, True),
        (16, 12, 4, False),  # three quarters, and room for one more
        (16, 13, 5, True),  # four fifths, and room for one more
        (30, 24, 12, True),  # exactly four fifths
        (30, 23, 12, False),
        (2, 6, 2, True),  # made smaller than what is carried
        (0, 2, 1, True),
    ],
)
def test_the_limit_is_near_without_room_for_one_more_or_at_four_fifths(
    capacity: int, carried: int, walks: int, near: bool
) -> None:
    assert near_limit(capacity, carried, walks) is near


@pytest.mark.parametrize(
    ("felt", "heavy"),
    [
        ((), False),
        ((HEAVY,), False),
        ((HEAVY, HEAVY), True),
        ((HEAVY, LIGHT, HEAVY), True),
        ((HEAVY, BETWEEN, LIGHT, HEAVY), False),
        ((LIGHT, BETWEEN, HEAVY, HEAVY, HEAVY), False),
    ],
)
def test_two_heavy_chats_of_the_last_three_are_heavy(felt: tuple[Felt, ...], heavy: bool) -> None:
    assert heavy_lately(felt) is heavy


def test_what_weighs_most_stands_first_and_who_rests_is_not_full() -> None:
    assert strains(3, 3, 1, (HEAVY, HEAVY), resting=False) == (Strain.HEAVY, Strain.FULL)
    assert strains(3, 3, 1, (HEAVY, HEAVY), resting=True) == (Strain.HEAVY,)
    assert strains(6, 3, 1, (LIGHT,), resting=False) == ()


def offered(found: tuple[Strain, ...] = (Strain.HEAVY,), **changed: object) -> bool:
    given = {"resting": False, "talk_open": False, "fine_at": None, "now": NOW} | changed
    return offers_rest(found, **given)  # type: ignore[arg-type]


def test_a_rest_is_offered_where_there_is_a_reason_and_not_twice() -> None:
    assert offered()
    assert not offered(())
    assert not offered(resting=True)
    assert not offered(talk_open=True)


def test_who_says_that_they_are_fine_is_left_in_peace_for_two_weeks() -> None:
    assert not offered(fine_at=NOW)
    assert not offered(fine_at=NOW - FINE_FOR + timedelta(seconds=1))
    assert offered(fine_at=NOW - FINE_FOR)


def test_eight_peers_are_as_many_as_one_coordinator_should_look_after() -> None:
    assert [load_of(peers) for peers in (0, 7, 8, 9)] == [Load.WELL, Load.WELL, Load.FULL, Load.OVER]


def test_each_reason_has_words_for_both_readers() -> None:
    assert set(STRAIN_WORDS) == set(STRAIN_FOR_COORDINATOR) == set(Strain)
