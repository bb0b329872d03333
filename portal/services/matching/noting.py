"""A coordinator wrote a few lines to somebody who waits: that they did is kept, the lines are not."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.errors import NotAllowed, NotFound
from portal.domain.matching.walk import NOT_YOURS
from portal.queries import matching as matching_queries
from portal.queries import measures as measures_queries
from portal.services import audit, once


@retry_once
def note_written(walk_id: int, coordinator_id: int, *, key: str, now: datetime) -> int:
    """Keep that a coordinator wrote to the member of this walk today."""
    with transaction() as session:
        form = once.form(coordinator_id, key, "note written", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        if not matching_queries.is_staff(coordinator_id):
            raise NotAllowed(NOT_YOURS)
        if matching_queries.walk_to_change(walk_id) is None:
            raise NotFound
        audit.record(session, measures_queries.WROTE, "walk", walk_id, actor_id=coordinator_id, now=now)
        form.remember(session, walk_id, now)
        return walk_id
