"""Holding the post: after a backup was restored nothing goes out until a person says so."""

from datetime import datetime

from sqlalchemy import update

from portal.db import transaction
from portal.domain.notice import NoticeState
from portal.models import Notice, PostHold
from portal.queries.notice import standing
from portal.services import audit


def hold(reason: str, *, now: datetime) -> None:
    """Send nothing from now on but codes that somebody asks for; a second hold changes nothing."""
    with transaction() as session:
        if standing.held_since() is None:
            session.add(PostHold(since=now, reason=reason))
            audit.record(session, "post held", "post", 0, actor_id=None, now=now)


def let_out(actor_id: int | None, *, drop_older: bool, now: datetime) -> None:
    """Send again. What should have gone out before the hold began may be dropped: after a restore it probably did."""
    with transaction() as session:
        row = standing.hold_to_lift()
        if row is None:
            return
        row.lifted_at, row.lifted_by = now, actor_id
        if drop_older:
            older = update(Notice).where(
                Notice.state.in_([NoticeState.DUE, NoticeState.SENDING]), Notice.due_at <= row.since
            )
            session.execute(
                older.values(
                    state=NoticeState.VOID,
                    error="restored",
                    settled_at=now,
                    lease_until=None,
                    rendered=None,
                    details=None,
                ),
                execution_options={"synchronize_session": False},
            )
        audit.record(session, "post let out", "post", row.id, actor_id=actor_id, now=now)
