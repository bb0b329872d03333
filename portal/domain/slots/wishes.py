"""What a peer may wish for their chats: the choices, and how a start and an end on the clock are one window."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.errors import BadInput
from portal.domain.slots.hours import DAY_MINUTES, GRAIN_MINUTES, Window
from portal.domain.words import N_

STEPS_OF_FIVE = N_("Please use steps of five minutes, such as 6:00 or 6:05.")
NO_LENGTH = N_("The end is the same as the start. Please choose a later end; one before the start means the next day.")
NOT_OFFERED = N_("Please choose one from the list.")

# What may be chosen for each wish; None is no limit.
CHOICES: Mapping[str, tuple[int | None, ...]] = {
    "length_minutes": (20, 30, 45),
    "rest_minutes": (0, 5, 10, 15, 30, 60),
    "notice_hours": (2, 6, 12, 24, 48, 72),
    "horizon_days": (7, 14, 21, 28, 42, 60),
    "cap_per_day": (None, 1, 2, 3, 4),
}


@dataclass(frozen=True, slots=True)
class ChatWishes:
    """How a peer's hours are cut into chats."""

    length_minutes: int = 30
    rest_minutes: int = 15
    notice_hours: int = 12
    horizon_days: int = 28
    cap_per_day: int | None = None


def window_between(starts: int, ends: int) -> Window:
    """Return the window from one wall time to another, in minutes after midnight; an end before it is the next day's.

    Midnight to midnight is the whole day; any other time to itself is no window.
    """
    if starts % GRAIN_MINUTES:
        raise BadInput("starts", STEPS_OF_FIVE)
    if ends % GRAIN_MINUTES:
        raise BadInput("ends", STEPS_OF_FIVE)
    if starts == ends != 0:
        raise BadInput("ends", NO_LENGTH)
    return Window(starts, ends if ends > starts else ends + DAY_MINUTES)


def opens_nothing(window: Window, length_minutes: int) -> bool:
    """Say whether a window is too short for one chat; one that reaches midnight may go on into the day beside it."""
    reaches_midnight = window.starts == 0 or window.ends >= DAY_MINUTES
    return not reaches_midnight and window.ends - window.starts < length_minutes


def check_wishes(wanted: ChatWishes, before: ChatWishes) -> None:
    """Raise BadInput for a wish that is neither among the choices nor what stood there before."""
    for field, choices in CHOICES.items():
        if getattr(wanted, field) not in (*choices, getattr(before, field)):
            raise BadInput(field, NOT_OFFERED)
