"""The clock's care for the outbox: posting what is due, freeing what a dead worker held, forgetting what is old."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from portal import queue
from portal.db import after_commit, transaction
from portal.domain.notice import NoticeState
from portal.models import Heartbeat, Notice, Unsubscribe
from portal.queries import notice as queries
from portal.queries.notice import standing
from portal.services.notice.settle import doubt, try_later
from portal.services.one_by_one import in_pages, one_by_one

LETTERS_KEPT = timedelta(days=30)
KEYS_KEPT = timedelta(days=180)
SETTLED = (NoticeState.SENT, NoticeState.VOID, NoticeState.FAILED)


@dataclass(frozen=True)
class Swept:
    """How many letters were freed from a worker that did not come back, and how many were posted."""

    freed: int
    posted: int


def sweep(*, now: datetime) -> Swept:
    """Free what is held too long and post what is due; a lost queue loses nothing."""
    lapsed = in_pages(lambda after: queries.lapsed_ids(now, after))
    freed = one_by_one("letter", lapsed, lambda notice_id: _free(notice_id, now=now))
    with transaction():
        due = queries.due_ids(now)
        after_commit(lambda: queue.post_due(due))
    return Swept(freed, len(due))


def _free(notice_id: int, *, now: datetime) -> bool:
    with transaction():
        notice = queries.lapsed_letter(notice_id, now)
        if notice is None:
            return False
        if notice.rendered is None:  # it was never written, and so never handed over
            try_later(notice, "fault", now)
        else:
            # Its worker may have died after the letter was taken, so this counts as a doubt.
            doubt(notice, notice.due_at, now)
        return True


def purge(*, now: datetime) -> int:
    """Forget what letters said 30 days after they were settled, and keys in letters nobody reads any more."""
    with transaction() as session:
        old = update(Notice).where(
            Notice.state.in_(SETTLED), Notice.settled_at <= now - LETTERS_KEPT, Notice.rendered.is_not(None)
        )
        unlinked = {"synchronize_session": False}
        found = session.execute(
            old.values(rendered=None, details=None).returning(Notice.id), execution_options=unlinked
        ).all()
        session.execute(
            delete(Unsubscribe).where(Unsubscribe.created_at <= now - KEYS_KEPT), execution_options=unlinked
        )
    return len(found)


def beat(*, now: datetime) -> None:
    """Note that the clock runs, and ask the worker for a sign of life."""
    with transaction() as session:
        session.merge(Heartbeat(name=standing.CLOCK, at=now))
        after_commit(queue.post_pulse)


def pulse(*, now: datetime) -> None:
    """Note that the worker runs."""
    with transaction() as session:
        session.merge(Heartbeat(name=standing.WORKER, at=now))
