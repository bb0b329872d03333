"""The demo community's open hours: an evening in which those who walk with a peer may come without booking."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from datetime import time as wall
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.data import cast
from portal.domain.experience import Format
from portal.models import Hold, OpenHour

OFFERED_BEFORE = timedelta(days=1)


def add_open_hours(session: Session, people: Mapping[str, cast.Person], ids: Mapping[str, int], now: datetime) -> None:
    """Add the open hours of everybody who offers one, with the time they take."""
    for told in people.values():
        for hour in told.peer.open_hours if told.peer is not None else ():
            here = ZoneInfo(told.zone)
            midnight = datetime.combine(now.astimezone(here).date() + timedelta(days=hour.in_days), wall(), here)
            starts_at, ends_at = (
                (midnight + timedelta(minutes=each)).astimezone(UTC) for each in (hour.start, hour.end)
            )
            row = OpenHour(
                peer_id=ids[told.key],
                starts_at=starts_at,
                ends_at=ends_at,
                format=Format.PHONE,
                created_at=now - OFFERED_BEFORE,
            )
            session.add(row)
            session.flush()
            session.add(Hold(open_hour_id=row.id, person_id=row.peer_id, starts_at=starts_at, ends_at=ends_at))
