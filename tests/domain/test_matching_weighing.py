"""What may be set as weights, and what a change would do, counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.errors import BadInput
from portal.domain.matching.score import DEFAULT_POINTS, DEFAULT_WEIGHTS, Part
from portal.domain.matching.weighing import (
    ALL_NOTHING,
    OUT_OF_RANGE,
    Changed,
    Order,
    Turn,
    checked,
    checked_note,
    difference,
    moved,
    stays,
)

orders = st.lists(st.integers(1, 6), unique=True, max_size=3).map(tuple)
pairs = st.lists(st.tuples(orders, orders), max_size=8)


@pytest.mark.parametrize(
    ("points", "field", "sentence"),
    [
        (dict.fromkeys(Part, 0.0), "", ALL_NOTHING),
        ({}, "", ALL_NOTHING),
        ({**DEFAULT_POINTS, Part.STYLE: -0.1}, "style", OUT_OF_RANGE),
        ({**DEFAULT_POINTS, Part.ROOM: 100.1}, "room", OUT_OF_RANGE),
        ({**DEFAULT_POINTS, Part.HILL: float("nan")}, "hill", OUT_OF_RANGE),
        ({**DEFAULT_POINTS, Part.HILL: float("inf")}, "hill", OUT_OF_RANGE),
    ],
)
def test_what_cannot_weigh_is_refused_with_its_part(points: dict[Part, float], field: str, sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        checked(points)
    assert (refused.value.field, refused.value.sentence) == (field, sentence)


def test_points_are_kept_for_every_part() -> None:
    assert checked({Part.ROOM: 100}) == {**dict.fromkeys(Part, 0.0), Part.ROOM: 100.0}
    assert checked(DEFAULT_POINTS) == dict(DEFAULT_POINTS)


def test_a_note_is_trimmed_and_at_most_500_letters() -> None:
    assert (checked_note("  why \n"), checked_note("x" * 500), checked_note("")) == ("why", "x" * 500, "")
    with pytest.raises(BadInput):
        checked_note("x" * 501)


def test_one_part_is_moved_by_a_quarter_and_the_others_stay() -> None:
    less, more = (moved(DEFAULT_WEIGHTS, Part.HILL, turn).parts for turn in Turn)
    assert (less, more) == ({**DEFAULT_POINTS, Part.HILL: 30.0}, {**DEFAULT_POINTS, Part.HILL: 50.0})


def test_what_would_change_is_told_apart_by_the_first_person() -> None:
    before: list[Order] = [(1, 2, 3), (1, 2, 3), (1, 2), (), (1, 2, 3)]
    after: list[Order] = [(2, 1, 3), (1, 3, 2), (1, 2), (), (1, 2, 4)]
    found = difference([11, 12, 13, 14, 15], before, after)
    assert found.first == (Changed(11, (1, 2, 3), (2, 1, 3)),)
    assert [one.member_id for one in found.order] == [12, 15]
    assert found.same == 2


def test_who_stays_among_the_closest_is_counted_in_any_order() -> None:
    found = stays(Part.ROOM, Turn.LESS, [(1, 2, 3), (1,), ()], [(3, 1, 4), (1,), ()])
    assert (found.stay, found.of, found.first, found.people) == (3, 4, 1, 2)


@given(pairs)
def test_everybody_is_counted_once_and_nothing_changes_where_nothing_differs(pairs: list[tuple[Order, Order]]) -> None:
    before, after = [was for was, _ in pairs], [now for _, now in pairs]
    members = list(range(len(pairs)))
    found = difference(members, before, after)
    assert len(found.first) + len(found.order) + found.same == len(pairs)
    assert {one.member_id for one in found.first}.isdisjoint(one.member_id for one in found.order)
    assert difference(members, before, before).same == len(pairs)
    counted = stays(Part.HILL, Turn.MORE, before, after)
    assert 0 <= counted.stay <= counted.of == sum(map(len, before))
    assert 0 <= counted.first <= counted.people <= len(pairs)
    same = stays(Part.HILL, Turn.MORE, before, before)
    assert (same.stay, same.first) == (same.of, same.people)
