"""Reads the TOML files of this room; a missing key or a wrong value stops the reading where it is."""

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOME: Traversable = files("portal.data")


def read(*path: str) -> dict[str, Any]:
    """Return the tables of one file of this room."""
    return tomllib.loads(HOME.joinpath(*path).read_text(encoding="utf-8"))


def minutes(clock: str) -> int:
    """Return the minutes since the day's start for "HH:MM"; the hour may pass 24 for a time in the next day."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
