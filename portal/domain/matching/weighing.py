"""An organisation's own points for each part of a fit: what may be set, and what another choice would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from portal.domain.errors import BadInput
from portal.domain.matching.score import Part, Weights
from portal.domain.words import N_

MOST_POINTS = 100.0
NOTE_LENGTH = 500
# How far each part is moved to see what hangs on it.
MOVED = 0.25

OUT_OF_RANGE = N_("Each part takes a number from 0 to 100.")
ALL_NOTHING = N_("At least one part needs points, or nothing would decide.")
NOTE_TOO_LONG = N_("Please keep it under 500 characters.")

PART_HINTS: dict[Part, str] = {
    Part.HILL: N_("How near the peer has come to the same topics, and how gladly they talk about them."),
    Part.ASKED: N_("How many of the wishes that were stated are met."),
    Part.STYLE: N_("How alike they like to talk, where both said so."),
    Part.IDENTITY: N_("Only what the member ticked as mattering to them."),
    Part.TOGETHER: N_("How soon they could meet, and how near they live where they meet in person."),
    Part.ROOM: N_("How much of the peer’s room is free."),
}

# Somebody's closest people by id, the closest first; empty where nobody fits.
Order = tuple[int, ...]


class Turn(StrEnum):
    """Which way a part was moved."""

    LESS = "less"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody for whom other points would suggest other people, or the same people in another order."""

    member_id: int
    before: Order
    after: Order

    @property
    def first(self) -> bool:
        """Whether the first of them would be somebody else."""
        return self.before[:1] != self.after[:1]


@dataclass(frozen=True, slots=True)
class Difference:
    """What other points would change for all who wait: by their first person, by the order only, and for nobody."""

    first: tuple[Changed, ...]
    order: tuple[Changed, ...]
    same: int


@dataclass(frozen=True, slots=True)
class Stays:
    """How many of everybody's closest people stay among them when one part is moved; `of` is all of them.

    `first` counts for how many of `people` the first stays first; whoever fits nobody is not among these.
    """

    part: Part
    turn: Turn
    stay: int
    of: int
    first: int
    people: int


def checked(points: Mapping[Part, float]) -> dict[Part, float]:
    """Return the points of every part; BadInput where one is out of range, or all are nothing."""
    found = {part: float(points.get(part, 0.0)) for part in Part}
    for part, value in found.items():
        if not 0.0 <= value <= MOST_POINTS:
            raise BadInput(str(part), OUT_OF_RANGE)
    if not any(found.values()):
        raise BadInput("", ALL_NOTHING)
    return found


def checked_note(note: str) -> str:
    """Return why the points were changed, without the space around it; BadInput where it is too long."""
    if len(note.strip()) > NOTE_LENGTH:
        raise BadInput("note", NOTE_TOO_LONG)
    return note.strip()


def moved(weights: Weights, part: Part, turn: Turn) -> Weights:
    """Return the weights with one part a quarter lighter or heavier."""
    factor = 1 - MOVED if turn is Turn.LESS else 1 + MOVED
    return replace(weights, parts={**weights.parts, part: weights.parts.get(part, 0.0) * factor})


def difference(member_ids: Sequence[int], before: Sequence[Order], after: Sequence[Order]) -> Difference:
    """Compare everybody's closest people under two sets of points."""
    changed = [
        Changed(member_id, was, now)
        for member_id, was, now in zip(member_ids, before, after, strict=True)
        if was != now
    ]
    return Difference(
        first=tuple(one for one in changed if one.first),
        order=tuple(one for one in changed if not one.first),
        same=len(member_ids) - len(changed),
    )


def stays(part: Part, turn: Turn, before: Sequence[Order], after: Sequence[Order]) -> Stays:
    """Count how many of everybody's closest people are still among them, and still first."""
    both = list(zip(before, after, strict=True))
    return Stays(
        part=part,
        turn=turn,
        stay=sum(len(set(was) & set(now)) for was, now in both),
        of=sum(map(len, before)),
        first=sum(was[:1] == now[:1] for was, now in both if was),
        people=sum(map(bool, before)),
    )
