"""How close a fit is, 0 to 100: six parts, each a share of what it could give; what was not stated is left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt
from types import MappingProxyType

from portal.domain.experience import IN_PERSON, Style, WishKind
from portal.domain.matching.filters import usable_formats
from portal.domain.matching.hill import climb, hill_share
from portal.domain.matching.values import Member, Openings, Peer, Wish, alike, distance_km, meets, reach_km

SOON = timedelta(days=3)
LATE = timedelta(days=14)
SOON_SHARE = 0.7


class Part(StrEnum):
    """What a fit is made of."""

    HILL = "hill"
    ASKED = "asked"
    STYLE = "style"
    IDENTITY = "identity"
    TOGETHER = "together"
    ROOM = "room"


DEFAULT_POINTS: Mapping[Part, float] = MappingProxyType(
    {Part.HILL: 40, Part.ASKED: 20, Part.STYLE: 15, Part.IDENTITY: 10, Part.TOGETHER: 10, Part.ROOM: 5}
)


@dataclass(frozen=True, slots=True)
class Weights:
    """An organisation's points for each part, at least 0; `version` is kept with every suggestion."""

    version: str = "1"
    parts: Mapping[Part, float] = field(default_factory=lambda: DEFAULT_POINTS)


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part for one pair: `share` from 0 to 1 of `of` points, None where nothing was stated and nothing counts."""

    part: Part
    share: float | None
    of: float

    @property
    def points(self) -> float:
        """The points this part gives."""
        return (self.share or 0.0) * self.of


def member_side(
    member: Member, peer: Peer, openings: Openings, weights: Weights, now: datetime
) -> tuple[PartScore, ...]:
    """The six parts as the member would see them, in the order of `Part`."""
    shares: dict[Part, float | None] = {
        Part.HILL: hill_share(climb(member, peer)),
        Part.ASKED: asked_share(member.wishes, peer.traits, distance_km(member, peer)),
        Part.STYLE: style_share(member.styles, peer.styles),
        Part.IDENTITY: identity_share(member, peer),
        Part.TOGETHER: together_share(member, peer, openings, now),
        Part.ROOM: room_share(peer),
    }
    return tuple(PartScore(part, shares[part], float(weights.parts.get(part, 0.0))) for part in Part)


def other_side(own: tuple[PartScore, ...], member: Member, peer: Peer) -> tuple[PartScore, ...] | None:
    """The peer's side to a member's: what each asked for and how each likes to talk differs, all else is the same.

    None where the peer stated neither wishes nor a way to talk.
    """
    if not peer.wishes and not peer.styles:
        return None
    theirs = {
        Part.ASKED: asked_share(peer.wishes, member.traits, distance_km(member, peer)),
        Part.STYLE: style_share(peer.styles, member.styles),
    }
    return tuple(PartScore(one.part, theirs[one.part], one.of) if one.part in theirs else one for one in own)


def total(parts: Iterable[PartScore]) -> float:
    """0 to 100 over the parts that count."""
    counted = [part for part in parts if part.share is not None]
    whole = sum(part.of for part in counted)
    return min(100.0, 100 * sum(part.points for part in counted) / whole) if whole else 0.0


def mutual(one: float, other: float | None) -> float:
    """The geometric mean of both sides; one side alone where the other stated nothing."""
    return one if other is None else min(100.0, sqrt(one * other))


def asked_share(wishes: tuple[Wish, ...], traits: Mapping[WishKind, str], km: float | None) -> float | None:
    """The share of the stated wishes that are met."""
    return _mean([meets(wish, traits, km) for wish in wishes])


def style_share(own: frozenset[Style], theirs: frozenset[Style]) -> float | None:
    """The share of one's own ways to talk that the other likes too; counts only where both said."""
    return len(own & theirs) / len(own) if own and theirs else None


def identity_share(member: Member, peer: Peer) -> float | None:
    """The share of what the member ticked as mattering, and told of themselves, that the peer told alike."""
    kinds = [kind for kind in dict.fromkeys(member.identity_matters) if member.traits.get(kind)]
    return _mean([alike(member.traits[kind], peer.traits.get(kind, "")) for kind in kinds])


def together_share(member: Member, peer: Peer, openings: Openings, now: datetime) -> float:
    """How soon they could meet (within 3 days all, after 14 nothing) and, where they may meet in person, how near."""
    soon = 0.0
    if openings.soonest is not None:
        soon = min(1.0, max(0.0, (LATE - (openings.soonest - now)) / (LATE - SOON)))
    km, reach = distance_km(member, peer), reach_km(member, peer)
    if km is None or not reach or not usable_formats(member, peer) & IN_PERSON:
        return soon
    return SOON_SHARE * soon + (1 - SOON_SHARE) * max(0.0, 1 - km / reach)


def room_share(peer: Peer) -> float:
    """The peer's free share of capacity."""
    if peer.capacity_units <= 0:
        return 0.0
    return min(1.0, max(0.0, (peer.capacity_units - peer.units_used) / peer.capacity_units))


def _mean(answers: list[bool]) -> float | None:
    return sum(answers) / len(answers) if answers else None
