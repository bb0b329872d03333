"""What matching knows about a member, a peer and their common time: plain values, never a row and never free text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from portal.domain.experience import RANKED_TOPICS, Format, Readiness, Stage, Strength, Style, WishKind

EARTH_KM = 6371.0
NOT_LOCAL_KM = 40.0
# How far people are taken to go where neither said: a town and what lies around it.
USUAL_KM = 25.0


@dataclass(frozen=True, slots=True)
class Place:
    """A rounded spot, in degrees."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class MemberTopic:
    """A topic a member named, rank 1 first. `tender` is true unless said otherwise, so that forgetting it hides."""

    slug: str
    group: str
    rank: int
    stage: Stage
    ahead_only: bool = False
    tender: bool = True


@dataclass(frozen=True, slots=True)
class PeerTopic:
    """A topic a peer has walked through, and how ready they are for it."""

    slug: str
    group: str
    stage: Stage
    readiness: Readiness


@dataclass(frozen=True, slots=True)
class Wish:
    """Something wished of the other; `value` is one of WISH_CHOICES, or several with commas, any of which will do."""

    kind: WishKind
    strength: Strength
    value: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who asks. `traits` are what they told of themselves; `identity_matters` the kinds they ticked."""

    id: int
    topics: tuple[MemberTopic, ...] = ()
    wishes: tuple[Wish, ...] = ()
    styles: frozenset[Style] = frozenset()
    formats: frozenset[Format] = frozenset()
    languages: frozenset[str] = frozenset()
    identity_matters: tuple[WishKind, ...] = ()
    traits: Mapping[WishKind, str] = field(default_factory=dict)
    place: Place | None = None
    radius_km: float | None = None
    apart: frozenset[int] = frozenset()

    @property
    def ranked(self) -> tuple[MemberTopic, ...]:
        """The topics that count, first rank first."""
        return tuple(sorted((t for t in self.topics if 1 <= t.rank <= RANKED_TOPICS), key=lambda t: (t.rank, t.slug)))

    @property
    def musts(self) -> tuple[Wish, ...]:
        """The must-haves."""
        return tuple(wish for wish in self.wishes if wish.strength is Strength.MUST)


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody who offers. Capacity is in half units; `wishes` are what they would like in a member, if they said."""

    id: int
    topics: tuple[PeerTopic, ...] = ()
    traits: Mapping[WishKind, str] = field(default_factory=dict)
    wishes: tuple[Wish, ...] = ()
    styles: frozenset[Style] = frozenset()
    formats: frozenset[Format] = frozenset()
    languages: frozenset[str] = frozenset()
    place: Place | None = None
    radius_km: float | None = None
    apart: frozenset[int] = frozenset()
    approved: bool = False
    agreed: bool = False
    resting: bool = False
    readiness_confirmed_at: datetime | None = None
    capacity_units: int = 0
    units_used: int = 0
    waiting_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Openings:
    """The common 30-minute openings of one pair within the next 14 days."""

    common_count: int = 0
    soonest: datetime | None = None


def distance_km(member: Member, peer: Peer) -> float | None:
    """Great-circle distance (haversine), None where either place is unknown."""
    if member.place is None or peer.place is None:
        return None
    here, there = member.place, peer.place
    up, across = radians(there.lat - here.lat) / 2, radians(there.lon - here.lon) / 2
    chord = sin(up) ** 2 + cos(radians(here.lat)) * cos(radians(there.lat)) * sin(across) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))


def reach_km(member: Member, peer: Peer) -> float:
    """How far apart the two may live to meet in person: the smaller of what they said, in km."""
    return min((radius for radius in (member.radius_km, peer.radius_km) if radius is not None), default=USUAL_KM)


def near_enough(member: Member, peer: Peer) -> bool:
    """Whether the two can meet in person; somebody whose place is not known is near nobody."""
    km = distance_km(member, peer)
    return km is not None and km <= reach_km(member, peer)


def meets(wish: Wish, traits: Mapping[WishKind, str], km: float | None) -> bool:
    """Whether the other's traits meet a wish; what was not stated is never guessed, an unknown distance is not far."""
    if wish.kind is WishKind.NOT_LOCAL:
        return km is not None and km > NOT_LOCAL_KM
    return alike(wish.value, traits.get(wish.kind, ""))


def alike(one: str, other: str) -> bool:
    """Whether two values, each possibly several with commas, have one in common."""
    return bool(_several(one) & _several(other))


def _several(value: str) -> set[str]:
    return {part for part in (piece.strip().casefold() for piece in value.split(",")) if part}
