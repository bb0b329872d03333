"""The weights of the score as an organisation's setting, one row a version."""

from datetime import datetime

from portal.db import transaction
from portal.domain.matching.score import DEFAULT_POINTS
from portal.models import Weights
from portal.queries import matching as matching_queries


def seed_weights(*, now: datetime) -> None:
    """Write the first version where there is none."""
    with transaction() as session:
        if matching_queries.newest_weights() is None:
            session.add(
                Weights(version=1, parts={part.value: points for part, points in DEFAULT_POINTS.items()}, since=now)
            )
