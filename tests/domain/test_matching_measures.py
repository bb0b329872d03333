"""What is counted and shown: by cases worked out by hand, and a reader who tries to work out what is hidden."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.matching.measures import (
    FEWEST,
    Count,
    Hidden,
    Met,
    Middle,
    Share,
    Spread,
    Told,
    count,
    loads,
    middle,
    second_chats,
    share,
    spread,
    to_first_chat,
    waits,
)

FEW, HELD = Hidden.FEW, Hidden.HELD
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
small = st.integers(0, 12)


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (1, FEW), (4, FEW), (5, 5), (6, 6)])
def test_a_group_under_five_is_not_counted(number: int, shown: Count) -> None:
    assert count(number) == shown


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([], Middle(None, 0)),
        ([3.0] * 4, Middle(None, FEW)),
        ([9, 1, 5, 3, 7], Middle(5.0, 5)),
        ([1, 2, 3, 4, 5, 60], Middle(3.5, 6)),
    ],
)
def test_a_median_needs_five(values: list[float], found: Middle) -> None:
    assert middle(values) == found


@pytest.mark.parametrize(
    ("part", "of", "found"),
    [
        (0, 0, Share(Told.NOBODY)),
        (0, 4, Share(Told.FEW_IN_ALL)),
        (4, 4, Share(Told.FEW_IN_ALL)),
        (0, 5, Share(Told.NONE, 0, 5)),
        (5, 5, Share(Told.ALL, 5, 5)),
        (1, 5, Share(Told.SOME, None, 5)),
        (4, 8, Share(Told.SOME, None, 8)),
        (4, 9, Share(Told.FEW, None, 9)),
        (5, 9, Share(Told.ALL_BUT_FEW, None, 9)),
        (5, 10, Share(Told.EXACT, 5, 10)),
        (39, 40, Share(Told.ALL_BUT_FEW, None, 40)),
    ],
)
def test_a_share_tells_no_group_under_five(part: int, of: int, found: Share) -> None:
    assert share(part, of) == found


def test_a_share_is_told_in_whole_hundredths() -> None:
    assert [share(5, 15).percent, share(0, 9).percent, share(1, 9).percent, share(0, 0).percent] == [33, 0, None, None]


@pytest.mark.parametrize(
    ("counts", "cells", "total"),
    [
        ([0, 0], (0, 0), 0),
        ([5, 9], (5, 9), 14),
        # One hidden group would be the total less the others: the next smallest is hidden too.
        ([2, 9, 6], (FEW, 9, HELD), 17),
        # Two of one each can only be one each, whatever else is shown.
        ([1, 1, 20], (FEW, FEW, HELD), 22),
        ([2, 1, 20], (FEW, FEW, 20), 23),
        ([4, 4, 20], (FEW, FEW, HELD), 28),
        # The least of both can only be 1 and 5: all that is left is to leave out the total.
        ([1, 5], (FEW, HELD), HELD),
        ([3], (FEW,), FEW),
        ([2, 2], (FEW, FEW), FEW),
        ([4, 4], (FEW, FEW), HELD),
        ([3, 3], (FEW, FEW), 6),
    ],
)
def test_what_would_give_a_hidden_group_away_is_hidden_too(
    counts: list[int], cells: tuple[Count, ...], total: Count
) -> None:
    assert spread(counts) == Spread(cells, total)


def readings(found: Spread, most: int) -> Iterator[tuple[int, ...]]:
    """All that a reader has to think possible."""
    ranges: list[Sequence[int]] = [
        range(1, FEWEST) if cell is FEW else range(FEWEST, most + 1) if cell is HELD else [int(cell)]
        for cell in found.cells
    ]
    for numbers in product(*ranges):
        total = sum(numbers)
        if found.total is FEW and not 0 < total < FEWEST:
            continue
        if not isinstance(found.total, Hidden) and total != found.total:
            continue
        yield numbers


@given(st.lists(small, min_size=1, max_size=4))
def test_nobody_can_work_out_a_hidden_group(counts: list[int]) -> None:
    found = spread(counts)
    possible = list(readings(found, sum(counts) + FEWEST))
    assert tuple(counts) in possible
    for at, cell in enumerate(found.cells):
        assert (cell is FEW) == (0 < counts[at] < FEWEST)
        if cell is FEW and sum(counts) >= FEWEST:
            assert len({numbers[at] for numbers in possible}) > 1


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_what_is_shown_is_true(counts: list[int]) -> None:
    found = spread(counts)
    assert all(isinstance(cell, Hidden) or cell == number for cell, number in zip(found.cells, counts, strict=True))
    assert isinstance(found.total, Hidden) or found.total == sum(counts)
    if min(counts) >= FEWEST:
        assert found == Spread(tuple(counts), sum(counts))


@given(small, small)
def test_a_share_names_no_number_under_five(part: int, rest: int) -> None:
    found = share(part, part + rest)
    assert found.part is None or found.of is not None
    for number in (found.part, None if None in (found.part, found.of) else (found.of or 0) - (found.part or 0)):
        assert number is None or number == 0 or number >= FEWEST


@given(st.lists(st.floats(0, 400), max_size=12))
def test_the_median_is_the_standard_librarys(values: list[float]) -> None:
    found = middle(values)
    assert found.value == (median(values) if len(values) >= FEWEST else None)


def test_waits_fall_into_their_groups() -> None:
    hours = [0, 23, 24, 71, 72, 167, 168, 335, 336, 337]
    groups = [waits([timedelta(hours=each)] * FEWEST).cells.index(FEWEST) for each in hours]
    assert groups == [0, 0, 1, 1, 2, 2, 3, 3, 3, 4]


@pytest.mark.parametrize(
    ("used", "capacity", "group"),
    [(0, 6, 0), (0, 2, 3), (0, 0, 3), (3, 6, 1), (3, 7, 1), (4, 7, 2), (4, 6, 3), (12, 16, 2), (6, 6, 3)],
)
def test_peers_fall_into_their_groups_by_the_room_they_use(used: int, capacity: int, group: int) -> None:
    assert loads([(used, capacity)] * FEWEST).cells.index(FEWEST) == group


def met(asked_days_ago: float, *chats_days_ago: float) -> Met:
    return Met(NOW - timedelta(days=asked_days_ago), tuple(NOW - timedelta(days=each) for each in chats_days_ago))


def test_the_way_to_the_first_chat_counts_first_chats_of_the_window_only() -> None:
    walks = [met(10, 8), met(12, 8), met(20, 16, 1), met(25, 20), met(29, 23), met(90, 31), met(40, 0)]
    assert to_first_chat(walks, NOW - timedelta(days=30), NOW) == Middle(4.0, 5)


def test_a_second_chat_counts_within_thirty_days_of_a_first_that_long_ago() -> None:
    window = (NOW - timedelta(days=30), NOW)
    within = [met(70, 40, 10.0), met(70, 40, 20), met(70, 50, 45), met(70, 55, 50), met(70, 59, 58)]
    without = [met(70, 40), met(70, 41, 10.5), met(70, 59), met(70, 45), met(70, 44)]
    too_young, too_old = [met(30, 29, 28), met(31, 30, 29)], [met(90, 60.5, 60)]
    assert second_chats([*within, *without, *too_young, *too_old], *window) == Share(Told.EXACT, 5, 10)
    assert second_chats(too_young, *window) == Share(Told.NOBODY)
