"""A peer's own calendars: added by address or file, read by the worker, and never more kept than when they are busy."""

from portal.services.busy_calendars.adding import add_address, add_file, replace_file
from portal.services.busy_calendars.changing import read_again, remove, rename
from portal.services.busy_calendars.keeping import forget_past
from portal.services.busy_calendars.reading import pick_up, refresh

__all__ = [
    "add_address",
    "add_file",
    "forget_past",
    "pick_up",
    "read_again",
    "refresh",
    "remove",
    "rename",
    "replace_file",
]
