"""Back door of slots: a peer's own calendars are read again and again, and what lies behind is forgotten in time."""

from portal import clock
from portal.services import busy_calendars, slots


def read_calendar(calendar_id: int) -> None:
    """Read one calendar."""
    busy_calendars.refresh(calendar_id, now=clock.now())


def pick_up() -> None:
    """Post the calendars that are to be read."""
    busy_calendars.pick_up(now=clock.now())


def forget_past() -> None:
    """Forget busy times that have passed."""
    busy_calendars.forget_past(now=clock.now())


def clear_out() -> None:
    """Forget what was different on days that lie well behind."""
    slots.forget_past(now=clock.now())
