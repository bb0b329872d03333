"""The values of a letter: what was written, and for what kind of reader."""

from dataclasses import dataclass

from portal.domain.account import Discretion
from portal.domain.crisis import Way


@dataclass(frozen=True)
class CrisisLine:
    """A help line for the foot of each letter; how much of it is written is up to the letter."""

    name: str
    ways: tuple[Way, ...]
    emergency: bool = False


@dataclass(frozen=True)
class Reader:
    """How one person's letters are written: language tag, IANA zone, how much may be said, which lines in the foot.

    `own_words`, one short line, are the subject of every letter; empty leaves each its own.
    """

    language: str
    zone: str
    discretion: Discretion
    lines: tuple[CrisisLine, ...]
    own_words: str = ""


@dataclass(frozen=True)
class Letter:
    """A written letter; `calendar` are iCalendar bytes whose METHOD is `calendar_method`."""

    subject: str
    text: str
    html: str
    calendar: bytes | None = None
    calendar_method: str | None = None

    @property
    def preheader(self) -> str:
        """What a phone shows beside the subject: the first line of the text, which obeys the reader's discretion."""
        return self.text.partition("\n")[0]

    def __post_init__(self) -> None:
        if (self.calendar is None) != (self.calendar_method is None):
            raise ValueError("a calendar part and its method come together")
