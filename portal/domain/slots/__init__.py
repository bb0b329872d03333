"""Open slots: when a peer's time is free for a coffee chat, why a time is closed, and which free times are near it."""

from portal.domain.slots.days import days_of_span, next_clock_change, span_of_days
from portal.domain.slots.grid import Span, merge, merged_windows
from portal.domain.slots.nearest import nearest
from portal.domain.slots.sweep import open_slots
from portal.domain.slots.values import Busy, BusyKind, Hours, Policy, Slot, Window, local_date
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
    "Hours",
    "Policy",
    "Slot",
    "Span",
    "Window",
    "check_wishes",
    "days_of_span",
    "local_date",
    "merge",
    "merged_windows",
    "nearest",
    "next_clock_change",
    "open_slots",
    "opens_nothing",
    "span_of_days",
    "why_closed",
    "window_between",
]
