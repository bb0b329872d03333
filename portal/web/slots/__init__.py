"""The front door of slots: a peer's week, the days that are different, how chats are cut, and what members see."""

from portal.web.slots import (
    away,
    calendars,
    chats,
    copy,
    dates,
    holidays,
    places,
    season_days,
    seasons,
    seen,
    travel,
    week,
)
from portal.web.slots.blueprint import blueprint

__all__ = [
    "away",
    "blueprint",
    "calendars",
    "chats",
    "copy",
    "dates",
    "holidays",
    "places",
    "season_days",
    "seasons",
    "seen",
    "travel",
    "week",
]
