"""The six parts with numbers worked out by hand, the two sides, and what must hold for any two people."""

from dataclasses import replace
from datetime import timedelta
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.experience import Format, Readiness, Stage, Style, WishKind
from portal.domain.matching.hill import Standing, climb, hill_share, standing
from portal.domain.matching.score import (
    DEFAULT_WEIGHTS,
    Part,
    PartScore,
    Weights,
    asked_share,
    identity_share,
    member_side,
    mutual,
    other_side,
    room_share,
    style_share,
    together_share,
    total,
)
from portal.domain.matching.values import Member, MemberTopic, Openings, Peer, PeerTopic, distance_km
from tests.domain.matching_people import (
    GRIEF,
    JOB_LOSS,
    LOW_MOOD,
    NEXT_TOWN,
    NOW,
    SOON,
    TOWN,
    like,
    member,
    members,
    must,
    openings,
    peer,
    peers,
)

GLAD, LISTEN = Readiness.GLAD, Readiness.LISTEN


def known(slug: str, group: str, stage: Stage, readiness: Readiness = GLAD) -> PeerTopic:
    return PeerTopic(slug, group, stage, readiness)


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        (Stage.MIDDLE, Stage.FURTHER, Standing.AHEAD),
        (Stage.MIDDLE, Stage.FINDING, Standing.AHEAD),
        (Stage.STEADIER, Stage.STEADIER, Standing.ALONGSIDE),
        (Stage.FURTHER, Stage.STEADIER, Standing.BEHIND),
        (Stage.UNSURE, Stage.STEADIER, Standing.ALONGSIDE),
        (Stage.UNSURE, Stage.FURTHER, Standing.AHEAD),
        (Stage.MIDDLE, Stage.UNSURE, Standing.ALONGSIDE),
    ],
)
def test_who_is_ahead_on_the_hill(own: Stage, theirs: Stage, expected: Standing) -> None:
    assert standing(own, theirs) is expected


@pytest.mark.parametrize(
    ("topics", "share"),
    [
        ([known("grief-partner", "grief", Stage.FURTHER)], 1.0),
        ([known("grief-partner", "grief", Stage.FURTHER, LISTEN)], 0.6),
        ([known("grief-partner", "grief", Stage.MIDDLE)], 0.7),
        ([known("grief-parent", "grief", Stage.FURTHER)], 0.4),
        ([known("grief-parent", "grief", Stage.FURTHER, LISTEN)], 0.24),
        ([known("grief-parent", "grief", Stage.FURTHER, Readiness.NOT_NOW)], 0.0),
        (
            [
                known("grief-parent", "grief", Stage.FURTHER),
                known("grief-partner", "grief", Stage.FURTHER, Readiness.NOT_NOW),
            ],
            0.0,
        ),
        (
            [known("grief-partner", "grief", Stage.MIDDLE, LISTEN), known("grief-parent", "grief", Stage.FURTHER)],
            0.42,
        ),
        ([], 0.0),
    ],
)
def test_one_topic_gives_stage_times_readiness_and_a_sibling_two_fifths(topics: list[PeerTopic], share: float) -> None:
    assert hill_share(climb(member(), peer(topics=tuple(topics)))) == pytest.approx(share)


def test_three_ranks_give_twenty_twelve_and_eight() -> None:
    who = member(topics=(JOB_LOSS, GRIEF, LOW_MOOD))
    other = peer(
        topics=(
            known("grief-partner", "grief", Stage.FURTHER),  # ahead, glad: 20 * 1 = 20
            known("low-mood", "mood", Stage.FINDING, LISTEN),  # alongside, listens: 12 * 0.7 * 0.6 = 5.04
            known("job-loss", "work", Stage.STEADIER),  # behind, glad: 8 * 0.2 = 1.6
        )
    )
    hill = member_side(who, other, SOON, DEFAULT_WEIGHTS, NOW)[0]
    assert hill.part is Part.HILL
    assert hill.points == pytest.approx(26.64)


def test_an_ahead_only_topic_gives_nothing_with_somebody_alongside() -> None:
    who = member(topics=(MemberTopic("x", "g", 1, Stage.FINDING, ahead_only=True),))
    assert hill_share(climb(who, peer(topics=(known("x", "g", Stage.FINDING),)))) == 0.0


def test_no_topic_named_means_the_hill_does_not_count() -> None:
    assert hill_share(climb(member(topics=()), peer())) is None


@pytest.mark.parametrize(
    ("wishes", "share"),
    [
        ((), None),
        ((like(WishKind.VETERAN),), 1.0),
        ((like(WishKind.PARENT),), 0.0),
        ((like(WishKind.VETERAN), like(WishKind.PARENT)), 0.5),
        ((must(WishKind.VETERAN), like(WishKind.GENDER, "man"), like(WishKind.PARENT)), 2 / 3),
    ],
)
def test_wishes_share_their_part_equally(wishes: Any, share: float | None) -> None:
    assert asked_share(wishes, {WishKind.VETERAN: "yes", WishKind.GENDER: "man"}, None) == share


@pytest.mark.parametrize(
    ("own", "theirs", "share"),
    [
        ({Style.GENTLE, Style.LISTEN}, {Style.GENTLE, Style.STRAIGHT, Style.HUMOUR}, 0.5),
        ({Style.GENTLE}, {Style.GENTLE, Style.STRAIGHT}, 1.0),
        ({Style.GENTLE}, {Style.STRAIGHT}, 0.0),
        (set(), {Style.GENTLE}, None),
        ({Style.GENTLE}, set(), None),
    ],
)
def test_style_counts_only_where_both_said(own: set[Style], theirs: set[Style], share: float | None) -> None:
    assert style_share(frozenset(own), frozenset(theirs)) == share


@pytest.mark.parametrize(
    ("ticked", "own", "theirs", "share"),
    [
        ((), {WishKind.PARENT: "yes"}, {WishKind.PARENT: "yes"}, None),
        ((WishKind.PARENT,), {WishKind.PARENT: "yes"}, {WishKind.PARENT: "yes"}, 1.0),
        ((WishKind.PARENT,), {WishKind.PARENT: "yes"}, {}, 0.0),
        ((WishKind.PARENT,), {}, {WishKind.PARENT: "yes"}, None),
        (
            (WishKind.PARENT, WishKind.FAITH),
            {WishKind.PARENT: "yes", WishKind.FAITH: "secular"},
            {WishKind.PARENT: "yes", WishKind.FAITH: "faith"},
            0.5,
        ),
    ],
)
def test_identity_counts_only_where_ticked_and_told(
    ticked: tuple[WishKind, ...], own: dict[WishKind, str], theirs: dict[WishKind, str], share: float | None
) -> None:
    assert identity_share(member(identity_matters=ticked, traits=own), peer(traits=theirs)) == share


@pytest.mark.parametrize(("days", "share"), [(0, 1.0), (3, 1.0), (8.5, 0.5), (14, 0.0), (20, 0.0)])
def test_meeting_within_three_days_is_full_and_after_fourteen_nothing(days: float, share: float) -> None:
    common = Openings(2, NOW + timedelta(days=days))
    assert together_share(member(), peer(), common, NOW) == pytest.approx(share)


def test_no_common_time_gives_nothing_for_getting_together() -> None:
    assert together_share(member(), peer(), Openings(), NOW) == 0.0


def test_living_near_counts_three_tenths_where_they_may_meet_in_person() -> None:
    km = distance_km(member(place=TOWN), peer(place=NEXT_TOWN))
    assert km == pytest.approx(11.12, abs=0.01)
    who, other = member(place=TOWN, radius_km=22.24), peer(place=NEXT_TOWN)
    assert together_share(who, other, SOON, NOW) == pytest.approx(0.7 + 0.3 * 0.5, abs=0.001)
    assert together_share(replace(who, radius_km=None), other, SOON, NOW) == pytest.approx(
        0.7 + 0.3 * (1 - 11.12 / 25), abs=0.001
    )
    by_phone = replace(who, formats=frozenset({Format.PHONE}))
    assert together_share(by_phone, other, SOON, NOW) == 1.0


@pytest.mark.parametrize(("capacity", "used", "share"), [(6, 0, 1.0), (6, 3, 0.5), (6, 9, 0.0), (0, 0, 0.0)])
def test_room_is_the_free_share(capacity: int, used: int, share: float) -> None:
    assert room_share(peer(capacity_units=capacity, units_used=used)) == share


def test_the_default_weights_are_the_documented_hundred() -> None:
    assert [DEFAULT_WEIGHTS.parts[part] for part in Part] == [40, 20, 15, 10, 10, 5]


def test_a_whole_fit_by_hand() -> None:
    who = member(
        topics=(GRIEF, LOW_MOOD, JOB_LOSS),
        wishes=(like(WishKind.VETERAN), like(WishKind.PARENT)),
        styles=frozenset({Style.GENTLE, Style.LISTEN}),
    )
    other = peer(traits={WishKind.PARENT: "yes"}, styles=frozenset({Style.GENTLE}), units_used=3)
    # hill 20 of 40, wishes 10 of 20, style 7.5 of 15, identity not counted, together 10 of 10, room 2.5 of 5: 50 of 90
    own = total(member_side(who, other, SOON, DEFAULT_WEIGHTS, NOW))
    assert own == pytest.approx(100 * 50 / 90)
    # the peer wished for nothing: hill 20 of 40, style 15 of 15, together 10 of 10, room 2.5 of 5: 47.5 of 70
    back = other_side(member_side(who, other, SOON, DEFAULT_WEIGHTS, NOW), who, other)
    assert back is not None
    assert total(back) == pytest.approx(100 * 47.5 / 70)
    assert mutual(own, total(back)) == pytest.approx(100 * sqrt(50 / 90 * 47.5 / 70))


def test_a_peer_who_stated_nothing_leaves_the_members_side_alone() -> None:
    assert other_side(member_side(member(), peer(), SOON, DEFAULT_WEIGHTS, NOW), member(), peer()) is None
    assert mutual(64.0, None) == 64.0


def test_nothing_that_counts_is_nothing() -> None:
    assert total([PartScore(Part.HILL, None, 40.0)]) == 0.0


weights = st.builds(
    Weights, st.just("test"), st.fixed_dictionaries({part: st.floats(0, 100, allow_subnormal=False) for part in Part})
)


@given(members(), peers(), openings, weights)
def test_a_fit_is_within_0_and_100_for_any_weights(who: Member, other: Peer, common: Openings, by: Weights) -> None:
    own = member_side(who, other, common, by, NOW)
    theirs = other_side(member_side(who, other, common, by, NOW), who, other)
    assert all(part.share is None or 0 <= part.share <= 1 for part in own)
    assert 0 <= total(own) <= 100
    assert 0 <= mutual(total(own), None if theirs is None else total(theirs)) <= 100


@given(st.floats(0, 100), st.floats(0, 100))
def test_mutual_is_symmetric_and_between_both(one: float, other: float) -> None:
    assert mutual(one, other) == mutual(other, one)
    assert min(one, other) - 1e-6 <= mutual(one, other) <= max(one, other) + 1e-6


@given(members(), peers(), openings)
def test_what_nobody_wished_for_changes_nothing(who: Member, other: Peer, common: Openings) -> None:
    unwished = replace(who, wishes=(), identity_matters=())
    plain = replace(other, traits={})
    own = member_side(unwished, other, common, DEFAULT_WEIGHTS, NOW)
    assert own == member_side(unwished, plain, common, DEFAULT_WEIGHTS, NOW)
    assert own[1].share is None


@given(members(), peers(), openings, st.integers(1, 10))
def test_more_capacity_never_lowers_a_fit(who: Member, other: Peer, common: Openings, more: int) -> None:
    roomier = replace(other, capacity_units=other.capacity_units + more)
    before = total(member_side(who, other, common, DEFAULT_WEIGHTS, NOW))
    assert total(member_side(who, roomier, common, DEFAULT_WEIGHTS, NOW)) >= before - 1e-9
