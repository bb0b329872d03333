"""The weights suggestions are made with."""

from sqlalchemy import select

from portal.db import read
from portal.domain.matching import score
from portal.models import Weights


def newest_weights() -> Weights | None:
    """Return the weights in force."""
    return read().scalar(select(Weights).order_by(Weights.version.desc()).limit(1))


def domain_weights() -> score.Weights | None:
    """Return the weights in force as the score takes them; None before the first were written."""
    newest = newest_weights()
    if newest is None:
        return None
    return score.Weights(str(newest.version), {score.Part(part): points for part, points in newest.parts.items()})
