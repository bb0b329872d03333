"""What these tests share."""

from datetime import datetime

from sqlalchemy import select

from portal.db import read
from portal.domain.matching.together import Fairness
from portal.models import (
    AuditEntry,
)
from portal.queries import matching as queries
from portal.queries.matching import PairView, ProposalView
from portal.services.matching import proposing
from portal.services.matching.proposing import Published
from tests.matching_cast import (
    Hill,
)


def make(hill: Hill, now: datetime, fairness: Fairness = Fairness.NOBODY_OUT, key: str = "") -> int:
    stands = queries.proposal(now)
    return proposing.propose(hill.coordinator, fairness, revision=stands.revision if stands else None, key=key, now=now)


def stands(now: datetime) -> ProposalView:
    read().rollback()
    found = queries.proposal(now)
    assert found is not None
    return found


def pairs(now: datetime) -> dict[str, PairView]:
    return {pair.name: pair for pair in queries.proposed(stands(now).id, "all", first=0, count=50)}


def publish_all(hill: Hill, now: datetime) -> Published:
    return proposing.publish(stands(now).id, None, hill.coordinator, key="", now=now)


def deeds() -> list[str]:
    return list(read().scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))
