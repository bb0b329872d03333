"""What is counted and shown: by cases worked out by hand, and a reader who knows the rule and tries to undo it."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
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
    over_a_week,
    second_chats,
    share,
    spread,
    to_first_chat,
    waits,
)

FEW, MANY, HELD = Hidden.FEW, Hidden.MANY, Hidden.HELD
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
small = st.integers(0, 12)


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (1, FEW), (4, FEW), (5, 5), (6, 6)])
def test_a_group_under_five_is_not_counted(number: int, shown: Count) -> None:
    assert count(number) == shown


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([], Middle(None, 0)),
        ([3.0] * 4, Middle(None, 1)),
        ([9, 1, 5, 3, 7], Middle(5.0, 5)),
        ([1, 2, 3, 4, 5, 60], Middle(3.5, 5)),
        ([1.0] * 27, Middle(1.0, 20)),
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
        # Four of eight, or one of six, would be the only ones for which "fewer than five" is true of a side.
        (4, 8, Share(Told.SOME, None, 8)),
        (1, 6, Share(Told.SOME, None, 6)),
        (4, 9, Share(Told.SOME, None, 9)),
        (4, 10, Share(Told.FEW, None, 10)),
        (6, 10, Share(Told.ALL_BUT_FEW, None, 10)),
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
        ([2, 9, 6], (FEW, MANY, MANY), MANY),
        ([1, 1, 20], (FEW, FEW, MANY), MANY),
        ([1, 5, 0], (FEW, MANY, 0), MANY),
        ([4, 4], (FEW, FEW), MANY),
        # Four groups of "fewer than five" that are fewer than five together could only be one each.
        ([1, 1, 1, 1], (HELD, HELD, HELD, HELD), FEW),
        ([3, 0], (HELD, HELD), FEW),
    ],
)
def test_a_figure_with_a_group_under_five_is_told_in_words(
    counts: list[int], cells: tuple[Count, ...], total: Count
) -> None:
    assert spread(counts) == Spread(cells, total)


def undone(inputs: Iterable[tuple[int, ...]], told: Callable[[tuple[int, ...]], Hashable]) -> list[Hashable]:
    """Return what is told of so few inputs that one of the groups under five in them can be told."""
    possible = defaultdict(list)
    for one in inputs:
        possible[told(one)].append(one)
    return [
        shown
        for shown, ones in possible.items()
        if any(0 < number < FEWEST for number in ones[0])
        and not any(
            all(was != now for was, now in zip(one, other, strict=True) if 0 < was < FEWEST or 0 < now < FEWEST)
            for one, other in product(ones[:9], ones)
        )
    ]


@pytest.mark.parametrize(("groups", "most"), [(1, 30), (2, 14), (3, 9), (4, 7), (5, 6)])
def test_whoever_knows_the_rule_cannot_work_out_a_group_under_five(groups: int, most: int) -> None:
    assert undone(product(range(most + 1), repeat=groups), spread) == []


def test_the_long_waits_told_beside_the_spread_give_nothing_away() -> None:
    def told(counts: tuple[int, ...]) -> Hashable:
        each = [timedelta(days=days) for days, many in zip((0, 2, 5, 10, 20), counts, strict=True) for _ in range(many)]
        return waits(each), over_a_week(each)

    assert undone(product((0, 1, 2, 3, 4, 5, 6), repeat=5), told) == []


def test_whoever_knows_the_rule_cannot_work_out_who_is_in_a_share() -> None:
    for of in range(60):
        assert undone(((part, of - part) for part in range(of + 1)), lambda both: share(both[0], sum(both))) == []


def test_whoever_knows_the_rule_learns_no_number_from_a_median() -> None:
    told = {middle([1.0] * of).at_least for of in range(5, 60)}
    assert told == {5, 10, 20, 30, 40, 50}


def test_a_week_or_longer_is_told_in_numbers_where_the_groups_are() -> None:
    long, short = [timedelta(days=7)] * 5, [timedelta(days=1)] * 6
    assert (over_a_week(long + short), over_a_week(short), over_a_week([])) == (5, 0, 0)
    assert over_a_week([*long, *short, timedelta(0)]) == MANY
    assert over_a_week([*short, *long[:2]]) == FEW


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
