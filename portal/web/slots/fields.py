"""A time on the clock and a day, as a phone's own pickers send them or as somebody types them."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Field
from wtforms.widgets import TimeInput

HOUR = 60
TYPED = re.compile(r"(\d{1,2})(?:[:.h](\d{2})(?::\d{2})?)?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)


def minutes_of(typed: str) -> int:
    """Return minutes after midnight for "18:30", "6:30 pm" or "6pm"; a ValueError for anything else."""
    found = TYPED.fullmatch(typed.strip())
    if found is None:
        raise ValueError(typed)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError(typed)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise ValueError(typed)
    return hour * HOUR + minute


def read_day(typed: str) -> date | None:
    """Return a date as a page of ours sends it; None for anything else."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


class ClockField(Field):
    """A wall time as minutes after midnight, offered in steps of five minutes."""

    widget = TimeInput()

    @property
    def sent(self) -> str:
        """What was typed, or the time there is, to be sent once more."""
        return self._value()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // HOUR:02}:{self.data % HOUR:02}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = minutes_of(valuelist[0])
        except ValueError:
            raise ValueError(_("Please write a time such as 18:30 or 6:30 pm.")) from None


class DayField(DateField):
    """A calendar date."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed."""
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Please write a day such as 2026-03-04.")) from None
