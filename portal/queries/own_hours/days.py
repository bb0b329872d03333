"""Stretches of a peer's days that are not over: time off, seasons, and travel."""

from datetime import date, datetime

from sqlalchemy import select

from portal.db import read
from portal.models import Season, TimeOff, ZoneStay


def time_off_ahead(peer_id: int, now: datetime) -> list[TimeOff]:
    """Return the time a peer takes off that is not over, in order."""
    statement = select(TimeOff).where(TimeOff.peer_id == peer_id, TimeOff.ends_at > now)
    return list(read().scalars(statement.order_by(TimeOff.starts_at)))


def own_time_off(peer_id: int, time_off_id: int) -> TimeOff | None:
    """Return one stretch of time off for the peer it belongs to."""
    return read().scalar(select(TimeOff).where(TimeOff.id == time_off_id, TimeOff.peer_id == peer_id))


def seasons_ahead(peer_id: int, today: date) -> list[Season]:
    """Return a peer's seasons that are not over, in order."""
    statement = select(Season).where(Season.peer_id == peer_id, Season.last_day >= today)
    return list(read().scalars(statement.order_by(Season.first_day)))


def seasons_before(day: date) -> list[int]:
    """Return everybody's seasons whose last day lies before this one."""
    return list(read().scalars(select(Season.id).where(Season.last_day < day)))


def own_season(peer_id: int, season_id: int) -> Season | None:
    """Return one season for the peer it belongs to."""
    return read().scalar(select(Season).where(Season.id == season_id, Season.peer_id == peer_id))


def stays_ahead(peer_id: int, today: date) -> list[ZoneStay]:
    """Return a peer's stays in other zones that are not over, in order."""
    statement = select(ZoneStay).where(ZoneStay.peer_id == peer_id, ZoneStay.last_day >= today)
    return list(read().scalars(statement.order_by(ZoneStay.first_day)))


def own_stay(peer_id: int, stay_id: int) -> ZoneStay | None:
    """Return one stay for the peer it belongs to."""
    return read().scalar(select(ZoneStay).where(ZoneStay.id == stay_id, ZoneStay.peer_id == peer_id))
