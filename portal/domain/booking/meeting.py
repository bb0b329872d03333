"""How two people meet: the ways both like, how long, where, and what the peer may know beforehand."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.domain.errors import BadInput
from portal.domain.experience import FROM_AFAR, IN_PERSON, Format
from portal.domain.notice.one_line import one_line
from portal.domain.words import N_

PLACE_LENGTH = 200
NOTE_LENGTH = 500

NOT_OFFERED = N_("Please choose one of the ways you both like to meet.")
LENGTHS_OFFERED = N_("Please choose one of the lengths that are offered.")
LONG_PLACE = N_("That is a little long. A name and a street are enough.")
LONG_NOTE = N_("That is a little long. A few lines are enough.")


@dataclass(frozen=True)
class Meeting:
    """How a chat is to be, as it was typed; without `minutes` it takes the peer's usual length."""

    way: Format
    place: str = ""
    note: str = ""
    minutes: int | None = None


def check_meeting(meeting: Meeting, ways: Collection[Format], lengths: Collection[int]) -> None:
    """Raise BadInput, with the field, for what the two do not offer one another or what is too long to keep."""
    if meeting.way not in ways:
        raise BadInput("way", NOT_OFFERED)
    if meeting.minutes is not None and meeting.minutes not in lengths:
        raise BadInput("minutes", LENGTHS_OFFERED)
    if len(meeting.place) > PLACE_LENGTH:
        raise BadInput("place", LONG_PLACE)
    if len(meeting.note) > NOTE_LENGTH:
        raise BadInput("note", LONG_NOTE)


def ways_to_meet(member: Collection[Format], peer: Collection[Format], *, near: bool) -> tuple[Format, ...]:
    """Return the formats both like, in the order of `Format`; who named none is taken to like them all.

    In person only where the two live `near` enough. Where nothing is left, phone and video are: two people who said
    yes to one another can always talk.
    """
    both = [way for way in Format if (not member or way in member) and (not peer or way in peer)]
    return tuple(way for way in both if near or way not in IN_PERSON) or FROM_AFAR


def place_of(way: Format, typed: str) -> str:
    """Return the place to keep: one tidy line where two people meet in person, nothing where they do not."""
    return " ".join(one_line(typed).split())[:PLACE_LENGTH] if way in IN_PERSON else ""


def note_of(typed: str) -> str | None:
    """Return the note to keep, each line tidy, or None where nothing was written."""
    lines = [one_line(line) for line in typed.replace("\r\n", "\n").split("\n")]
    return "\n".join(lines).strip() or None
