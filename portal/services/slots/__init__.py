"""A peer says when they are free: hours, days that are different, travel, places, and how time is cut into chats."""

from portal.services.slots.away import end_time_off, take_days_off, take_time_off
from portal.services.slots.dates import add_other, days_for, remove_other
from portal.services.slots.holidays import HolidaysAhead, holidays_ahead
from portal.services.slots.own import check_days
from portal.services.slots.past import forget_past
from portal.services.slots.places import add_place, change_place, move_place, remove_place
from portal.services.slots.seasons import add_season, change_season, check_season, end_season
from portal.services.slots.travel import add_stay, check_stay, end_stay
from portal.services.slots.week import add_weekly, copy_weekday, remove_weekly, window_for
from portal.services.slots.wishes import set_wishes

__all__ = [
    "HolidaysAhead",
    "add_other",
    "add_place",
    "add_season",
    "add_stay",
    "add_weekly",
    "change_place",
    "change_season",
    "check_days",
    "check_season",
    "check_stay",
    "copy_weekday",
    "days_for",
    "end_season",
    "end_stay",
    "end_time_off",
    "forget_past",
    "holidays_ahead",
    "move_place",
    "remove_other",
    "remove_place",
    "remove_weekly",
    "set_wishes",
    "take_days_off",
    "take_time_off",
    "window_for",
]
