"""Offers: how long they count, in which order they stand, and why a peer cannot offer; and why they were asked."""

from datetime import timedelta

import pytest

from portal.domain.experience import Stage, WishKind
from portal.domain.matching.explain import suggest
from portal.domain.matching.filters import Filter
from portal.domain.matching.offers import (
    COUNTS_FOR,
    NO_ROOM,
    NOT_ANY_MORE,
    NOT_READY,
    Standing,
    cannot_offer,
    order,
    stands,
)
from portal.domain.matching.score import DEFAULT_WEIGHTS
from portal.domain.matching.told import peer_sentences
from portal.domain.matching.values import Member, MemberTopic, Openings
from tests.domain.matching_people import NOW, SOON, like, member, peer


def test_an_offer_counts_for_fourteen_days() -> None:
    assert not stands(None, NOW)
    assert stands(NOW - COUNTS_FOR, NOW)
    assert not stands(NOW - COUNTS_FOR - timedelta(seconds=1), NOW)


def test_whoever_offers_stands_first_the_closest_in_front_then_the_others_as_they_were() -> None:
    long_ago = NOW - timedelta(days=15)
    people = [
        Standing(1, None, 90.0, 1),
        Standing(2, long_ago, 80.0, 2),
        Standing(3, NOW, 50.0, 3),
        Standing(4, NOW, 70.0, 4),
    ]
    assert order(people, NOW) == (4, 3, 1, 2)
    assert order(reversed(people), NOW) == (4, 3, 1, 2)


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ([], None),
        ([Filter.OPENINGS], None),
        ([Filter.ACTIVE], NOT_READY),
        ([Filter.ACTIVE, Filter.CAPACITY], NOT_READY),
        ([Filter.CAPACITY, Filter.OPENINGS], NO_ROOM),
        ([Filter.TOPIC], NOT_ANY_MORE),
        ([Filter.APART, Filter.CAPACITY], NOT_ANY_MORE),
    ],
)
def test_a_peer_who_cannot_offer_is_told_why_in_their_own_matters_only(held: list[Filter], told: str | None) -> None:
    assert cannot_offer(held) == told


def sentences(who: Member, openings: Openings = SOON) -> list[str]:
    found = suggest(who, peer(), openings, DEFAULT_WEIGHTS, NOW)
    return [sentence for sentence, _ in peer_sentences(found, {"grief-partner": "losing a partner"})]


def test_a_peer_reads_why_without_what_is_not_met() -> None:
    assert sentences(member()) == [
        "You have walked through %(topic)s, and are further along.",
        "You are both free within the next few days.",
    ]
    unmet = member(wishes=(like(WishKind.VETERAN),))
    assert sentences(unmet) == sentences(member())
    met = suggest(unmet, peer(traits={WishKind.VETERAN: "yes"}), SOON, DEFAULT_WEIGHTS, NOW)
    assert ("What they wished for in a peer is there.", {}) in peer_sentences(met)


def test_a_peer_never_reads_the_name_of_a_tender_topic_and_a_close_one_is_told_as_that() -> None:
    tender = MemberTopic("grief-partner", "grief", 1, Stage.MIDDLE)
    assert sentences(member(topics=(tender,)))[0] == (
        "You have walked through something they live with, and are further along."
    )
    close = MemberTopic("grief-parent", "grief", 1, Stage.MIDDLE, tender=False)
    assert sentences(member(topics=(close,)), Openings()) == [
        "You have walked through something close to what they live with.",
        "We would look for a time with the two of you.",
    ]
