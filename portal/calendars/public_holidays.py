"""Public holidays by country and region, from the `holidays` library.

The library is large (half a second and some 45 MB once it has been asked), so it is loaded when somebody first asks.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

ENGLISH = "en_US"
# A country and a region are kept as one short word; a few cities with a day of their own have longer names than that.
LONGEST = 8


@dataclass(frozen=True, slots=True)
class PublicHoliday:
    """A day that is a holiday somewhere, by the name it has there or in English."""

    day: date
    name: str


@cache
def countries() -> frozenset[str]:
    """Return the countries that are known, by their two letters (ISO 3166-1)."""
    return frozenset(_library().registry.EntityLoader.get_country_codes(include_aliases=False))


@cache
def regions(country: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of a country's regions that have holidays of their own, by name; none for most countries."""
    if country not in countries():
        return ()
    of_country = getattr(_library(), country)
    named: dict[str, str] = {}
    for name, code in of_country.subdivisions_aliases.items():
        named.setdefault(code, name)
    short = [code for code in of_country.subdivisions if len(f"{country}-{code}") <= LONGEST]
    return tuple(sorted(((code, named.get(code, code)) for code in short), key=lambda region: region[1]))


@lru_cache(maxsize=256)
def public_holidays(country: str, region: str, first: date, last: date) -> tuple[PublicHoliday, ...]:
    """Return the public holidays from one date to another, both included, in order; none for a place unknown."""
    if country not in countries() or (region and region not in dict(regions(country))):
        return ()
    of_country = getattr(_library(), country)
    language = ENGLISH if ENGLISH in of_country.supported_languages else None
    years = range(first.year, last.year + 1)
    found = of_country(subdiv=region or None, years=years, language=language)
    return tuple(PublicHoliday(day, name) for day, name in sorted(found.items()) if first <= day <= last)


@cache
def _library() -> Any:
    # By name and only now: whoever never asks for holidays does not pay for them at the start.
    import_module("holidays.registry")
    return import_module("holidays")
