"""Times in words: weekday and month in words, in the reader's language and zone, the zone said beside them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_skeleton, format_time, get_timezone_location, get_timezone_name

from portal.mail.render import locale_of

_NARROW_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})


def day_in_full(at: datetime, zone: str, language: str) -> str:
    """Return such as "Tuesday, March 4"."""
    local, locale = _local(at, zone), locale_of(language)
    return f"{format_datetime(local, 'EEEE', locale=locale)}, {format_skeleton('MMMMd', local, locale=locale)}"


def clock(at: datetime, zone: str, language: str) -> str:
    """Return such as "1:30 pm", "4 pm" or "16:30"."""
    locale = locale_of(language)
    words = format_time(_local(at, zone).timetz(), "short", locale=locale).translate(_NARROW_SPACES)
    if locale.language != "en":
        return words
    return words.replace("AM", "am").replace("PM", "pm").replace(":00 ", " ")


def short(at: datetime, zone: str, language: str) -> str:
    """Return such as "Tue 4 pm", for a subject."""
    weekday = format_skeleton("E", _local(at, zone), locale=locale_of(language))
    return f"{weekday} {clock(at, zone, language)}"


def moment_in_full(at: datetime, zone: str, language: str) -> str:
    """Return such as "Tuesday, March 4, 1:30 pm (Eastern Standard Time)"."""
    return f"{day_in_full(at, zone, language)}, {clock(at, zone, language)} ({zone_name(at, zone, language)})"


def span_in_full(starts_at: datetime, ends_at: datetime, zone: str, language: str) -> str:
    """Return such as "Tuesday, March 4, 1:30 pm – 2 pm (Eastern Standard Time)"."""
    hours = f"{clock(starts_at, zone, language)} – {clock(ends_at, zone, language)}"
    return f"{day_in_full(starts_at, zone, language)}, {hours} ({zone_name(starts_at, zone, language)})"


def zone_name(at: datetime, zone: str, language: str) -> str:
    """Return the zone's name at that instant, such as "Eastern Daylight Time", or "India Time" where it has none."""
    name = get_timezone_name(_local(at, zone), width="long", locale=locale_of(language))
    if name.startswith("GMT") and not zone.startswith("Etc/"):
        return get_timezone_location(ZoneInfo(zone), locale=locale_of(language))
    return name


def differs(at: datetime, zone: str, other: str) -> bool:
    """Whether the clocks of the two zones show something else at that instant."""
    return _local(at, zone).utcoffset() != _local(at, other).utcoffset()


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))
