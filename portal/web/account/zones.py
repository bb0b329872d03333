"""Time zones as a list to choose from: those of the country first, then by place, with the chosen one always in it."""

from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from babel.dates import get_timezone_location, get_timezone_name
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.web.times import clock_words, zone_words

REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
COMMON = {
    "US": (
        *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles"),
        *("America/Anchorage", "Pacific/Honolulu"),
    ),
    "CA": (
        *("America/St_Johns", "America/Halifax", "America/Toronto", "America/Winnipeg", "America/Regina"),
        *("America/Edmonton", "America/Vancouver"),
    ),
    "AU": (
        *("Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Darwin", "Australia/Perth"),
        "Australia/Hobart",
    ),
    "GB": ("Europe/London",),
    "IE": ("Europe/Dublin",),
    "NZ": ("Pacific/Auckland", "Pacific/Chatham"),
}


@cache
def _places() -> tuple[str, ...]:
    return tuple(sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS))


def zone_choices(chosen: str) -> list[tuple[str, str]]:
    """Return (name, words) for a select; old names that only browsers know are in it when they are chosen.

    Where nothing is chosen yet, the first row asks to: a clock must not be somebody's by silence.
    """
    common = COMMON.get(current_app.config["CRISIS_COUNTRY"].code, ())
    names = [name for name in ("UTC", *_places()) if name not in common]
    if chosen and chosen not in (*common, *names):
        names.insert(0, chosen)
    first = [] if chosen else [("", _("Please choose"))]
    return [*first, *((name, _zone_of_country(name)) for name in common), *((name, _plain(name)) for name in names)]


def clock_there(zone: str, now: datetime) -> str:
    """Return "New York time: it is 3:41 pm there", by which somebody sees that it is theirs."""
    return str(_("%(zone)s: it is %(clock)s there.", zone=zone_words(zone), clock=clock_words(now, zone)))


def _zone_of_country(name: str) -> str:
    locale = get_locale() or "en"
    clock = get_timezone_name(name, width="long", zone_variant="generic", locale=locale)
    return f"{clock} ({get_timezone_location(name, locale=locale, return_city=True)})"


def _plain(name: str) -> str:
    return name.replace("_", " ").replace("/", " / ")
