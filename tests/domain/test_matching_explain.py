"""A suggestion explains itself: to a coordinator part by part, to a member in a few sentences without a number."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from portal.domain.experience import Stage, Style, WishKind
from portal.domain.matching.explain import (
    ALL_OF_IT,
    CHANGE_WORDS,
    MOST_OF_IT,
    NONE_OF_IT,
    NOT_STATED,
    PART_WORDS,
    SOME_OF_IT,
    Suggestion,
    part_sentence,
    suggest,
)
from portal.domain.matching.filters import Filter
from portal.domain.matching.score import DEFAULT_WEIGHTS, Part, PartScore, Weights, mutual, total
from portal.domain.matching.stored import from_json, to_json
from portal.domain.matching.told import member_sentences
from portal.domain.matching.values import Member, MemberTopic, Openings, Peer
from tests.domain.matching_people import GRIEF, NOW, PEER, SOON, like, member, members, openings, peer, peers

NAMES = {"grief-partner": "losing a partner", "low-mood": "low mood"}


def suggestion(who: Member | None = None, other: Peer | None = None, common: Openings = SOON) -> Suggestion:
    return suggest(who or member(), other or peer(), common, DEFAULT_WEIGHTS, NOW)


def test_a_suggestion_keeps_the_filters_the_parts_and_the_version_of_the_weights() -> None:
    made = suggest(member(), peer(), SOON, Weights("2026-03"), NOW)
    assert (made.member_id, made.peer_id, made.at, made.weights_version) == (1, 101, NOW, "2026-03")
    assert [check.filter for check in made.filters] == list(Filter)
    assert [part.part for part in made.parts] == list(Part)
    assert made.fits
    assert made.score == 100.0


def test_a_pair_that_is_held_back_says_why() -> None:
    made = suggestion(other=peer(resting=True))
    assert not made.fits
    assert [check.sentence for check in made.held] == ["The peer is resting."]


def test_what_would_bring_them_closer_comes_with_the_most_first() -> None:
    made = suggestion(
        member(wishes=(like(WishKind.VETERAN),)),
        peer(units_used=3, topics=(replace(PEER.topics[0], stage=Stage.MIDDLE),)),
    )
    # hill 28 of 40, wishes 0 of 20, together 10 of 10, room 2.5 of 5: 40.5 of 75
    assert [(change.part, round(change.points, 4)) for change in made.would_change] == [
        (Part.ASKED, round(100 * 20 / 75, 4)),
        (Part.HILL, round(100 * 12 / 75, 4)),
        (Part.ROOM, round(100 * 2.5 / 75, 4)),
    ]
    assert made.would_change[0].sentence == "Meeting every wish would bring them closer."


@pytest.mark.parametrize(
    ("share", "sentence"),
    [(None, NOT_STATED), (1.0, ALL_OF_IT), (0.5, MOST_OF_IT), (0.2, SOME_OF_IT), (0.0, NONE_OF_IT)],
)
def test_each_part_has_a_sentence_beside_its_bar(share: float | None, sentence: str) -> None:
    assert part_sentence(PartScore(Part.HILL, share, 40)) == sentence


def test_every_part_has_its_words() -> None:
    assert set(PART_WORDS) == set(CHANGE_WORDS) == set(Part)


def test_a_member_reads_the_topic_by_name_and_when_they_could_meet() -> None:
    assert member_sentences(suggestion(), NAMES) == (
        ("They have walked through %(topic)s, and are further along.", {"topic": "losing a partner"}),
        ("You are both free within the next few days.", {}),
    )


def test_a_tender_topic_is_something_you_named() -> None:
    who = member(topics=(replace(GRIEF, tender=True),))
    assert member_sentences(suggestion(who), NAMES)[0] == (
        "They have walked through something you named, and are further along.",
        {},
    )


def test_a_topic_is_tender_unless_said_otherwise() -> None:
    assert MemberTopic("grief-partner", "grief", 1, Stage.MIDDLE).tender


@pytest.mark.parametrize(
    ("stage", "start"), [(Stage.MIDDLE, "They know %(topic)s too, from much"), (Stage.UNSURE, "They know %(topic)s")]
)
def test_somebody_alongside_is_told_as_alongside(stage: Stage, start: str) -> None:
    other = peer(topics=(replace(PEER.topics[0], stage=stage),))
    assert member_sentences(suggestion(other=other), NAMES)[0][0].startswith(start)


def test_a_wish_that_is_not_met_is_said_honestly() -> None:
    who = member(wishes=(like(WishKind.VETERAN), like(WishKind.PARENT)))
    told = [sentence for sentence, _ in member_sentences(suggestion(who, peer(traits={WishKind.PARENT: "yes"})), NAMES)]
    assert told[1] == "They have some of what you wished for, not everything; you need not choose."


def test_four_sentences_are_the_most() -> None:
    who = member(
        wishes=(like(WishKind.PARENT),),
        identity_matters=(WishKind.PARENT,),
        traits={WishKind.PARENT: "yes"},
        styles=frozenset({Style.GENTLE}),
    )
    other = peer(traits={WishKind.PARENT: "yes"}, styles=frozenset({Style.GENTLE}))
    told = member_sentences(suggestion(who, other, Openings(2, NOW + timedelta(days=9))), NAMES)
    assert [sentence for sentence, _ in told] == [
        "They have walked through %(topic)s, and are further along.",
        "What you wished for in a peer is there.",
        "You share something about everyday life that you said matters to you.",
        "You are both free in the coming weeks.",
    ]


@given(members(), peers(), openings)
def test_a_member_reads_two_to_four_sentences_and_never_a_number_or_a_tender_topic(
    who: Member, other: Peer, common: Openings
) -> None:
    names = {topic.slug: f"name of {topic.slug}" for topic in who.topics}
    tender = {names[topic.slug] for topic in who.topics if topic.tender}
    told = member_sentences(suggestion(who, other, common), names)
    assert 2 <= len(told) <= 4
    text = " ".join(sentence % values for sentence, values in told)
    assert re.findall(r"\d|%|\bscore\b", text) == []
    assert [name for name in tender if name in text] == []


@given(members(), peers(), openings)
def test_a_suggestion_survives_json_and_is_worked_out_again_from_it(who: Member, other: Peer, common: Openings) -> None:
    made = suggestion(who, other, common)
    again = from_json(json.loads(json.dumps(to_json(made))))
    assert again == made
    assert again.score == made.score
    theirs = None if again.theirs is None else total(again.theirs)
    assert again.score == mutual(total(again.parts), theirs)
    assert again.would_change == made.would_change
