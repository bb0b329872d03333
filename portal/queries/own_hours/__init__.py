"""A peer's hours, days and wishes as rows of their own, for the peer's pages and the verbs that change them."""

from portal.queries.own_hours.chats import OwnChat, chats_within
from portal.queries.own_hours.days import (
    own_season,
    own_stay,
    own_time_off,
    seasons_ahead,
    seasons_before,
    stays_ahead,
    time_off_ahead,
)
from portal.queries.own_hours.hours import other_hours_of, own_other, own_weekly, ways_of, weekly_of, window_in
from portal.queries.own_hours.places import own_place, places_of
from portal.queries.own_hours.wishes import holiday_place_of, own_ways, wishes_in, wishes_of

__all__ = [
    "OwnChat",
    "chats_within",
    "holiday_place_of",
    "other_hours_of",
    "own_other",
    "own_place",
    "own_season",
    "own_stay",
    "own_time_off",
    "own_ways",
    "own_weekly",
    "places_of",
    "seasons_ahead",
    "seasons_before",
    "stays_ahead",
    "time_off_ahead",
    "ways_of",
    "weekly_of",
    "window_in",
    "wishes_in",
    "wishes_of",
]
