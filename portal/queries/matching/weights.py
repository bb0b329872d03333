"""The weights suggestions are made with, and those that were in force before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from portal.db import read
from portal.domain.matching import score
from portal.models import AuditEntry, Person, Weights

NEWEST = select(Weights).order_by(Weights.version.desc()).limit(1)


@dataclass(frozen=True)
class Version:
    """One version of the weights; `by` is empty for the points that came with the portal."""

    number: int
    points: Mapping[score.Part, float]
    since: datetime
    note: str
    by: str


def newest_weights() -> Weights | None:
    """Return the weights in force."""
    return read().scalar(NEWEST)


def weights_to_change() -> Weights | None:
    """Return the weights in force as they are now, held until the verb that asks ends."""
    # Whoever waited for the row looks again: the one that held it may have put a newer one beside it.
    read().scalar(NEWEST.with_for_update())
    return newest_weights()


def domain_weights() -> score.Weights | None:
    """Return the weights in force as the score takes them; None before the first were written."""
    newest = newest_weights()
    return None if newest is None else _weights(newest)


def weights_of(version: int) -> score.Weights | None:
    """Return one version as the score takes it; None where there is none."""
    found = read().get(Weights, version)
    return None if found is None else _weights(found)


def weights_versions() -> tuple[Version, ...]:
    """Return every version with who set it, the one in force first."""
    rows = read().execute(
        select(Weights, Person.name)
        .outerjoin(AuditEntry, and_(AuditEntry.subject == "weights", AuditEntry.subject_id == Weights.version))
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .order_by(Weights.version.desc())
    )
    return tuple(Version(row.version, _weights(row).parts, row.since, row.note or "", by or "") for row, by in rows)


def _weights(row: Weights) -> score.Weights:
    return score.Weights(str(row.version), {score.Part(part): points for part, points in row.parts.items()})
