"""Where hardly anybody fits there is a kind way on for each reason, and never a dead end."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.experience import Format, Readiness, Stage, WishKind
from portal.domain.matching.shortlist import HeldBack, Loosened
from portal.domain.matching.values import Member, MemberTopic, Openings, Peer, PeerTopic
from portal.domain.matching.ways_on import (
    FAR_OUT,
    INTERPRETER,
    LANGUAGE_AND_MEETING,
    LANGUAGE_AND_MUSTS,
    MEETING_AND_MUSTS,
    MUSTS,
    NO_HOURS,
    NO_TOPIC_READY,
    NOBODY_YET,
    ONE_LANGUAGE,
    ONE_WAY,
    RARE_TOPIC,
    Leads,
    WayOn,
    beside,
    ways_on,
)
from tests.domain.matching_people import FAR_TOWN, NOW, SOON, TOWN, crowds, member, members, must, openings, peer

COFFEE = frozenset({Format.COFFEE})
OTHER = (PeerTopic("other", "g", Stage.FURTHER, Readiness.GLAD),)


def three(**changes: object) -> list[Peer]:
    return [peer(id=number, **changes) for number in (101, 102, 103)]


@dataclass(frozen=True)
class Case:
    """A member among peers, what they share of time, and the ways on beside waiting."""

    who: Member
    others: list[Peer]
    ways: tuple[WayOn, ...]
    common: Openings = field(default=SOON)


CASES = {
    "everybody fits": Case(member(), three(), ()),
    "nobody at all": Case(member(), [], (RARE_TOPIC,)),
    "a rare topic": Case(member(topics=(MemberTopic("rare", "r", 1, Stage.MIDDLE),)), three(), (RARE_TOPIC,)),
    "only two know it": Case(member(), [*three(topics=OTHER), peer(id=104), peer(id=105)], (RARE_TOPIC,)),
    "all who know it rest": Case(member(), three(resting=True), (NO_TOPIC_READY,)),
    "all who know it are full": Case(member(), three(units_used=6), (NO_TOPIC_READY,)),
    "nobody has said lately that they are ready": Case(
        member(), three(readiness_confirmed_at=NOW - timedelta(days=15)), (NO_TOPIC_READY,)
    ),
    "rural": Case(member(formats=COFFEE, place=TOWN), three(place=FAR_TOWN), (FAR_OUT,)),
    "no place told": Case(member(formats=COFFEE), three(place=TOWN), (FAR_OUT,)),
    "rural, and by phone as well": Case(member(place=TOWN), three(place=FAR_TOWN), ()),
    "one language only": Case(member(languages=frozenset({"so"})), three(), (ONE_LANGUAGE, INTERPRETER)),
    "no free hours": Case(member(), three(), (NO_HOURS,), Openings()),
    "one opening too few": Case(member(), three(), (NO_HOURS,), Openings(1, NOW)),
    "two languages and no hours": Case(
        member(languages=frozenset({"so"})),
        [*three(), peer(id=104, languages=frozenset({"so"}))],
        (ONE_LANGUAGE, INTERPRETER, NO_HOURS),
        Openings(),
    ),
    "language and the way to meet, together": Case(
        member(formats=COFFEE, languages=frozenset({"fi"})), three(), (LANGUAGE_AND_MEETING, INTERPRETER, FAR_OUT)
    ),
    "the same where only one knows it": Case(
        member(formats=COFFEE, languages=frozenset({"fi"})),
        [peer(id=101)],
        (LANGUAGE_AND_MEETING, INTERPRETER, FAR_OUT),
    ),
    "language and a must, together": Case(
        member(languages=frozenset({"fi"}), wishes=(must(WishKind.VETERAN),)),
        three(),
        (LANGUAGE_AND_MUSTS, INTERPRETER, MUSTS),
    ),
    "the way to meet and a must, together": Case(
        member(formats=COFFEE, wishes=(must(WishKind.VETERAN),)), three(), (MEETING_AND_MUSTS, MUSTS)
    ),
    "language for one, the way to meet for the others": Case(
        member(formats=COFFEE, languages=frozenset({"fi"})),
        [*three(), peer(id=104, formats=frozenset({Format.COFFEE}), languages=frozenset({"fi"}))],
        (FAR_OUT,),
    ),
    "a must": Case(member(wishes=(must(WishKind.VETERAN),)), three(), (MUSTS,)),
    "by text only": Case(member(formats=frozenset({Format.TEXT})), three(), (ONE_WAY,)),
    "one who knows it speaks another language": Case(
        member(languages=frozenset({"so"})), [peer(id=101)], (ONE_LANGUAGE, INTERPRETER)
    ),
    "the only one who knows it rests": Case(member(), [peer(id=101, resting=True)], (NO_TOPIC_READY,)),
    "kept apart counts for nobody": Case(member(apart=frozenset({101, 102})), three(), (RARE_TOPIC,)),
}


@pytest.mark.parametrize("case", CASES)
def test_each_thing_that_makes_it_hard_has_its_way_on(case: str) -> None:
    one = CASES[case]
    found = ways_on(one.who, one.others, {other.id: one.common for other in one.others}, NOW)
    assert found == (*one.ways, NOBODY_YET)


def test_each_way_leads_somewhere_of_its_own_words() -> None:
    together = (LANGUAGE_AND_MEETING, LANGUAGE_AND_MUSTS, MEETING_AND_MUSTS)
    alone = (RARE_TOPIC, NO_TOPIC_READY, FAR_OUT, ONE_WAY, ONE_LANGUAGE, INTERPRETER, MUSTS, NO_HOURS, NOBODY_YET)
    every = (*together, *alone)
    assert len({way.sentence for way in every}) == len({way.about for way in every}) == len(every)
    assert {way.leads for way in every} == set(Leads)


def test_what_holds_most_people_back_is_not_said_twice() -> None:
    ways = (RARE_TOPIC, ONE_LANGUAGE, INTERPRETER, NO_HOURS, NOBODY_YET)
    for what, left in (
        (Loosened.TOPIC, ways[1:]),
        (Loosened.LANGUAGE, (RARE_TOPIC, NO_HOURS, NOBODY_YET)),
        (Loosened.DAY_PART, (RARE_TOPIC, ONE_LANGUAGE, INTERPRETER, NOBODY_YET)),
    ):
        assert beside(ways, HeldBack(what, "", 1, ""), somebody=False) == left, what
    assert beside(ways, None, somebody=True) == ways[:-1]


@given(members(), crowds(), st.lists(openings, min_size=8, max_size=8))
def test_there_is_never_a_dead_end(who: Member, crowd: tuple[Peer, ...], times: list[Openings]) -> None:
    common = {other.id: time for other, time in zip(crowd, times, strict=False)}
    found = ways_on(who, crowd, common, NOW)
    assert found[-1] == NOBODY_YET
    assert len(set(found)) == len(found)
