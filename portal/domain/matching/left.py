"""Why a proposal found nobody for somebody, and a kind way on; for a coordinator's eyes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.matching.filters import Filter, checks
from portal.domain.matching.shortlist import LOOSENED_ABOUT, NO_OPENINGS, HeldBack, held_back
from portal.domain.matching.values import Member, Openings, Peer
from portal.domain.words import N_


class Left(StrEnum):
    """What stands between somebody and a peer: room, their own choice, or one of the filters."""

    ROOM = "room"
    CHOSEN_FULL = "chosen_full"
    CHOSEN_GONE = "chosen_gone"
    LATELY = "lately"
    TOPIC = "topic"
    ACTIVE = "active"
    APART = "apart"
    LANGUAGE = "language"
    FORMAT = "format"
    OPENINGS = "openings"
    LIMITS = "limits"
    CAPACITY = "capacity"


LEFT_WORDS: dict[Left, str] = {
    Left.ROOM: N_("The peers who fit have no room left beside the others who wait."),
    Left.CHOSEN_FULL: N_("Those the member chose have no room left beside the others who wait."),
    Left.CHOSEN_GONE: N_("None of those the member chose can be asked just now."),
    Left.LATELY: N_("Those who fit were asked lately, or taken off the cards, and are not suggested again so soon."),
    Left.TOPIC: N_("No peer has walked one of the hills that were named first."),
    Left.ACTIVE: N_("Those who share a topic are resting, or have not said lately that they are ready."),
    Left.APART: N_("Those who share a topic are kept apart from the member."),
    Left.LANGUAGE: N_("Most who share a topic speak no common language."),
    Left.FORMAT: N_("Most who share a topic cannot meet in a way that suits the member."),
    Left.OPENINGS: N_("Most who share a topic have too few common times in the next two weeks."),
    Left.LIMITS: N_("Most who share a topic do not meet a must-have, or would rather not talk about it now."),
    Left.CAPACITY: N_("Those who share a topic have no room for a new match."),
}
WAY_ON: dict[Left, str] = {
    Left.ROOM: N_("Their place is kept; a peer more, or one with more room, would open a way. A few lines are kind."),
    Left.CHOSEN_FULL: N_("Their choice is kept. You can offer somebody else, with a reason the member reads."),
    Left.CHOSEN_GONE: N_("Open the walk and offer somebody else, with a reason the member reads."),
    Left.LATELY: N_("They can be suggested again two weeks after. Until then a few lines from you are kind."),
    Left.TOPIC: N_("A neighbouring topic, chosen together with the member, may open a way. Their place is kept."),
    Left.ACTIVE: N_("A word with those peers may help; resting is always theirs to choose."),
    Left.APART: N_("Nobody is asked why. Somebody new may come; their place is kept."),
    Left.LANGUAGE: N_("A peer for this language would open a way. Their place is kept."),
    Left.FORMAT: N_("Phone or video may do for a start, if the member agrees."),
    Left.OPENINGS: N_("One more hour in the week, on either side, may be enough."),
    Left.LIMITS: N_("Ask gently whether a must-have may be a wish."),
    Left.CAPACITY: N_("Their place is kept until room is there again."),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why nobody was found, and what loosening would open most people, where one thing would."""

    why: Left
    held_back: HeldBack | None = None

    @property
    def opens(self) -> str:
        """The sentence about loosening, or nothing."""
        return LOOSENED_ABOUT[self.held_back.what] if self.held_back is not None else ""


def nobody_fits(member: Member, peers: Iterable[Peer], openings: Mapping[int, Openings], now: datetime) -> LeftOut:
    """Say which filter holds most of those who share a topic, where no peer at all fits."""
    everybody = tuple(peers)
    held: Counter[Filter] = Counter()
    share = 0
    for peer in everybody:
        answers = checks(member, peer, openings.get(peer.id, NO_OPENINGS), now)
        stops = [answer.filter for answer in answers if not answer.passed]
        if Filter.TOPIC not in stops:
            share += 1
            held.update(stops)
    if not share:
        return LeftOut(Left.TOPIC)
    most = max(Filter, key=lambda which: held[which])
    return LeftOut(Left(most.value), held_back(member, everybody, openings, now))
