"""Which repetitions are worked out at all (RFC 5545, 3.3.10): daily or slower, within bounds, nothing unknown."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from math import prod
from typing import Any

FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
LARGEST_INTERVAL = 1000
MOST_COMBINED = 1000
MOST_RULES = 4
NUMBERS = {
    "BYSECOND": (0, 60),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (1, 31),
    "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (1, 366),
}
FROM_THE_END = frozenset({"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"})
WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *NUMBERS})


class OutOfBounds(Exception):
    """A repetition that is not worked out."""


def check_rule(rule: Mapping[str, Any], frequencies: frozenset[str] = FREQUENCIES) -> None:
    """Raise OutOfBounds unless a rule, as icalendar read it, may be worked out."""
    values = {str(name).upper(): value if isinstance(value, list) else [value] for name, value in rule.items()}
    if values.keys() - KNOWN or [str(each).upper() for each in values.get("FREQ", [])] not in (
        [each] for each in frequencies
    ):
        raise OutOfBounds
    _check_number(values, "INTERVAL", LARGEST_INTERVAL)
    _check_number(values, "COUNT", None)
    if len(values.get("UNTIL", [])) > 1 or ("UNTIL" in values and "COUNT" in values):
        raise OutOfBounds
    if prod(max(1, len(value)) for name, value in values.items() if name.startswith("BY")) > MOST_COMBINED:
        raise OutOfBounds
    for name, (least, most) in NUMBERS.items():
        for each in values.get(name, []):
            number = int(each)
            if not least <= (abs(number) if name in FROM_THE_END else number) <= most:
                raise OutOfBounds
    if not all(WEEKDAY.fullmatch(str(each).upper()) for each in values.get("BYDAY", [])):
        raise OutOfBounds


def _check_number(values: Mapping[str, list[Any]], name: str, most: int | None) -> None:
    found = values.get(name)
    if found is not None and (len(found) != 1 or int(found[0]) < 1 or (most is not None and int(found[0]) > most)):
        raise OutOfBounds


def until_in_utc(until: date | datetime, here: tzinfo) -> datetime:
    """Return the last moment of a rule as RFC 5545 wants it for times with a zone.

    Calendars also write a bare day, which is meant to its end, or a time without its zone.
    """
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    return (until if until.tzinfo is not None else until.replace(tzinfo=here)).astimezone(UTC)
