"""Walks, suggestions and the weights they were made with."""

from sqlalchemy import select

from portal.db import read
from portal.models import Weights


def newest_weights() -> Weights | None:
    """Return the weights in force."""
    return read().scalar(select(Weights).order_by(Weights.version.desc()).limit(1))
