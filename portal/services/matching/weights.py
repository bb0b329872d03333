"""The weights of the score as an organisation's setting: a change makes a new version and alters none."""

from collections.abc import Mapping
from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.errors import NotAllowed, Stale
from portal.domain.matching.score import DEFAULT_POINTS, Part
from portal.domain.matching.walk import NOT_YOURS
from portal.domain.matching.weighing import checked, checked_note
from portal.domain.words import N_
from portal.models import Weights
from portal.queries import matching as matching_queries
from portal.services import audit, once

CHANGED_MEANWHILE = N_(
    "Somebody changed the weights in the meantime. What you typed is still here, beside what stands now."
)


def seed_weights(*, now: datetime) -> None:
    """Write the first version where there is none."""
    with transaction() as session:
        if matching_queries.newest_weights() is None:
            session.add(
                Weights(version=1, parts={part.value: points for part, points in DEFAULT_POINTS.items()}, since=now)
            )


@retry_once
def set_weights(
    coordinator_id: int,
    points: Mapping[Part, float],
    note: str,
    *,
    version_seen: int | None,
    key: str,
    now: datetime,
) -> int:
    """Put a new version in force for suggestions to come, and return its number; those made before keep theirs.

    Stale where a newer version than the one that was seen stands.
    """
    with transaction() as session:
        parts, why = checked(points), checked_note(note)
        form = once.form(coordinator_id, key, "set weights", sorted(parts.items()), why, version_seen)
        if (earlier := form.result()) is not None:
            return earlier
        if not matching_queries.is_staff(coordinator_id):
            raise NotAllowed(NOT_YOURS)
        newest = matching_queries.weights_to_change()
        before = 0 if newest is None else newest.version
        if version_seen is not None and version_seen != before:
            raise Stale(CHANGED_MEANWHILE)
        version = before + 1
        session.add(
            Weights(version=version, parts={str(part): parts[part] for part in Part}, since=now, note=why or None)
        )
        session.flush()
        audit.record(session, "set weights", "weights", version, actor_id=coordinator_id, now=now)
        form.remember(session, version, now)
        return version
