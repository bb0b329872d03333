"""Kind ways on where hardly anybody fits: for each thing that makes it hard, a sentence and where it leads.

There is always one more: the place is kept, and somebody writes the moment a person comes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.experience import IN_PERSON
from portal.domain.matching.filters import Filter, checks
from portal.domain.matching.shortlist import CARDS, NO_OPENINGS
from portal.domain.matching.values import Member, Openings, Peer
from portal.domain.words import N_


class Hard(StrEnum):
    """What makes it hard to find somebody."""

    RARE_TOPIC = "rare_topic"
    NO_TOPIC_READY = "no_topic_ready"
    FAR_OUT = "far_out"
    ONE_LANGUAGE = "one_language"
    NO_HOURS = "no_hours"
    NOBODY_YET = "nobody_yet"


class Leads(StrEnum):
    """Where a way on leads."""

    TOPICS = "topics"
    FORMATS = "formats"
    LANGUAGES = "languages"
    TIMES = "times"
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


def ways_on(
    member: Member, peers: Sequence[Peer], openings: Mapping[int, Openings], now: datetime
) -> tuple[WayOn, ...]:
    """The ways on for this member among these peers, what is asked for first in front; never empty.

    Each thing is looked at among those whom nothing before it holds: a topic nobody knows is not a matter of hours.
    """
    held = [_held(member, peer, openings.get(peer.id, NO_OPENINGS), now) for peer in peers]
    return (*_hard(member, [filters for filters in held if Filter.APART not in filters]), NOBODY_YET)


def _hard(member: Member, held: Sequence[frozenset[Filter]]) -> Iterator[WayOn]:
    know = [filters for filters in held if Filter.TOPIC not in filters]
    if len(know) < CARDS:
        yield RARE_TOPIC
        return
    ready = [filters for filters in know if not filters & {Filter.ACTIVE, Filter.CAPACITY}]
    if len(ready) < CARDS:
        yield NO_TOPIC_READY
    speak = [filters for filters in ready if Filter.LANGUAGE not in filters]
    if len(speak) < min(CARDS, len(ready)):
        yield from (ONE_LANGUAGE, INTERPRETER)
    meet = [filters for filters in speak if Filter.FORMAT not in filters]
    if len(meet) < min(CARDS, len(speak)) and member.formats & IN_PERSON:
        yield FAR_OUT
    free = [filters for filters in meet if Filter.OPENINGS not in filters]
    if len(free) < min(CARDS, len(meet)):
        yield NO_HOURS


def _held(member: Member, peer: Peer, openings: Openings, now: datetime) -> frozenset[Filter]:
    return frozenset(check.filter for check in checks(member, peer, openings, now) if not check.passed)
