"""The same hill: how near a peer's experience is to each topic a member named."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.experience import Readiness, Stage
from portal.domain.matching.values import Member, MemberTopic, Peer, PeerTopic

RANK_POINTS: dict[int, float] = {1: 20.0, 2: 12.0, 3: 8.0}
READINESS_SHARE: dict[Readiness, float] = {Readiness.GLAD: 1.0, Readiness.LISTEN: 0.6, Readiness.NOT_NOW: 0.0}
SIBLING_SHARE = 0.4
HEIGHT: dict[Stage, int] = {Stage.MIDDLE: 0, Stage.FINDING: 1, Stage.STEADIER: 2, Stage.FURTHER: 3}


class Standing(StrEnum):
    """Where the peer stands on the hill, seen from the member."""

    AHEAD = "ahead"
    ALONGSIDE = "alongside"
    BEHIND = "behind"


STANDING_SHARE: dict[Standing, float] = {Standing.AHEAD: 1.0, Standing.ALONGSIDE: 0.7, Standing.BEHIND: 0.2}


@dataclass(frozen=True, slots=True)
class Footing:
    """How one named topic is met, with `share` from 0 to 1; `standing` and `readiness` are None where it is not."""

    slug: str
    rank: int
    tender: bool
    share: float
    sibling: bool = False
    standing: Standing | None = None
    readiness: Readiness | None = None


def standing(member: Stage, peer: Stage) -> Standing:
    """Ahead, alongside or behind. "Not sure" counts as alongside, but a peer who is further along is ahead of it."""
    if member is Stage.UNSURE and peer is Stage.FURTHER:
        return Standing.AHEAD
    if Stage.UNSURE in (member, peer) or HEIGHT[member] == HEIGHT[peer]:
        return Standing.ALONGSIDE
    return Standing.AHEAD if HEIGHT[peer] > HEIGHT[member] else Standing.BEHIND


def may_walk(named: MemberTopic, known: PeerTopic) -> bool:
    """Whether the peer may be asked about this topic at all: willing, and ahead where the topic needs that."""
    if known.readiness is Readiness.NOT_NOW:
        return False
    return not named.ahead_only or standing(named.stage, known.stage) is Standing.AHEAD


def climb(member: Member, peer: Peer) -> tuple[Footing, ...]:
    """One footing for each ranked topic, first rank first."""
    return tuple(_footing(named, peer) for named in member.ranked)


def knows_something_close(member: Member, peer: Peer) -> bool:
    """Whether a peer may be asked about another topic of the same group as one that was named first."""
    return any(_near(named, known) and known.slug != named.slug for named in member.ranked for known in peer.topics)


def hill_share(footings: tuple[Footing, ...]) -> float | None:
    """The share of the hill from 0 to 1, over the ranks that were named; None where none was."""
    whole = sum(RANK_POINTS[footing.rank] for footing in footings)
    return sum(RANK_POINTS[footing.rank] * footing.share for footing in footings) / whole if whole else None


def _footing(named: MemberTopic, peer: Peer) -> Footing:
    refused = any(known.slug == named.slug and known.readiness is Readiness.NOT_NOW for known in peer.topics)
    met = [] if refused else [_met(named, known) for known in peer.topics if _near(named, known)]
    nothing = Footing(named.slug, named.rank, named.tender, 0.0)
    return max(met, key=lambda footing: (footing.share, not footing.sibling), default=nothing)


def _near(named: MemberTopic, known: PeerTopic) -> bool:
    return (known.slug == named.slug or known.group == named.group) and may_walk(named, known)


def _met(named: MemberTopic, known: PeerTopic) -> Footing:
    sibling, where = known.slug != named.slug, standing(named.stage, known.stage)
    share = STANDING_SHARE[where] * READINESS_SHARE[known.readiness] * (SIBLING_SHARE if sibling else 1.0)
    return Footing(named.slug, named.rank, named.tender, share, sibling, where, known.readiness)
