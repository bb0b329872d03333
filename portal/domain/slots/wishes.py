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
    "length_minutes": (15, 20, 30, 45, 60, 90),
    "step_minutes": (None, 10, 15, 20, 30, 60),
    "rest_before_minutes": (0, 5, 10, 15, 30, 60),
    "rest_after_minutes": (0, 5, 10, 15, 30, 60),
    "notice_hours": (2, 6, 12, 24, 48, 72),
    "horizon_days": (7, 14, 21, 28, 42, 60),
    "cap_per_day": (None, 1, 2, 3, 4),
    "cap_per_week": (None, 1, 2, 3, 4, 5, 6, 8, 10),
    "cap_minutes_per_day": (None, 30, 60, 90, 120, 180, 240),
    "cap_minutes_per_week": (None, 60, 120, 180, 240, 300, 480, 600),
}


@dataclass(frozen=True, slots=True)
class ChatWishes:
    """How a peer's hours are cut into chats; members choose among the length and the other lengths.

    A step of None is one chat after the other, a cap of None no limit. With `says_yes_first` chats are asked for, and
    the peer says yes to each.
    """

    length_minutes: int = 30
    rest_before_minutes: int = 15
    rest_after_minutes: int = 15
    notice_hours: int = 12
    horizon_days: int = 28
    cap_per_day: int | None = None
    cap_per_week: int | None = None
    cap_minutes_per_day: int | None = None
    cap_minutes_per_week: int | None = None
    step_minutes: int | None = None
    other_lengths: tuple[int, ...] = ()
    says_yes_first: bool = False

    @property
    def lengths_beside(self) -> tuple[int, ...]:
        """The other lengths in order, each once, without the usual one."""
        return tuple(sorted(set(self.other_lengths) - {self.length_minutes}))

    @property
    def lengths(self) -> tuple[int, ...]:
        """Every length a member may choose, in minutes, in order."""
        return tuple(sorted({self.length_minutes, *self.other_lengths}))


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
    if not set(wanted.other_lengths) <= {*CHOICES["length_minutes"], *before.other_lengths}:
        raise BadInput("other_lengths", NOT_OFFERED)
