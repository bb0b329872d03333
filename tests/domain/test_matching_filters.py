"""The eight hard filters, each way: what passes, what is held, and with which sentence."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.experience import IN_PERSON, Format, Readiness, Stage, WishKind
from portal.domain.matching.filters import Check, Filter, checks, fits, usable_formats
from portal.domain.matching.values import USUAL_KM, Member, MemberTopic, Openings, Peer, PeerTopic, Wish, distance_km
from tests.domain.matching_people import (
    FAR_TOWN,
    GRIEF,
    NEIGHBOUR_TOWN,
    NEXT_TOWN,
    NOW,
    PEER,
    SOON,
    TOWN,
    like,
    member,
    members,
    must,
    peer,
    peers,
)

IN_PERSON_ONLY: dict[str, Any] = {"formats": frozenset({Format.COFFEE})}


def answer(which: Filter, who: Member, other: Peer, openings: Openings = SOON) -> Check:
    return next(check for check in checks(who, other, openings, NOW) if check.filter is which)


def test_two_who_fit_pass_all_eight_filters_in_order() -> None:
    answers = checks(member(), peer(), SOON, NOW)
    assert [check.filter for check in answers] == list(Filter)
    assert fits(answers)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"approved": False}, "The peer is not approved yet."),
        ({"agreed": False}, "The peer has not signed the agreement yet."),
        ({"resting": True}, "The peer is resting."),
        ({"readiness_confirmed_at": None}, "The peer has not said lately that they are ready."),
        (
            {"readiness_confirmed_at": NOW - timedelta(days=14, seconds=1)},
            "The peer has not said lately that they are ready.",
        ),
    ],
)
def test_a_peer_who_is_not_active_is_held(changes: dict[str, Any], sentence: str) -> None:
    assert answer(Filter.ACTIVE, member(), peer(**changes)) == Check(Filter.ACTIVE, False, sentence)


def test_readiness_said_exactly_fourteen_days_ago_still_counts() -> None:
    assert answer(Filter.ACTIVE, member(), peer(readiness_confirmed_at=NOW - timedelta(days=14))).passed


@pytest.mark.parametrize(
    ("theirs", "others", "passed"),
    [
        (frozenset(), frozenset(), True),
        (frozenset({101}), frozenset(), False),
        (frozenset(), frozenset({1}), False),
        (frozenset({102}), frozenset({2}), True),
    ],
)
def test_either_one_can_keep_the_two_apart(theirs: frozenset[int], others: frozenset[int], passed: bool) -> None:
    assert answer(Filter.APART, member(apart=theirs), peer(apart=others)).passed == passed


@pytest.mark.parametrize(
    ("theirs", "others", "passed"),
    [({"en", "es"}, {"es"}, True), ({"en"}, {"es"}, False), (set(), {"en"}, False), ({"en"}, set(), False)],
)
def test_a_language_must_be_shared(theirs: set[str], others: set[str], passed: bool) -> None:
    who, other = member(languages=frozenset(theirs)), peer(languages=frozenset(others))
    assert answer(Filter.LANGUAGE, who, other).passed == passed


def test_a_way_to_meet_must_be_shared() -> None:
    who, other = member(formats=frozenset({Format.TEXT})), peer(formats=frozenset({Format.PHONE}))
    assert answer(Filter.FORMAT, who, other) == Check(Filter.FORMAT, False, "They share no way to meet.")


@pytest.mark.parametrize(
    ("where", "radius", "other_where", "other_radius", "passed"),
    [
        (TOWN, 20.0, NEXT_TOWN, 20.0, True),  # 11.1 km
        (TOWN, 20.0, NEXT_TOWN, 10.0, False),
        (TOWN, 10.0, NEXT_TOWN, 20.0, False),
        (TOWN, None, NEXT_TOWN, 20.0, True),
        (TOWN, 20.0, FAR_TOWN, None, False),
        (TOWN, None, NEXT_TOWN, None, True),
        (TOWN, None, NEIGHBOUR_TOWN, None, False),
        (TOWN, 50.0, NEIGHBOUR_TOWN, None, True),
        (TOWN, None, NEIGHBOUR_TOWN, 50.0, True),
        (TOWN, None, FAR_TOWN, None, False),
        (None, 20.0, NEXT_TOWN, None, False),
        (None, None, NEXT_TOWN, None, False),
        (NEXT_TOWN, None, None, None, False),
        (None, None, None, None, False),
    ],
)
def test_in_person_both_radii_are_kept(
    where: object, radius: float | None, other_where: object, other_radius: float | None, passed: bool
) -> None:
    who = member(place=where, radius_km=radius, **IN_PERSON_ONLY)
    other = peer(place=other_where, radius_km=other_radius, **IN_PERSON_ONLY)
    assert answer(Filter.FORMAT, who, other).passed == passed


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        (FAR_TOWN, "They would meet in person, and live too far apart."),
        (None, "They would meet in person, and we do not know whether they live near enough."),
    ],
)
def test_too_far_and_not_known_are_told_apart(where: object, sentence: str) -> None:
    check = answer(Filter.FORMAT, member(place=TOWN, **IN_PERSON_ONLY), peer(place=where, **IN_PERSON_ONLY))
    assert check == Check(Filter.FORMAT, False, sentence)


def test_a_format_nobody_shares_is_no_question_of_distance() -> None:
    check = answer(Filter.FORMAT, member(formats=frozenset({Format.WALK})), peer(formats=frozenset({Format.COFFEE})))
    assert check.sentence == "They share no way to meet."


def test_whose_place_is_not_known_can_still_call() -> None:
    assert usable_formats(member(), peer(place=TOWN)) == {Format.PHONE}
    assert usable_formats(member(place=TOWN), peer(place=TOWN)) == {Format.PHONE, Format.COFFEE}


@given(members(), peers())
def test_in_person_never_without_both_places_and_never_beyond_a_radius(who: Member, other: Peer) -> None:
    ways = usable_formats(who, other)
    assert ways <= who.formats & other.formats
    assert (who.formats & other.formats) - ways <= IN_PERSON
    if ways & IN_PERSON:
        km = distance_km(who, other)
        assert km is not None
        assert [radius for radius in (who.radius_km, other.radius_km) if radius is not None and radius < km] == []


@given(members(), peers(), st.floats(0, 300))
def test_going_further_never_takes_a_way_to_meet_away(who: Member, other: Peer, more: float) -> None:
    wider = replace(who, radius_km=(USUAL_KM if who.radius_km is None else who.radius_km) + more)
    stated = replace(who, radius_km=USUAL_KM if who.radius_km is None else who.radius_km)
    assert usable_formats(stated, other) <= usable_formats(wider, other)


def test_too_far_apart_for_coffee_they_can_still_call() -> None:
    who, other = member(place=TOWN, radius_km=20.0), peer(place=FAR_TOWN)
    assert usable_formats(who, other) == {Format.PHONE}
    assert answer(Filter.FORMAT, who, other).passed


@pytest.mark.parametrize(("count", "passed"), [(0, False), (1, False), (2, True), (9, True)])
def test_two_common_openings_are_needed(count: int, passed: bool) -> None:
    assert answer(Filter.OPENINGS, member(), peer(), Openings(count, NOW)).passed == passed


@pytest.mark.parametrize(
    ("wish", "traits", "passed"),
    [
        (must(WishKind.GENDER, "woman"), {WishKind.GENDER: "woman"}, True),
        (must(WishKind.GENDER, "woman"), {WishKind.GENDER: "man"}, False),
        (must(WishKind.GENDER, "woman"), {}, False),
        (must(WishKind.GENDER, "woman,non_binary"), {WishKind.GENDER: "non_binary"}, True),
        (must(WishKind.CULTURE, "Roma"), {WishKind.CULTURE: "Irish, roma"}, True),
        (must(WishKind.VETERAN), {WishKind.PARENT: "yes"}, False),
    ],
)
def test_a_must_have_is_met_only_by_what_the_peer_told(wish: Wish, traits: dict[WishKind, str], passed: bool) -> None:
    assert answer(Filter.LIMITS, member(wishes=(wish,)), peer(traits=traits)).passed == passed


def test_the_must_have_that_is_not_met_is_named() -> None:
    check = answer(Filter.LIMITS, member(wishes=(must(WishKind.VETERAN),)), peer())
    assert check == Check(Filter.LIMITS, False, "A must-have is not met: %(words)s.", "A veteran")


@pytest.mark.parametrize(("where", "passed"), [(FAR_TOWN, True), (NEXT_TOWN, False), (None, False)])
def test_not_someone_local_needs_a_known_distance(where: object, passed: bool) -> None:
    who = member(place=TOWN, wishes=(must(WishKind.NOT_LOCAL),))
    assert answer(Filter.LIMITS, who, peer(place=where)).passed == passed


def test_something_a_member_would_only_like_never_holds() -> None:
    assert answer(Filter.LIMITS, member(wishes=(like(WishKind.VETERAN),)), peer()).passed


def test_a_topic_the_peer_marked_not_now_is_their_limit_even_beside_one_they_share() -> None:
    second = MemberTopic("low-mood", "mood", 2, Stage.MIDDLE)
    closed = PeerTopic("low-mood", "mood", Stage.FURTHER, Readiness.NOT_NOW)
    answers = checks(member(topics=(GRIEF, second)), peer(topics=(*PEER.topics, closed)), SOON, NOW)
    assert [check.filter for check in answers if not check.passed] == [Filter.LIMITS]


def test_a_topic_named_after_the_third_is_no_limit() -> None:
    fourth = MemberTopic("low-mood", "mood", 4, Stage.MIDDLE)
    closed = PeerTopic("low-mood", "mood", Stage.FURTHER, Readiness.NOT_NOW)
    assert fits(checks(member(topics=(GRIEF, fourth)), peer(topics=(*PEER.topics, closed)), SOON, NOW))


@pytest.mark.parametrize(
    ("capacity", "used", "passed"), [(6, 3, True), (6, 4, False), (3, 0, True), (2, 0, False), (0, 0, False)]
)
def test_a_new_match_needs_three_half_units(capacity: int, used: int, passed: bool) -> None:
    assert answer(Filter.CAPACITY, member(), peer(capacity_units=capacity, units_used=used)).passed == passed


@pytest.mark.parametrize(
    ("ahead_only", "own", "theirs", "readiness", "passed"),
    [
        (False, Stage.MIDDLE, Stage.FURTHER, Readiness.GLAD, True),
        (False, Stage.MIDDLE, Stage.FURTHER, Readiness.LISTEN, True),
        (False, Stage.MIDDLE, Stage.FURTHER, Readiness.NOT_NOW, False),
        (False, Stage.FURTHER, Stage.MIDDLE, Readiness.GLAD, True),
        (True, Stage.MIDDLE, Stage.FINDING, Readiness.GLAD, True),
        (True, Stage.FINDING, Stage.FINDING, Readiness.GLAD, False),
        (True, Stage.STEADIER, Stage.FINDING, Readiness.GLAD, False),
        (True, Stage.UNSURE, Stage.FURTHER, Readiness.GLAD, True),
        (True, Stage.UNSURE, Stage.STEADIER, Readiness.GLAD, False),
        (True, Stage.MIDDLE, Stage.UNSURE, Readiness.GLAD, False),
    ],
)
def test_a_topic_is_shared_with_somebody_willing_and_ahead_where_it_must_be(
    ahead_only: bool, own: Stage, theirs: Stage, readiness: Readiness, passed: bool
) -> None:
    who = member(topics=(MemberTopic("x", "g", 1, own, ahead_only),))
    assert answer(Filter.TOPIC, who, peer(topics=(PeerTopic("x", "g", theirs, readiness),))).passed == passed


def test_a_sibling_topic_alone_is_not_enough() -> None:
    sibling = PeerTopic("grief-parent", "grief", Stage.FURTHER, Readiness.GLAD)
    assert not answer(Filter.TOPIC, member(), peer(topics=(sibling,))).passed


def test_somebody_who_named_no_topic_is_held_with_a_sentence() -> None:
    check = answer(Filter.TOPIC, member(topics=()), peer())
    assert check == Check(Filter.TOPIC, False, "They share none of the topics that were named first.")


def test_a_topic_named_after_the_third_is_not_enough_either() -> None:
    assert not answer(Filter.TOPIC, member(topics=(replace(GRIEF, rank=4),)), peer()).passed
