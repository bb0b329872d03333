"""Whether everything that a site needs to send letters answers: the database, the broker, the worker, the clock."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from portal import queue
from portal.queries.notice import standing


@dataclass(frozen=True)
class Ready:
    """Which parts answer."""

    database: bool
    broker: bool
    worker: bool
    clock: bool

    @property
    def all(self) -> bool:
        """Say whether nothing is missing."""
        return all(asdict(self).values())


def readiness(*, now: datetime) -> Ready:
    """Ask each part; one that is away is no error here."""
    try:
        signs = standing.last_signs()
    except SQLAlchemyError:
        return Ready(database=False, broker=queue.answers(), worker=False, clock=False)
    alive = {name for name, at in signs.items() if now - at < standing.SILENT_AFTER}
    return Ready(database=True, broker=queue.answers(), worker=standing.WORKER in alive, clock=standing.CLOCK in alive)
