"""The best score a pair could still have, told from a part of what decides it, so that the rest need not be read."""

from datetime import datetime

from portal.domain.matching.filters import OPENINGS_NEEDED
from portal.domain.matching.score import Part, PartScore, Weights, member_side, mutual, peer_side, total
from portal.domain.matching.values import Member, Openings, Peer


def score(member: Member, peer: Peer, openings: Openings, weights: Weights, now: datetime) -> float:
    """The score of a pair, 0 to 100, as a suggestion has it."""
    theirs = peer_side(member, peer, openings, weights, now)
    own = total(member_side(member, peer, openings, weights, now))
    return mutual(own, None if theirs is None else total(theirs))


def ceiling_but_for_time(member: Member, peer: Peer, weights: Weights, now: datetime) -> float:
    """The score of a pair if the two could meet at once."""
    return score(member, peer, Openings(OPENINGS_NEEDED, now), weights, now)


def ceiling(member: Member, hill: float | None, room: float, weights: Weights) -> float:
    """The best score of a member with any peer who has these shares of the hill and of room.

    Whatever else could count does so in full: no share is more, and what counts in full never brings a total down.
    """
    full, unsaid = 1.0, None
    shares: dict[Part, float | None] = {
        Part.HILL: hill,
        Part.ASKED: full if member.wishes else unsaid,
        Part.STYLE: full if member.styles else unsaid,
        Part.IDENTITY: full if any(member.traits.get(kind) for kind in member.identity_matters) else unsaid,
        Part.TOGETHER: full,
        Part.ROOM: room,
    }
    own = [PartScore(part, shares[part], float(weights.parts.get(part, 0.0))) for part in Part]
    # The peer may wish for something too, or may have said nothing, so that the member's side stands alone.
    theirs = [PartScore(part.part, full, part.of) if part.part is Part.ASKED else part for part in own]
    return max(total(own), mutual(total(own), total(theirs)))
