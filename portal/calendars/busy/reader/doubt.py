"""Whether an entry that cannot be read matters: one that takes no time, or is long over, need worry nobody."""

import re
from datetime import UTC, date, datetime, timedelta

from portal.calendars.busy.reader.events import CALLED_OFF, FREE, Told
from portal.calendars.busy.reader.parts import Part

LONG_OVER = timedelta(days=3)  # whatever its zone
GOES_ON = frozenset({"RRULE", "RDATE", "DURATION"})
DAY = re.compile(r"(\d{8})(?:T\d{6}Z?)?")


def matters(part: Part, told: Told) -> bool:
    """Say whether an entry might take time in the stretch that is asked about, as far as its plain words tell."""
    values: dict[str, list[str]] = {}
    for line in part.lines:
        if line is None:
            return True
        head, _, value = line.partition(":")
        values.setdefault(head.partition(";")[0].upper(), []).append(value.strip().upper())
    if "RECURRENCE-ID" in values:  # without its change, an occurrence stands as it was
        return True
    if _is_one_of(values.get("TRANSP"), FREE) or _is_one_of(values.get("STATUS"), CALLED_OFF):
        return False
    if values.keys() & GOES_ON:
        return True
    days = [_day(value) for name in ("DTSTART", "DTEND") for value in values.get(name, [])]
    told_days = [day for day in days if day is not None]
    return not days or len(told_days) < len(days) or max(told_days) >= told.begins.date() - LONG_OVER


def _is_one_of(said: list[str] | None, words: frozenset[str]) -> bool:
    return said is not None and len(said) == 1 and said[0] in words


def _day(value: str) -> date | None:
    found = DAY.fullmatch(value)
    try:
        return datetime.strptime(found[1], "%Y%m%d").replace(tzinfo=UTC).date() if found is not None else None
    except ValueError:
        return None
