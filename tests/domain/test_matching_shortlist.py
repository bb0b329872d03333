"""The shortlist: who is on it, in which order, what holds people back, and that the order never depends on chance."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.experience import DayPart, Format, Readiness, Stage, WishKind
from portal.domain.matching.capacity import CAPACITY, UNITS, Engagement, Phase, has_room, phase
from portal.domain.matching.filters import checks, fits
from portal.domain.matching.score import DEFAULT_WEIGHTS
from portal.domain.matching.shortlist import HeldBack, Hours, Loosened, held_back, shortlist
from portal.domain.matching.values import Member, MemberTopic, Openings, Peer, PeerTopic
from tests.domain.matching_people import (
    FAR_TOWN,
    NEIGHBOUR_TOWN,
    NOW,
    SOON,
    TOWN,
    crowds,
    member,
    members,
    must,
    openings,
    peer,
)


def ids(who: Member, others: list[Peer], common: dict[int, Openings] | None = None) -> list[int]:
    found = shortlist(who, others, common or {other.id: SOON for other in others}, DEFAULT_WEIGHTS, NOW)
    return [suggestion.peer_id for suggestion in found.suggestions]


def holds(who: Member, others: list[Peer], common: dict[int, Openings] | None = None) -> HeldBack | None:
    times = {other.id: SOON for other in others} if common is None else common
    return shortlist(who, others, times, DEFAULT_WEIGHTS, NOW).held_back


def test_the_closest_three_come_first_and_the_fourth_is_the_runner_up() -> None:
    others = [peer(id=number, units_used=used) for number, used in [(101, 3), (102, 0), (103, 2), (104, 1)]]
    found = shortlist(member(), others, {other.id: SOON for other in others}, DEFAULT_WEIGHTS, NOW)
    assert [suggestion.peer_id for suggestion in found.suggestions] == [102, 104, 103]
    assert found.runner_up is not None
    assert found.runner_up.peer_id == 101
    assert found.held_back is None


def test_a_tie_goes_to_whoever_has_waited_longest_then_to_the_lower_id() -> None:
    others = [
        peer(id=104, waiting_since=None),
        peer(id=103, waiting_since=NOW - timedelta(days=1)),
        peer(id=102, waiting_since=NOW - timedelta(days=9)),
        peer(id=101, waiting_since=NOW - timedelta(days=1)),
    ]
    assert ids(member(), others) == [102, 101, 103]


def test_a_peer_without_openings_is_not_on_it() -> None:
    assert ids(member(), [peer(id=101), peer(id=102)], {102: SOON}) == [102]


def test_the_must_have_that_holds_most_people_back_is_named() -> None:
    who = member(wishes=(must(WishKind.VETERAN), must(WishKind.PARENT)))
    parent, veteran = {WishKind.PARENT: "yes"}, {WishKind.VETERAN: "yes"}
    others = [peer(id=101, traits=parent), peer(id=102, traits=parent), peer(id=103, traits=veteran)]
    held = holds(who, others)
    assert held is not None
    assert (held.what, held.value, held.opens, held.words) == (Loosened.MUST, "veteran", 2, "A veteran")
    assert held.sentence == "If “%(words)s” were a wish and not a must, more people could walk with you."


def test_the_format_that_holds_most_people_back_is_named() -> None:
    others = [peer(id=number, formats=frozenset({Format.VIDEO})) for number in (101, 102)]
    held = holds(member(), others)
    assert held is not None
    assert (held.what, held.value, held.opens) == (Loosened.FORMAT, "video", 2)


@pytest.mark.parametrize("radius", [None, 10.0])
def test_a_distance_that_holds_people_back_is_named(radius: float | None) -> None:
    coffee = frozenset({Format.COFFEE})
    who = member(place=TOWN, radius_km=radius, formats=frozenset(Format))
    assert holds(who, [peer(place=NEIGHBOUR_TOWN, formats=coffee)]) == HeldBack(
        Loosened.DISTANCE, "", 1, "If people could live a little further away, more of them could walk with you."
    )


def test_a_distance_that_nobody_offers_and_a_peers_own_are_not_named() -> None:
    coffee = frozenset({Format.COFFEE})
    who = member(place=TOWN, formats=frozenset(Format))
    assert holds(who, [peer(place=FAR_TOWN, formats=coffee)]) is None
    assert holds(who, [peer(place=NEIGHBOUR_TOWN, radius_km=10.0, formats=coffee)]) is None
    assert holds(replace(who, radius_km=100.0), [peer(place=FAR_TOWN, formats=coffee)]) is None
    assert holds(replace(who, place=None), [peer(place=NEIGHBOUR_TOWN, formats=coffee)]) is None


def test_whoever_only_meets_in_person_and_has_nobody_near_is_offered_phone_and_video_as_one() -> None:
    who = member(place=TOWN, formats=frozenset({Format.COFFEE, Format.WALK}))
    others = [
        peer(id=101, place=FAR_TOWN),
        peer(id=102, formats=frozenset({Format.VIDEO})),
        peer(id=103, formats=frozenset({Format.TEXT})),
    ]
    assert holds(who, others) == HeldBack(
        Loosened.FROM_AFAR,
        "",
        2,
        "Nobody can meet you in person just now. By phone or video, more people could walk with you.",
    )


def test_with_somebody_near_one_more_way_to_meet_is_named_instead() -> None:
    who = member(place=TOWN, formats=frozenset({Format.COFFEE}))
    held = holds(who, [peer(id=101, place=TOWN), peer(id=102, place=FAR_TOWN)])
    assert held is not None
    assert (held.what, held.value, held.opens) == (Loosened.FORMAT, "phone", 1)


def test_the_language_that_opens_most_people_is_named_in_words() -> None:
    spanish, polish = frozenset({"es"}), frozenset({"pl", "es"})
    others = [
        peer(id=101, languages=frozenset({"pl"})),
        peer(id=102, languages=spanish),
        peer(id=103, languages=polish),
    ]
    held = holds(member(languages=frozenset({"en"})), others)
    assert held is not None
    assert (held.what, held.value, held.words, held.opens) == (Loosened.LANGUAGE, "es", "Spanish", 2)


def test_people_who_know_something_close_are_named_and_only_those_who_could_be_asked() -> None:
    who = member(topics=(MemberTopic("grief-parent", "grief", 1, Stage.MIDDLE, ahead_only=True),))
    behind = (PeerTopic("grief-partner", "grief", Stage.MIDDLE, Readiness.GLAD),)
    not_now = (PeerTopic("grief-partner", "grief", Stage.FURTHER, Readiness.NOT_NOW),)
    held = holds(who, [peer(id=101), peer(id=102, topics=behind), peer(id=103, topics=not_now)])
    assert held is not None
    assert (held.what, held.value, held.words, held.opens) == (Loosened.TOPIC, "", "", 1)


def test_the_part_of_the_week_that_opens_most_people_is_named() -> None:
    evening, night = DayPart.WEEKDAY_EVENING, DayPart.WEEKDAY_NIGHT
    few, many = Openings(1, NOW), Openings(2, NOW)
    by_part = {101: {evening: few, night: many}, 102: {evening: many}, 103: {evening: few}}
    hours = Hours(frozenset({DayPart.WEEKEND_NIGHT}), by_part)
    others = [peer(id=101), peer(id=102), peer(id=103)]
    held = held_back(member(), others, {101: Openings(1, NOW)}, NOW, hours)
    assert held is not None
    assert (held.what, held.value, held.words, held.opens) == (
        Loosened.DAY_PART,
        "weekday_evening",
        "Weekday evenings",
        2,
    )


def test_where_no_part_alone_would_do_more_hours_are_named_without_one() -> None:
    evening = DayPart.WEEKDAY_EVENING
    hours = Hours(frozenset({DayPart.WEEKEND_NIGHT}), {101: {evening: Openings(1, NOW)}})
    held = held_back(member(), [peer(id=101)], {}, NOW, hours)
    assert held is not None
    assert (held.what, held.opens) == (Loosened.HOURS, 1)


@given(members(), crowds(), st.lists(openings, min_size=8, max_size=8), st.sampled_from(["en", "es"]))
def test_no_language_would_open_more_people_than_what_is_named(
    who: Member, crowd: tuple[Peer, ...], times: list[Openings], code: str
) -> None:
    common = {other.id: time for other, time in zip(crowd, times, strict=False)}
    more = replace(who, languages=who.languages | {code})
    opened = sum(
        fits(checks(more, other, common[other.id], NOW)) - fits(checks(who, other, common[other.id], NOW))
        for other in crowd
    )
    held = held_back(who, crowd, common, NOW)
    assert (held.opens if held is not None else 0) >= opened


def test_too_few_hours_are_named() -> None:
    held = holds(member(), [peer(id=101), peer(id=102)], {101: Openings(1, NOW), 102: SOON})
    assert held is not None
    assert (held.what, held.opens) == (Loosened.HOURS, 1)


def test_with_three_people_nothing_is_said_to_hold_anybody_back() -> None:
    who, veteran = member(wishes=(must(WishKind.VETERAN),)), {WishKind.VETERAN: "yes"}
    others = [peer(id=101, traits=veteran), peer(id=102, traits=veteran), peer(id=103), peer(id=104, traits=veteran)]
    assert holds(who, others) is None
    assert holds(who, others[:3]) is not None


def test_nothing_is_named_where_no_single_thing_would_help() -> None:
    assert holds(member(), [peer(resting=True)]) is None
    assert holds(member(topics=(MemberTopic("other", "g", 1, Stage.MIDDLE),)), [peer()]) is None


def test_units_weigh_a_new_match_three_halves_a_steady_one_two_a_tapering_one_one() -> None:
    assert UNITS == {Phase.NEW: 3, Phase.STEADY: 2, Phase.TAPERING: 1}
    assert CAPACITY == {Engagement.VOLUNTEER: 6, Engagement.PART_TIME: 16, Engagement.FULL_TIME: 30}


@pytest.mark.parametrize(
    ("age", "tapering", "expected"),
    [
        (timedelta(0), False, Phase.NEW),
        (timedelta(weeks=4, seconds=-1), False, Phase.NEW),
        (timedelta(weeks=4), False, Phase.STEADY),
        (timedelta(days=1), True, Phase.TAPERING),
    ],
)
def test_a_match_is_new_for_four_weeks(age: timedelta, tapering: bool, expected: Phase) -> None:
    assert phase(NOW - age, NOW, tapering=tapering) is expected


def test_a_lighter_match_may_fit_where_a_new_one_does_not() -> None:
    assert not has_room(6, 5)
    assert has_room(6, 5, UNITS[Phase.TAPERING])


@given(members(), crowds(), st.lists(openings, min_size=8, max_size=8), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_peers(
    who: Member, crowd: tuple[Peer, ...], times: list[Openings], chance: object
) -> None:
    common = {other.id: time for other, time in zip(crowd, times, strict=False)}
    shuffled = list(crowd)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert shortlist(who, crowd, common, DEFAULT_WEIGHTS, NOW) == shortlist(who, shuffled, common, DEFAULT_WEIGHTS, NOW)


@given(members(), crowds(), st.lists(openings, min_size=8, max_size=8))
def test_nobody_whom_a_filter_holds_is_ever_on_it(who: Member, crowd: tuple[Peer, ...], times: list[Openings]) -> None:
    common = {other.id: time for other, time in zip(crowd, times, strict=False)}
    able = {other.id for other in crowd if fits(checks(who, other, common[other.id], NOW))}
    found = shortlist(who, crowd, common, DEFAULT_WEIGHTS, NOW)
    listed = [suggestion.peer_id for suggestion in found.suggestions]
    assert len(listed) == min(3, len(able))
    assert set(listed) <= able
    assert all(suggestion.fits for suggestion in found.suggestions)
    points = [round(suggestion.score, 6) for suggestion in found.suggestions]
    assert points == sorted(points, reverse=True)


@given(members(), crowds(), st.lists(openings, min_size=8, max_size=8))
def test_no_format_would_open_more_people_than_what_is_named(
    who: Member, crowd: tuple[Peer, ...], times: list[Openings]
) -> None:
    common = {other.id: time for other, time in zip(crowd, times, strict=False)}

    def able(one: Member) -> int:
        return sum(fits(checks(one, other, common[other.id], NOW)) for other in crowd)

    opened = {way: able(replace(who, formats=who.formats | {way})) - able(who) for way in Format}
    held = shortlist(who, crowd, common, DEFAULT_WEIGHTS, NOW).held_back
    if able(who) >= 3:
        assert held is None
    elif held is None:
        assert max(opened.values()) == 0
    else:
        assert held.opens >= max(1, *opened.values())
        assert held.what is not Loosened.FORMAT or held.opens == opened[Format(held.value)]
