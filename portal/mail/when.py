"""Times in words: weekday and month in words, in the reader's language and zone, the zone said beside them."""

from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location, get_timezone_name

from portal.mail.render import locale_of

_NARROW_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})


def day_in_full(at: datetime, zone: str, language: str) -> str:
    """Return such as "Tuesday, March 4"."""
    return _day(_local(at, zone).date(), locale_of(language))


def clock(at: datetime, zone: str, language: str) -> str:
    """Return such as "1:30 pm", "4 pm" or "16:30"."""
    return _clock(_local(at, zone).time(), locale_of(language))


def short(at: datetime, zone: str, language: str) -> str:
    """Return such as "Tue 4 pm", for a subject."""
    return f"{_weekday(_local(at, zone).date(), locale_of(language))} {clock(at, zone, language)}"


def moment_in_full(at: datetime, zone: str, language: str) -> str:
    """Return such as "Tuesday, March 4, 1:30 pm (Eastern Standard Time)"."""
    return f"{day_in_full(at, zone, language)}, {clock(at, zone, language)} ({zone_name(at, zone, language)})"


def span_in_full(starts_at: datetime, ends_at: datetime, zone: str, language: str) -> str:
    """Return such as "Tuesday, March 4, 1:30 pm – 2 pm (Eastern Standard Time)"."""
    hours = f"{clock(starts_at, zone, language)} – {clock(ends_at, zone, language)}"
    return f"{day_in_full(starts_at, zone, language)}, {hours} ({zone_name(starts_at, zone, language)})"


def zone_name(at: datetime, zone: str, language: str) -> str:
    """Return the zone's name at that instant, such as "Eastern Daylight Time", or "India Time" where it has none."""
    local = _local(at, zone)
    return _zone(zone, local.replace(minute=0, second=0, microsecond=0), locale_of(language))


def differs(at: datetime, zone: str, other: str) -> bool:
    """Whether the clocks of the two zones show something else at that instant."""
    return _local(at, zone).utcoffset() != _local(at, other).utcoffset()


# Babel reads its patterns anew at each call; letters that go out together tell of few days, times and zones.


@lru_cache(maxsize=1024)
def _day(day: date, locale: Locale) -> str:
    return f"{format_date(day, 'EEEE', locale=locale)}, {format_skeleton('MMMMd', day, locale=locale)}"


@lru_cache(maxsize=1024)
def _weekday(day: date, locale: Locale) -> str:
    return format_skeleton("E", day, locale=locale)


@lru_cache(maxsize=4096)
def _clock(at: time, locale: Locale) -> str:
    words = format_time(at, "short", locale=locale).translate(_NARROW_SPACES)
    if locale.language != "en":
        return words
    return words.replace("AM", "am").replace("PM", "pm").replace(":00 ", " ")


@lru_cache(maxsize=4096)
def _zone(zone: str, local: datetime, locale: Locale) -> str:
    name = get_timezone_name(local, width="long", locale=locale)
    if name.startswith("GMT") and not zone.startswith("Etc/"):
        return get_timezone_location(ZoneInfo(zone), locale=locale)
    return name


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))
