"""What may be counted of people, and shown: medians, shares and spreads, with groups under five kept out of sight.

A figure with a group of one to four in it is told in words only, so that no number can be worked out from the others.
All is counted over one span of time: two that overlap could be subtracted from one another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from portal.domain.matching.capacity import has_room
from portal.domain.words import N_

FEWEST = 5
DAY = timedelta(days=1)
SPAN = timedelta(days=90)
SECOND_WITHIN = timedelta(days=30)

WAIT_WORDS: tuple[str, ...] = (
    N_("Up to 1 day"),
    N_("1 to 3 days"),
    N_("3 to 7 days"),
    N_("7 to 14 days"),
    N_("Over 14 days"),
)
LOAD_WORDS: tuple[str, ...] = (
    N_("Walks with nobody yet"),
    N_("Up to half of their room used"),
    N_("More than half used"),
    N_("No room for one more"),
)


class Hidden(StrEnum):
    """A number that is not shown: of one to four, of five or more, or nothing is said of it."""

    FEW = "few"
    MANY = "many"
    HELD = "held"


Count = int | Hidden


class Told(StrEnum):
    """How a share may be told."""

    NOBODY = "nobody"
    FEW_IN_ALL = "few_in_all"
    NONE = "none"
    FEW = "few"
    SOME = "some"
    ALL_BUT_FEW = "all_but_few"
    ALL = "all"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; each is None where it is not shown."""

    told: Told
    part: int | None = None
    of: int | None = None

    @property
    def percent(self) -> int | None:
        """The share in whole hundredths, where it may be told."""
        return round(100 * self.part / self.of) if self.part is not None and self.of else None


@dataclass(frozen=True, slots=True)
class Middle:
    """The median of at least five values, else None; it is of `at_least` so many, in tens from ten on."""

    value: float | None
    at_least: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How many fall into each of several groups, and all together."""

    cells: tuple[Count, ...]
    total: Count


@dataclass(frozen=True, slots=True)
class Met:
    """One walk whose two have met: when it was asked for, and its chats that happened, the first in front."""

    asked_at: datetime
    chats: tuple[datetime, ...]


def middle(values: Sequence[float]) -> Middle:
    """The median, unless it is of fewer than five."""
    of = len(values)
    if of < FEWEST:
        return Middle(None, min(of, 1))
    return Middle(float(median(values)), max(FEWEST, of - of % 10))


def count(number: int) -> Count:
    """A number of people: nobody is nobody, fewer than five are not counted."""
    return Hidden.FEW if 0 < number < FEWEST else number


def share(part: int, of: int) -> Share:
    """So many of so many; whoever is in the part, or is not, is never one of a group under five that is counted.

    Under ten in all, "fewer than five" would leave too little open of who is not in the part.
    """
    rest = of - part
    if of < FEWEST:
        return Share(Told.FEW_IN_ALL if of else Told.NOBODY)
    if part == 0 or rest == 0:
        return Share(Told.ALL if part else Told.NONE, part, of)
    if of < 2 * FEWEST:
        return Share(Told.SOME, None, of)
    if part < FEWEST or rest < FEWEST:
        return Share(Told.FEW if part < FEWEST else Told.ALL_BUT_FEW, None, of)
    return Share(Told.EXACT, part, of)


def spread(counts: Sequence[int]) -> Spread:
    """The groups in numbers where none is of one to four; else each in words, and nothing of them under five in all."""
    total = sum(counts)
    if not any(0 < number < FEWEST for number in counts):
        return Spread(tuple(counts), total)
    if total < FEWEST:
        return Spread((Hidden.HELD,) * len(counts), Hidden.FEW)
    return Spread(tuple(in_words(number) for number in counts), Hidden.MANY)


def in_words(number: int) -> Count:
    """A number without a number: nobody, fewer than five, or five or more."""
    return Hidden.MANY if number >= FEWEST else count(number)


def waits(waited: Iterable[timedelta]) -> Spread:
    """How many wait for how long, in the groups of WAIT_WORDS; a time at a border counts as the longer, 14 days not."""
    return spread(_wait_groups(waited))


def over_a_week(waited: Iterable[timedelta]) -> Count:
    """How many have waited for a week or longer: in words where `waits` are."""
    groups = _wait_groups(waited)
    number = sum(groups[3:])
    return in_words(number) if isinstance(spread(groups).total, Hidden) else number


def _wait_groups(waited: Iterable[timedelta]) -> list[int]:
    counts = [0] * len(WAIT_WORDS)
    for one in waited:
        counts[sum(one >= days * DAY for days in (1, 3, 7)) + (one > 14 * DAY)] += 1
    return counts


def loads(rooms: Iterable[tuple[int, int]]) -> Spread:
    """How many peers use how much of their room, in the groups of LOAD_WORDS; (used, capacity) in half units."""
    counts = [0] * len(LOAD_WORDS)
    for used, capacity in rooms:
        if not has_room(capacity, used):
            counts[3] += 1
        else:
            counts[0 if not used else 1 if 2 * used <= capacity else 2] += 1
    return spread(counts)


def to_first_chat(walks: Iterable[Met], since: datetime, until: datetime) -> Middle:
    """The median days from asking to the first chat, of the first chats from `since` until before `until`."""
    return middle([(one.chats[0] - one.asked_at) / DAY for one in walks if since <= one.chats[0] < until])


def second_chats(walks: Iterable[Met], since: datetime, until: datetime) -> Share:
    """How many had a second chat within 30 days of the first; only first chats after which 30 days have gone by."""
    firsts = [one.chats for one in walks if since <= one.chats[0] + SECOND_WITHIN < until]
    return share(sum(len(chats) > 1 and chats[1] - chats[0] <= SECOND_WITHIN for chats in firsts), len(firsts))
