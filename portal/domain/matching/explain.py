"""Why these two: a suggestion keeps all a coordinator may ask, and can be worked out again from itself."""

from dataclasses import dataclass
from datetime import datetime

from portal.domain.matching.filters import Check, checks, fits
from portal.domain.matching.hill import Footing, climb
from portal.domain.matching.score import Part, PartScore, Weights, member_side, mutual, other_side, total
from portal.domain.matching.values import Member, Openings, Peer
from portal.domain.words import N_

PART_WORDS: dict[Part, str] = {
    Part.HILL: N_("The same hill"),
    Part.ASKED: N_("What was asked for"),
    Part.STYLE: N_("How they like to talk"),
    Part.IDENTITY: N_("Identity and everyday life"),
    Part.TOGETHER: N_("Getting together"),
    Part.ROOM: N_("Room to breathe"),
}
CHANGE_WORDS: dict[Part, str] = {
    Part.HILL: N_("A peer further along with the first topic would be closer."),
    Part.ASKED: N_("Meeting every wish would bring them closer."),
    Part.STYLE: N_("Liking to talk in the same way would bring them closer."),
    Part.IDENTITY: N_("Sharing what the member said matters to them would bring them closer."),
    Part.TOGETHER: N_("An earlier common time, or living nearer, would bring them closer."),
    Part.ROOM: N_("More room on the peer's side would bring them closer."),
}
NOT_STATED = N_("Nothing was said about this, so it does not count.")
ALL_OF_IT = N_("All of it fits.")
MOST_OF_IT = N_("Most of it fits.")
SOME_OF_IT = N_("Some of it fits.")
NONE_OF_IT = N_("None of it fits.")


@dataclass(frozen=True, slots=True)
class Change:
    """What would bring the two closer, and by how many points of the member's side at most."""

    part: Part
    points: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One pair at one instant: the filters, the parts of both sides, the topics, and the version of the weights.

    `theirs` is None where the peer stated nothing. Who saw it is recorded by whoever shows it.
    """

    member_id: int
    peer_id: int
    at: datetime
    weights_version: str
    filters: tuple[Check, ...]
    parts: tuple[PartScore, ...]
    theirs: tuple[PartScore, ...] | None
    footings: tuple[Footing, ...]
    soonest: datetime | None = None

    @property
    def score(self) -> float:
        """0 to 100, worked out again from the stored parts."""
        return mutual(total(self.parts), None if self.theirs is None else total(self.theirs))

    @property
    def fits(self) -> bool:
        """Whether every hard filter passed."""
        return fits(self.filters)

    @property
    def held(self) -> tuple[Check, ...]:
        """The filters that hold the pair back."""
        return tuple(check for check in self.filters if not check.passed)

    @property
    def would_change(self) -> tuple[Change, ...]:
        """What would bring them closer, the most first."""
        now = total(self.parts)
        gains = [(part.part, total(_filled(self.parts, part.part)) - now) for part in self.parts if _open(part)]
        changes = [Change(part, gain, CHANGE_WORDS[part]) for part, gain in gains if gain > 0]
        return tuple(sorted(changes, key=lambda change: -change.points))

    def part(self, which: Part) -> PartScore:
        """One part of the member's side."""
        return next(part for part in self.parts if part.part is which)


def suggest(member: Member, peer: Peer, openings: Openings, weights: Weights, now: datetime) -> Suggestion:
    """Everything there is to say about a pair, whether or not the filters let it through."""
    own = member_side(member, peer, openings, weights, now)
    return Suggestion(
        member_id=member.id,
        peer_id=peer.id,
        at=now,
        weights_version=weights.version,
        filters=checks(member, peer, openings, now),
        parts=own,
        theirs=other_side(own, member, peer),
        footings=climb(member, peer),
        soonest=openings.soonest,
    )


def part_sentence(part: PartScore) -> str:
    """What a coordinator reads beside a part's bar."""
    if part.share is None:
        return NOT_STATED
    if part.share >= 1:
        return ALL_OF_IT
    if part.share >= 0.5:
        return MOST_OF_IT
    return SOME_OF_IT if part.share > 0 else NONE_OF_IT


def _open(part: PartScore) -> bool:
    return part.share is not None and part.share < 1


def _filled(parts: tuple[PartScore, ...], which: Part) -> tuple[PartScore, ...]:
    return tuple(PartScore(part.part, 1.0, part.of) if part.part is which else part for part in parts)
