"""Quiet hours in words, and as a list to choose from."""

from datetime import time

from babel.dates import format_time
from flask_babel import get_locale
from flask_babel import gettext as _

HOUR = 60
DAY = 24 * HOUR


def hour_words(minutes: int) -> str:
    """Return "9:00 pm" for minutes after midnight."""
    words = format_time(time(minutes // HOUR, minutes % HOUR), "h:mm a", locale=get_locale() or "en")
    return words.replace("AM", "am").replace("PM", "pm")


def quiet_words(begins: int, ends: int) -> str:
    """Return "From 9:00 pm until 9:00 am", or that there are no quiet hours."""
    if begins == ends:
        return str(_("No quiet hours"))
    return str(_("From %(begins)s until %(ends)s", begins=hour_words(begins), ends=hour_words(ends)))


def hour_choices() -> list[tuple[int, str]]:
    """Return every full hour of a day."""
    return [(minutes, hour_words(minutes)) for minutes in range(0, DAY, HOUR)]
