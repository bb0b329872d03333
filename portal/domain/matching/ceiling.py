"""The best score a pair could still have, told from a part of what decides it, so that the rest need not be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf

from portal.domain.experience import WishKind
from portal.domain.matching.filters import OPENINGS_NEEDED
from portal.domain.matching.score import (
    Part,
    Weights,
    asked_share,
    identity_share,
    member_side,
    mutual,
    other_side,
    total,
)
from portal.domain.matching.values import Member, Openings, Peer, Wish

FAR = inf


@dataclass(frozen=True, slots=True)
class Wished:
    """The shares of what the member asked for, of what mattered to them, and of what the peer asked for; None where
    nothing was stated."""

    own: float | None
    identity: float | None
    theirs: float | None


def score(member: Member, peer: Peer, openings: Openings, weights: Weights, now: datetime) -> float:
    """The score of a pair, 0 to 100, as a suggestion has it."""
    own = member_side(member, peer, openings, weights, now)
    theirs = other_side(own, member, peer)
    return mutual(total(own), None if theirs is None else total(theirs))


def ceiling_but_for_time(member: Member, peer: Peer, weights: Weights, now: datetime) -> float:
    """The score of a pair if the two could meet at once."""
    return score(member, peer, Openings(OPENINGS_NEEDED, now), weights, now)


def ceiling(member: Member, weights: Weights) -> Callable[[float, float, Wished], float]:
    """Tell, for shares of the hill and of room and what each wished of the other, the best score with such a peer.

    Whatever else could count does so in full: no share is more, and what counts in full never brings a total down.
    """
    of = {part: float(weights.parts.get(part, 0.0)) for part in Part}
    full = of[Part.TOGETHER] + (of[Part.STYLE] if member.styles else 0.0)
    whole = of[Part.HILL] + of[Part.ROOM] + full

    def best(hill: float, room: float, wished: Wished) -> float:
        known = of[Part.HILL] * hill + of[Part.ROOM] * room + full
        alike = _with(known, whole, of[Part.IDENTITY], wished.identity)
        own = _of_hundred(*_with(*alike, of[Part.ASKED], wished.own))
        both = mutual(own, _of_hundred(*_with(*alike, of[Part.ASKED], wished.theirs)))
        # A peer without wishes may have said nothing at all, so that the member's side stands alone.
        return both if wished.theirs is not None else max(own, both)

    return best


def all_wished(member: Member) -> Wished:
    """Everything met that the member stated, and all that a peer could have stated: no pair has more."""
    nobody = Peer(0)
    own, identity = asked_share(member.wishes, {}, None), identity_share(member, nobody)
    return Wished(None if own is None else 1.0, None if identity is None else 1.0, 1.0)


def wished_of(member: Member, traits: Mapping[WishKind, str], wishes: tuple[Wish, ...]) -> Wished:
    """What a pair asked of one another as far as traits and wishes tell; any distance that was wished for is there."""
    return Wished(
        own=asked_share(member.wishes, traits, FAR),
        identity=identity_share(member, Peer(0, traits=traits)),
        theirs=asked_share(wishes, member.traits, FAR),
    )


def _with(points: float, whole: float, of: float, share: float | None) -> tuple[float, float]:
    return (points, whole) if share is None else (points + of * share, whole + of)


def _of_hundred(points: float, whole: float) -> float:
    return min(100.0, 100 * points / whole) if whole else 0.0
