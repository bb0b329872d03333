"""Asking who offers: how many peers are asked, for how long, how many may offer, and how long an offer counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.matching.filters import Filter
from portal.domain.matching.shortlist import CARDS
from portal.domain.words import N_

MOST_ASKED = 12
MOST_OFFERS = CARDS
OPEN_FOR = timedelta(days=3)
COUNTS_FOR = timedelta(days=14)
# How often a member hears that somebody has offered.
TOLD_EVERY = timedelta(days=1)

NOT_READY = N_(
    "You are resting, or it is a while since you said that you are ready. Once you say you are, you can offer."
)
NO_ROOM = N_("You have no room for somebody new just now, and that is fine. Thank you for having read it.")
NOT_ANY_MORE = N_("This does not fit any more, and it is nobody’s fault. Thank you for having read it.")


@dataclass(frozen=True, slots=True)
class Standing:
    """One who may have offered: when, and how close they are."""

    peer_id: int
    offered_at: datetime | None
    score: float
    position: int


def stands(offered_at: datetime | None, now: datetime) -> bool:
    """Whether an offer made then still counts as an informed yes."""
    return offered_at is not None and now - offered_at <= COUNTS_FOR


def order(people: Iterable[Standing], now: datetime) -> tuple[int, ...]:
    """Who is shown first: those whose offer stands, the closest in front; then the others as they were."""
    everybody = tuple(people)
    offered = [one for one in everybody if stands(one.offered_at, now)]
    others = [one for one in everybody if not stands(one.offered_at, now)]
    first = sorted(offered, key=lambda one: (-one.score, one.position, one.peer_id))
    return tuple(one.peer_id for one in (*first, *sorted(others, key=lambda one: (one.position, one.peer_id))))


def cannot_offer(held: Iterable[Filter]) -> str | None:
    """Why a peer cannot offer now, in a kind sentence; None where they can: a time can always be looked for."""
    reasons = set(held) - {Filter.OPENINGS}
    if not reasons:
        return None
    if Filter.ACTIVE in reasons:
        return NOT_READY
    return NO_ROOM if reasons == {Filter.CAPACITY} else NOT_ANY_MORE
