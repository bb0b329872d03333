"""To whom of those who wait in the demo community a coordinator has written by now."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.matching.promises import WAITING
from portal.models import Walk
from portal.queries import measures as measures_queries
from portal.services import audit

# In the afternoon of the third day, to two of three.
AFTER = timedelta(days=3, hours=5)
LEFT_OUT = 3


def add_notes(session: Session, coordinator_id: int, now: datetime) -> None:
    """Write down the notes; the walks are there already."""
    waiting = session.scalars(select(Walk).where(Walk.open, Walk.state.in_(WAITING)).order_by(Walk.asked_at, Walk.id))
    due = [walk for walk in waiting if walk.asked_at + AFTER <= now]
    for walk in (walk for place, walk in enumerate(due) if place % LEFT_OUT):
        at = walk.asked_at + AFTER
        audit.record(session, measures_queries.WROTE, "walk", walk.id, actor_id=coordinator_id, now=at)
