"""Instants, as seconds since 1970 where they are counted with, and the local dates they fall on."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = 60
DAY = 86_400
FOREVER = 1 << 60
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = EPOCH.toordinal()
_SECOND = timedelta(seconds=1)


def as_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC; a naive datetime is a ValueError, because it would mean the server's own zone."""
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)


def seconds_of(instant: datetime) -> int:
    """Return the whole seconds from 1970 to an instant, a part of a second left off."""
    since = as_utc(instant) - EPOCH
    return since.days * DAY + since.seconds


def instant_of(seconds: int) -> datetime:
    """Return the instant so many seconds after 1970, in UTC."""
    return EPOCH + timedelta(0, seconds)


def seconds_up_to(instant: datetime) -> int:
    """Return the whole seconds from 1970 to an instant, a part of a second counted as a whole one."""
    return -((EPOCH - as_utc(instant)) // _SECOND)


def wall_of(day: date) -> int:
    """Return the seconds at which a clock in UTC would show the start of a date."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


def local_date(instant: datetime, zone: str) -> date:
    """Return the calendar date of an instant in an IANA zone; for what a peer's rules count, ask Hours.date_of."""
    try:
        return as_utc(instant).astimezone(ZoneInfo(zone)).date()
    except OverflowError:  # the first or last hours of the calendar, as a hand-made address may ask for
        return instant.date()


def check_zone(zone: str) -> None:
    """Raise a ValueError for what is no IANA zone."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"not a time zone: {zone!r}") from unknown
