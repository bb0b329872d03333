"""Days of a peer's time that lie behind: what was different on them is of no more use, and is not kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from portal.db import retry_once, transaction
from portal.models import OtherHours, Season, TimeOff, WeeklyHours, ZoneStay
from portal.queries import own_hours as queries

KEPT = timedelta(days=30)
# The clock that is furthest behind: there the date changes half a day later than in UTC.
LAST_TO_CHANGE = timedelta(hours=12)
UNLINKED = {"synchronize_session": False}


@retry_once
def forget_past(*, now: datetime) -> int:
    """Forget seasons with their weeks, travel, other hours and time off whose last day lies more than 30 days behind,
    wherever their peer lives; returns how many."""
    until = (now - LAST_TO_CHANGE - KEPT).date()
    with transaction() as session:
        seasons = queries.seasons_before(until)
        # The windows refer to the season, so they go first.
        session.execute(delete(WeeklyHours).where(WeeklyHours.season_id.in_(seasons)), execution_options=UNLINKED)
        past = (
            delete(Season).where(Season.id.in_(seasons)).returning(Season.id),
            delete(ZoneStay).where(ZoneStay.last_day < until).returning(ZoneStay.id),
            delete(OtherHours).where(OtherHours.day < until).returning(OtherHours.id),
            delete(TimeOff).where(TimeOff.ends_at <= now - KEPT).returning(TimeOff.id),
        )
        return sum(len(session.execute(each, execution_options=UNLINKED).all()) for each in past)
