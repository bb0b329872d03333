"""What the clock does row by row, each in a transaction of its own: one that fails does not keep the others waiting."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence

from portal.db import read

logger = logging.getLogger(__name__)


def one_by_one(what: str, ids: Iterable[int], do: Callable[[int], bool]) -> int:
    """Do this with each of these rows; returns with how many it was done. A failure is logged by id and class only."""
    done = 0
    for id_ in ids:
        try:
            done += do(id_)
        except Exception as error:  # the others must go on whatever is wrong with one
            logger.error("%s %s: %s", what, id_, type(error).__name__)
            # What was only read since may have broken off too, and PostgreSQL would refuse whatever is asked next.
            read().rollback()
    return done


def in_pages(page: Callable[[int], Sequence[int]]) -> Iterator[int]:
    """Yield ids page by page, each page those that come after the last one before (0 at first), until one is empty."""
    ids = page(0)
    while ids:
        yield from ids
        ids = page(ids[-1])
