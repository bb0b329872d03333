"""The best score a pair could still have, told from a part of what decides it, so that the rest need not be read."""

from collections.abc import Callable
from datetime import datetime

from portal.domain.matching.filters import OPENINGS_NEEDED
from portal.domain.matching.score import Part, Weights, member_side, mutual, other_side, total
from portal.domain.matching.values import Member, Openings, Peer


def score(member: Member, peer: Peer, openings: Openings, weights: Weights, now: datetime) -> float:
    """The score of a pair, 0 to 100, as a suggestion has it."""
    own = member_side(member, peer, openings, weights, now)
    theirs = other_side(own, member, peer)
    return mutual(total(own), None if theirs is None else total(theirs))


def ceiling_but_for_time(member: Member, peer: Peer, weights: Weights, now: datetime) -> float:
    """The score of a pair if the two could meet at once."""
    return score(member, peer, Openings(OPENINGS_NEEDED, now), weights, now)


def ceiling(member: Member, weights: Weights) -> Callable[[float, float], float]:
    """Tell, for shares of the hill and of room, the best score of this member with any peer who has them.

    Whatever else could count does so in full: no share is more, and what counts in full never brings a total down.
    """
    of = {part: float(weights.parts.get(part, 0.0)) for part in Part}
    could_count = {
        Part.STYLE: bool(member.styles),
        Part.IDENTITY: any(member.traits.get(kind) for kind in member.identity_matters),
        Part.TOGETHER: True,
    }
    full = sum(of[part] for part, counts in could_count.items() if counts)
    # The peer may have wishes too, or may have said nothing, so that the member's side stands alone.
    mine, theirs = (full + of[Part.ASKED] if member.wishes else full), full + of[Part.ASKED]
    whole = of[Part.HILL] + of[Part.ROOM]

    def best(hill: float, room: float) -> float:
        known = of[Part.HILL] * hill + of[Part.ROOM] * room
        own = _of_hundred(known + mine, whole + mine)
        return max(own, mutual(own, _of_hundred(known + theirs, whole + theirs)))

    return best


def _of_hundred(points: float, whole: float) -> float:
    return min(100.0, 100 * points / whole) if whole else 0.0
