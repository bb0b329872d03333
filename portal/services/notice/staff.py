"""What a coordinator does about a letter that could not be delivered."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import queue
from portal.db import after_commit, transaction
from portal.domain.errors import NotFound
from portal.domain.notice import NoticeState
from portal.models import Notice
from portal.queries import notice as queries
from portal.services import audit


def try_again(notice_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Make a letter due once more, with all its tries; a second tap changes nothing."""
    with transaction() as session:
        notice = _found(notice_id)
        if notice.state is not NoticeState.FAILED:
            return
        notice.state, notice.due_at, notice.settled_at = NoticeState.DUE, now, None
        notice.attempts = notice.doubts = 0
        _record(session, "letter tried again", notice_id, coordinator_id, now)
        after_commit(lambda: queue.post([notice_id]))


def let_go(notice_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Take a letter off the list: it has been said another way, or need not be said."""
    with transaction() as session:
        notice = _found(notice_id)
        if notice.state is not NoticeState.FAILED:
            return
        notice.state, notice.settled_at, notice.rendered = NoticeState.VOID, now, None
        _record(session, "letter let go", notice_id, coordinator_id, now)


def _found(notice_id: int) -> Notice:
    notice = queries.notice(notice_id)
    if notice is None:
        raise NotFound
    return notice


def _record(session: Session, verb: str, notice_id: int, actor_id: int, now: datetime) -> None:
    audit.record(session, verb, "notice", notice_id, actor_id=actor_id, now=now)
