"""Kind ways on where hardly anybody fits: for each thing that makes it hard, a sentence and where it leads.

There is always one more: the place is kept, and somebody writes the moment a person comes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.experience import IN_PERSON
from portal.domain.matching.filters import Filter, checks
from portal.domain.matching.shortlist import CARDS, NO_OPENINGS, HeldBack, Loosened
from portal.domain.matching.values import Member, Openings, Peer
from portal.domain.words import N_


class Hard(StrEnum):
    """What makes it hard to find somebody."""

    RARE_TOPIC = "rare_topic"
    NO_TOPIC_READY = "no_topic_ready"
    FAR_OUT = "far_out"
    ONE_LANGUAGE = "one_language"
    MUSTS = "musts"
    TOGETHER = "together"
    NO_HOURS = "no_hours"
    NOBODY_YET = "nobody_yet"


class Leads(StrEnum):
    """Where a way on leads."""

    TOPICS = "topics"
    FORMATS = "formats"
    LANGUAGES = "languages"
    TIMES = "times"
    WISHES = "wishes"
    WORDS = "words"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class WayOn:
    """One way on: a sentence for the member, one about them for a coordinator, and where the member can go."""

    hard: Hard
    sentence: str
    about: str
    leads: Leads


RARE_TOPIC = WayOn(
    Hard.RARE_TOPIC,
    N_("Few people here know what you named. You can add something close to it; what you named stays."),
    N_("Few peers know what the member named. A topic close to it, talked over with them, may open a way."),
    Leads.TOPICS,
)
NO_TOPIC_READY = WayOn(
    Hard.NO_TOPIC_READY,
    N_("People who know what you named rest or have no room just now. Tell us in your own words what would help."),
    N_("Peers who know what the member named rest or have no room. A few lines from you are kind."),
    Leads.WORDS,
)
FAR_OUT = WayOn(
    Hard.FAR_OUT,
    N_("Few people can meet you where you live. By phone, video or text it does not matter where anybody lives."),
    N_("Few peers can meet the member where they live. By phone, video or text it would not matter."),
    Leads.FORMATS,
)
ONE_WAY = WayOn(
    Hard.FAR_OUT,
    N_("Few people here meet in the ways you named. One more way may be enough for a first talk."),
    N_("Few peers meet in the ways the member named. One more way may be enough for a first talk."),
    Leads.FORMATS,
)
ONE_LANGUAGE = WayOn(
    Hard.ONE_LANGUAGE,
    N_("Few people here speak your language. Another one you know a little may be enough for a first talk."),
    N_("Few peers speak the member’s language. Another one they know a little may be enough for a first talk."),
    Leads.LANGUAGES,
)
INTERPRETER = WayOn(
    Hard.ONE_LANGUAGE,
    N_("If an interpreter would help, tell us in your own words. A coordinator reads it and looks with you."),
    N_("Ask whether an interpreter would help."),
    Leads.WORDS,
)
MUSTS = WayOn(
    Hard.MUSTS,
    N_("What a peer must bring, few people here bring. You can keep it as a wish instead, if that would do for you."),
    N_("Few peers bring what the member said must be there. Ask gently whether it may be a wish."),
    Leads.WISHES,
)
LANGUAGE_AND_MEETING = WayOn(
    Hard.TOGETHER,
    N_("It is language and the way to meet together. One more of each may open a way; one alone would not."),
    N_("It is language and the way to meet together that hold most peers back; one alone would not open a way."),
    Leads.LANGUAGES,
)
LANGUAGE_AND_MUSTS = WayOn(
    Hard.TOGETHER,
    N_("It is language and what a peer must bring together. One of them alone would not open a way."),
    N_("It is language and a must-have together that hold most peers back; one alone would not open a way."),
    Leads.LANGUAGES,
)
MEETING_AND_MUSTS = WayOn(
    Hard.TOGETHER,
    N_("It is the way to meet and what a peer must bring together. One of them alone would not open a way."),
    N_("It is the way to meet and a must-have together that hold most peers back; one alone would not open a way."),
    Leads.FORMATS,
)
NO_HOURS = WayOn(
    Hard.NO_HOURS,
    N_("There are people for you whose hours do not meet yours yet. One more part of the week may be enough."),
    N_("There are peers for the member, and too few hours they share. One more hour on either side may be enough."),
    Leads.TIMES,
)
NOBODY_YET = WayOn(
    Hard.NOBODY_YET,
    N_("You can also leave all of it as it is. Your place is kept, and we write to you the moment somebody comes."),
    N_("The member’s place is kept, and they hear the moment somebody comes."),
    Leads.WAITING,
)


# What a member could loosen, and what two of them are called where only both together would open a way.
LOOSE = (Filter.LANGUAGE, Filter.FORMAT, Filter.LIMITS)
TWO: dict[tuple[Filter, Filter], WayOn] = {
    (Filter.LANGUAGE, Filter.FORMAT): LANGUAGE_AND_MEETING,
    (Filter.LANGUAGE, Filter.LIMITS): LANGUAGE_AND_MUSTS,
    (Filter.FORMAT, Filter.LIMITS): MEETING_AND_MUSTS,
}
# What loosening one thing and a way on say alike.
SAME: dict[Loosened, Hard] = {
    Loosened.FROM_AFAR: Hard.FAR_OUT,
    Loosened.FORMAT: Hard.FAR_OUT,
    Loosened.DISTANCE: Hard.FAR_OUT,
    Loosened.MUST: Hard.MUSTS,
    Loosened.HOURS: Hard.NO_HOURS,
    Loosened.DAY_PART: Hard.NO_HOURS,
    Loosened.LANGUAGE: Hard.ONE_LANGUAGE,
    Loosened.TOPIC: Hard.RARE_TOPIC,
}


def ways_on(
    member: Member, peers: Sequence[Peer], openings: Mapping[int, Openings], now: datetime
) -> tuple[WayOn, ...]:
    """The ways on for this member among these peers, what is asked for first in front; never empty.

    Each thing is looked at among those whom nothing before it holds: a topic nobody knows is not a matter of hours, and
    where somebody knows it, it is not the topic as long as something else holds them back.
    """
    held = [_held(member, peer, openings.get(peer.id, NO_OPENINGS), now) for peer in peers]
    return (*_hard(member, [filters for filters in held if Filter.APART not in filters]), NOBODY_YET)


def beside(ways: Sequence[WayOn], held: HeldBack | None, *, somebody: bool) -> tuple[WayOn, ...]:
    """The ways on that say more than what holds most people back; that none has come yet only where none has."""
    said = {SAME[held.what]} if held is not None else set()
    return tuple(way for way in ways if way.hard not in said and not (somebody and way is NOBODY_YET))


def _hard(member: Member, held: Sequence[frozenset[Filter]]) -> Iterator[WayOn]:
    # Whoever would rather not talk about a topic now is no matter of what must be there.
    know = [each for each in held if Filter.TOPIC not in each and (member.musts or Filter.LIMITS not in each)]
    ready = [filters for filters in know if not filters & {Filter.ACTIVE, Filter.CAPACITY}]
    ways = [NO_TOPIC_READY] if len(ready) < min(CARDS, len(know)) else []
    fit = [filters for filters in ready if filters.isdisjoint(LOOSE)]
    if len(fit) < min(CARDS, len(ready)):
        ways += _loosening(member, [filters.intersection(LOOSE) for filters in ready])
    free = [filters for filters in fit if Filter.OPENINGS not in filters]
    if len(free) < min(CARDS, len(fit)):
        ways.append(NO_HOURS)
    yield from ways or ([RARE_TOPIC] if len(know) < CARDS else [])


def _loosening(member: Member, held: Sequence[frozenset[Filter]]) -> Iterator[WayOn]:
    """What would open a way by itself; where nothing does, the two that most often stand together."""
    alone = {next(iter(each)) for each in held if len(each) == 1}
    pair: tuple[Filter, ...] = ()
    if not alone:
        pair = max(TWO, key=lambda two: sum(each == set(two) for each in held))
        yield TWO[pair[0], pair[1]]
    if Filter.LANGUAGE in alone:
        yield ONE_LANGUAGE
    if Filter.LANGUAGE in alone.union(pair):
        yield INTERPRETER
    if Filter.FORMAT in alone.union(pair[1:]):
        yield FAR_OUT if member.formats & IN_PERSON else ONE_WAY
    if Filter.LIMITS in alone.union(pair):
        yield MUSTS


def _held(member: Member, peer: Peer, openings: Openings, now: datetime) -> frozenset[Filter]:
    return frozenset(check.filter for check in checks(member, peer, openings, now) if not check.passed)
