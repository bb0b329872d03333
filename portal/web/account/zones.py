"""Time zones as a list to choose from: by place, with the chosen one always in it."""

from functools import cache
from zoneinfo import available_timezones

REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def _places() -> tuple[str, ...]:
    return tuple(sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS))


def zone_choices(chosen: str) -> list[tuple[str, str]]:
    """Return (name, words) for a select; old names that only browsers know are in it when they are chosen."""
    names = ["UTC", *_places()]
    if chosen not in names:
        names.insert(0, chosen)
    return [(name, name.replace("_", " ").replace("/", " / ")) for name in names]
