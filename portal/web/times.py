"""Instants as words for a reader: the weekday and month in words, the zone only where it differs."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_timezone_location
from flask_babel import get_locale
from flask_babel import gettext as _


def day_words(instant: datetime, zone: str) -> str:
    """Return "Tuesday 4 March"."""
    return str(format_datetime(instant.astimezone(ZoneInfo(zone)), "EEEE d MMMM", locale=get_locale() or "en"))


def date_words(day: date) -> str:
    """Return "Tuesday 4 March" for a day that belongs to no clock."""
    return str(format_date(day, "EEEE d MMMM", locale=get_locale() or "en"))


def month_words(instant: datetime, zone: str) -> str:
    """Return "March 2026"."""
    return str(format_datetime(instant.astimezone(ZoneInfo(zone)), "MMMM y", locale=get_locale() or "en"))


def weekday_words(instant: datetime, zone: str) -> str:
    """Return "Tue"."""
    return str(format_datetime(instant.astimezone(ZoneInfo(zone)), "EEE", locale=get_locale() or "en"))


def clock_words(instant: datetime, zone: str) -> str:
    """Return "1:30 pm"."""
    words = format_datetime(instant.astimezone(ZoneInfo(zone)), "h:mm a", locale=get_locale() or "en")
    return words.replace("AM", "am").replace("PM", "pm")


def when_words(instant: datetime, zone: str) -> str:
    """Return "Tuesday 4 March, 1:30 pm"."""
    return str(_("%(day)s, %(clock)s", day=day_words(instant, zone), clock=clock_words(instant, zone)))


def zone_words(zone: str) -> str:
    """Return "New York time" for a zone's name."""
    place = get_timezone_location(zone, locale=get_locale() or "en", return_city=True)
    return str(_("%(place)s time", place=place))


def also_words(instant: datetime, zone: str, other_zone: str, name: str) -> str:
    """Return "7:30 pm for Maya" where the other person's clock shows something else, or nothing."""
    here, there = instant.astimezone(ZoneInfo(zone)), instant.astimezone(ZoneInfo(other_zone))
    if here.replace(tzinfo=None) == there.replace(tzinfo=None):
        return ""
    clock = clock_words(instant, other_zone)
    if here.date() != there.date():
        return str(_("%(day)s, %(clock)s for %(name)s", day=day_words(instant, other_zone), clock=clock, name=name))
    return str(_("%(clock)s for %(name)s", clock=clock, name=name))
