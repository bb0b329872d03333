"""Open slots: when a peer's time is free for a coffee chat, why a time is closed, and which free times are near it."""

from portal.domain.slots.nearest import nearest
from portal.domain.slots.sweep import open_slots
from portal.domain.slots.values import Busy, BusyKind, Hours, Policy, Slot, Window, local_date
from portal.domain.slots.why import SENTENCES, Closed, why_closed

__all__ = [
    "SENTENCES",
    "Busy",
    "BusyKind",
    "Closed",
    "Hours",
    "Policy",
    "Slot",
    "Window",
    "local_date",
    "nearest",
    "open_slots",
    "why_closed",
]
