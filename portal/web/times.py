"""Instants as words for a reader: the weekday and month in words, the zone only where it differs.

A day or a clock is put into words once for each language and kept: a page of open times says the same few many times.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from flask_babel import get_locale
from flask_babel import gettext as _

DAY = "EEEE d MMMM"
MOST_DAYS = 4_096
MINUTES_OF_A_DAY = 24 * 60


def day_words(instant: datetime, zone: str) -> str:
    """Return "Tuesday 4 March"."""
    return date_words(instant.astimezone(ZoneInfo(zone)).date())


def date_words(day: date) -> str:
    """Return "Tuesday 4 March" for a day that belongs to no clock."""
    return _day(day, DAY, _language())


def month_words(instant: datetime, zone: str) -> str:
    """Return "March 2026"."""
    return _day(instant.astimezone(ZoneInfo(zone)).date(), "MMMM y", _language())


def weekday_words(instant: datetime, zone: str) -> str:
    """Return "Tue"."""
    return _day(instant.astimezone(ZoneInfo(zone)).date(), "EEE", _language())


def clock_words(instant: datetime, zone: str) -> str:
    """Return "1:30 pm"."""
    here = instant.astimezone(ZoneInfo(zone))
    return _clock(here.hour, here.minute, _language())


def when_words(instant: datetime, zone: str) -> str:
    """Return "Tuesday 4 March, 1:30 pm"."""
    return day_and_clock(day_words(instant, zone), clock_words(instant, zone))


def day_and_clock(day: str, clock: str) -> str:
    """Return a day and a clock that are words already as one: "Tuesday 4 March, 1:30 pm"."""
    return str(_("%(day)s, %(clock)s", day=day, clock=clock))


def zone_words(zone: str) -> str:
    """Return "New York time" for a zone's name."""
    place = get_timezone_location(zone, locale=_language(), return_city=True)
    return str(_("%(place)s time", place=place))


def also_words(instant: datetime, zone: str, other_zone: str, name: str) -> str:
    """Return "7:30 pm for Maya" where the other person's clock shows something else, or nothing."""
    return all_also_words([instant], zone, other_zone, name)[0]


def all_also_words(instants: Sequence[datetime], zone: str, other_zone: str, name: str) -> list[str]:
    """Return the same for each of several instants; the sentences are looked up once for all."""
    language, same_day, other_day = _language(), "", ""
    found = []
    for instant in instants:
        day, clock = _beside(instant, zone, other_zone, language)
        if not clock:
            found.append("")
        elif day:
            other_day = other_day or str(_("%(day)s, %(clock)s for %(name)s"))
            found.append(other_day % {"day": day, "clock": clock, "name": name})
        else:
            same_day = same_day or str(_("%(clock)s for %(name)s"))
            found.append(same_day % {"clock": clock, "name": name})
    return found


def _language() -> Locale | str:
    return get_locale() or "en"


@lru_cache(MOST_DAYS)
def _beside(instant: datetime, zone: str, other_zone: str, language: Locale | str) -> tuple[str, str]:
    """Return what the other clock shows, its day where that differs; nothing where both show the same."""
    here, there = instant.astimezone(ZoneInfo(zone)), instant.astimezone(ZoneInfo(other_zone))
    if here.utcoffset() == there.utcoffset():
        return "", ""
    day = _day(there.date(), DAY, language) if here.date() != there.date() else ""
    return day, _clock(there.hour, there.minute, language)


@lru_cache(MOST_DAYS)
def _day(day: date, pattern: str, language: Locale | str) -> str:
    return str(format_date(day, pattern, locale=language))


@lru_cache(MINUTES_OF_A_DAY)
def _clock(hour: int, minute: int, language: Locale | str) -> str:
    words: str = format_time(time(hour, minute), "h:mm a", locale=language)
    return words.replace("AM", "am").replace("PM", "pm")
