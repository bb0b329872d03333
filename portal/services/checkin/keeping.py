"""What is kept no longer: threads, twelve months after their walk has ended."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from portal.db import retry_once, transaction
from portal.models import CheckIn, Thread, ThreadLine, ThreadReader
from portal.queries import checkin as queries
from portal.services.one_by_one import in_pages, one_by_one
from portal.services.walk import locked_walk

KEPT = timedelta(days=365)


def forget_old(*, now: datetime) -> int:
    """Forget the threads and check-ins of walks that ended twelve months ago; returns of how many."""
    old = in_pages(lambda after: queries.old_threads(now - KEPT, after))
    return one_by_one("thread", old, _forget)


@retry_once
def _forget(walk_id: int) -> bool:
    with transaction() as session:
        locked_walk(walk_id)
        # An answer names the line it answers.
        for rows in (
            delete(ThreadLine).where(ThreadLine.walk_id == walk_id, ThreadLine.answers_id.is_not(None)),
            *(delete(table).where(table.walk_id == walk_id) for table in (ThreadLine, ThreadReader, CheckIn, Thread)),
        ):
            session.execute(rows, execution_options={"synchronize_session": False})
        return True
