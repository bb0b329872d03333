"""Open slots: when a peer's time is free for a coffee chat, why a time is closed, and which free times are near it."""

from portal.domain.slots.days import days_of_span, next_clock_change, span_of_days
from portal.domain.slots.grid import Ways, ways_at
from portal.domain.slots.hours import Hours, Season, Stay, Window, joined_windows, merged_windows
from portal.domain.slots.instants import instant_of, local_date, seconds_of
from portal.domain.slots.nearest import nearest
from portal.domain.slots.places import looks_like_a_home
from portal.domain.slots.preview import Difference, Run, difference, lies_outside, runs_of_day
from portal.domain.slots.spans import Span, merge
from portal.domain.slots.sweep import open_slots
from portal.domain.slots.values import Busy, BusyKind, Policy, Slot
from portal.domain.slots.why import SENTENCES, Closed, why_closed
from portal.domain.slots.wishes import CHOICES, STEPS_OF_FIVE, ChatWishes, check_wishes, opens_nothing, window_between

__all__ = [
    "CHOICES",
    "SENTENCES",
    "STEPS_OF_FIVE",
    "Busy",
    "BusyKind",
    "ChatWishes",
    "Closed",
    "Difference",
    "Hours",
    "Policy",
    "Run",
    "Season",
    "Slot",
    "Span",
    "Stay",
    "Ways",
    "Window",
    "check_wishes",
    "days_of_span",
    "difference",
    "instant_of",
    "joined_windows",
    "lies_outside",
    "local_date",
    "looks_like_a_home",
    "merge",
    "merged_windows",
    "nearest",
    "next_clock_change",
    "open_slots",
    "opens_nothing",
    "runs_of_day",
    "seconds_of",
    "span_of_days",
    "ways_at",
    "why_closed",
    "window_between",
]
