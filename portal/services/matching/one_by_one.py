"""What the clock does walk by walk: one that cannot be moved on does not keep the others waiting."""

import logging
from collections.abc import Callable, Iterable

logger = logging.getLogger(__name__)


def one_by_one(walk_ids: Iterable[int], move: Callable[[int], bool]) -> int:
    """Move each of these on in a transaction of its own; returns how many moved. A failure is logged by its class."""
    moved = 0
    for walk_id in walk_ids:
        try:
            moved += move(walk_id)
        except Exception as error:  # the others must go on whatever is wrong with one
            logger.error("walk %s: %s", walk_id, type(error).__name__)
    return moved
