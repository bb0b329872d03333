"""Everyone together: what a proposal for all who wait aims at, and the states it and its pairs go through."""

from datetime import timedelta
from enum import StrEnum

from portal.domain.words import N_

DAYS_A_POINT = 2
MOST_BONUS = 10.0


class Fairness(StrEnum):
    """What counts first: that nobody is left out, or that the fits are close."""

    NOBODY_OUT = "nobody_out"
    CLOSEST = "closest"


class ProposalState(StrEnum):
    """How far a run has come."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CLOSED = "closed"


class PairState(StrEnum):
    """What became of a proposed pair; `OVERTAKEN` is one whose walk has moved on by itself."""

    PENDING = "pending"
    PUBLISHED = "published"
    DROPPED = "dropped"
    OVERTAKEN = "overtaken"


class Mark(StrEnum):
    """What a coordinator says of a pair before everybody is matched again."""

    PIN = "pin"
    FORBID = "forbid"


FAIRNESS_WORDS: dict[Fairness, str] = {
    Fairness.NOBODY_OUT: N_("Nobody left out"),
    Fairness.CLOSEST: N_("Closest fits"),
}


def wait_bonus(waited: timedelta) -> float:
    """Points for having waited: 1 for each 2 days, at most 10."""
    return min(MOST_BONUS, max(0.0, waited / timedelta(days=DAYS_A_POINT)))
