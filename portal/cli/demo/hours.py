"""When the invented peers are free: their weeks, seasons, time off and travel; and the places they like."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from portal.data import cast
from portal.models import MeetingPlace, Season, TimeOff, WeeklyHours, ZoneStay


def add_hours(session: Session, peer_id: int, told: cast.PeerTold, zone: str, now: datetime) -> None:
    """Add everything a peer told of their time, in days from now."""
    today = now.astimezone(ZoneInfo(zone)).date()
    _add_week(session, peer_id, told.hours)
    for season in told.seasons:
        first, last = _days(today, season)
        row = Season(peer_id=peer_id, first_day=first, last_day=last)
        session.add(row)
        session.flush()
        _add_week(session, peer_id, season.hours, row.id)
    for stay in told.stays:
        first, last = _days(today, stay)
        session.add(ZoneStay(peer_id=peer_id, first_day=first, last_day=last, zone=stay.zone))
    for off in told.time_off:
        first, last = _days(today, off)
        begins, ends = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
        session.add(TimeOff(peer_id=peer_id, starts_at=begins, ends_at=ends))
    session.add_all(
        MeetingPlace(peer_id=peer_id, name=place.name, address=place.address, position=position)
        for position, place in enumerate(told.places, start=1)
    )


def _add_week(session: Session, peer_id: int, hours: Iterable[cast.WeeklyHours], season_id: int | None = None) -> None:
    session.add_all(
        WeeklyHours(
            peer_id=peer_id,
            season_id=season_id,
            weekday=window.weekday,
            starts=window.start,
            ends=window.end,
            formats=",".join(window.ways),
        )
        for window in hours
    )


def _days(today: date, stretch: cast.Season | cast.Stay | cast.TimeOff) -> tuple[date, date]:
    return today + timedelta(days=stretch.from_days), today + timedelta(days=stretch.to_days)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, wall(), ZoneInfo(zone)).astimezone(UTC)
