"""Which promises about time were kept, which ran out, and which soon will: worked out from the steps a walk took."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from portal.domain.matching.measures import Share, share
from portal.domain.matching.promises import (
    ANSWER_HOURS,
    CHAT_OFFER_DAYS,
    HUMAN_NOTE_DAYS,
    LONGEST_DAYS,
    SHORTLIST_HOURS,
    WAITING,
)
from portal.domain.matching.timers import TIMERS, Clock, note_day
from portal.domain.matching.walk import State, Step
from portal.domain.words import N_

SOON = timedelta(hours=12)
MEDIAN_DAYS = 7
MEDIAN_WORDS = N_("From asking to the first chat, half of all wait at most 7 days")
MEDIAN_THEN = N_("Nothing happens by itself: it is about all of us together. The measures show how it stands.")


class Promise(StrEnum):
    """What the portal promises about each walk."""

    SHORTLIST = "shortlist"
    ANSWER = "answer"
    FIRST_CHAT = "first_chat"
    NOTE = "note"
    LONGEST = "longest"


@dataclass(frozen=True, slots=True)
class Terms:
    """A promise in words: from entering one of these states to one of these steps, within this time.

    A note has no step of its own. `asking` counts once, from the asking; else each time a walk comes back counts anew.
    """

    words: str
    then: str
    within: timedelta
    states: frozenset[State]
    by: frozenset[Step]
    asking: bool = False


def _then(clock: Clock) -> str:
    return TIMERS[clock].then


TERMS: Mapping[Promise, Terms] = MappingProxyType(
    {
        Promise.SHORTLIST: Terms(
            N_("People to choose from within a day"),
            _then(Clock.SHORTLIST),
            timedelta(hours=SHORTLIST_HOURS),
            frozenset({State.ASKED}),
            frozenset({Step.SHORTLIST}),
        ),
        Promise.ANSWER: Terms(
            N_("A peer’s answer within two days"),
            _then(Clock.ANSWER),
            timedelta(hours=ANSWER_HOURS),
            frozenset({State.INVITED}),
            frozenset({Step.YES, Step.NOT_NOW}),
        ),
        Promise.FIRST_CHAT: Terms(
            N_("A time for the first chat within three days of both yeses"),
            _then(Clock.FIRST_CHAT),
            timedelta(days=CHAT_OFFER_DAYS),
            frozenset({State.BOTH_YES}),
            frozenset({Step.BOOK}),
        ),
        Promise.NOTE: Terms(
            N_("A few lines from a person by the end of day 3, to whoever still waits"),
            _then(Clock.NOTE),
            timedelta(days=HUMAN_NOTE_DAYS + 1),
            WAITING,
            frozenset(),
            asking=True,
        ),
        Promise.LONGEST: Terms(
            N_("Nobody waits longer than 14 days for a first chat"),
            _then(Clock.LONGEST),
            timedelta(days=LONGEST_DAYS),
            # A chat that has a time may still be called off: whoever asked waits until it has been.
            WAITING | {State.FIRST_COFFEE},
            frozenset({Step.HAPPENED}),
            asking=True,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Taken:
    """One step a walk took."""

    at: datetime
    step: Step
    was: State
    became: State


@dataclass(frozen=True, slots=True)
class Course:
    """A walk from its asking to now; `notes` are when a coordinator wrote to the member.

    A walk that keeps the place of one before was asked for with that one, and opened when that one ended.
    """

    walk_id: int
    name: str
    asked_at: datetime
    opened_at: datetime
    steps: tuple[Taken, ...]
    notes: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a promise: kept or not at `at`; None while it may still be either, until `at`."""

    kept: bool | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A walk whose promise runs out at `at`, or has, and that still stands where it counts."""

    walk_id: int
    name: str
    at: datetime
    run_out: bool


@dataclass(frozen=True, slots=True)
class Account:
    """One promise: how many were kept of all that came to an end lately, and the walks where it runs out soon."""

    promise: Promise
    kept: Share
    at_risk: tuple[AtRisk, ...]


def account(promise: Promise, courses: Iterable[Course], since: datetime, now: datetime) -> Account:
    """How a promise has been kept from `since` until now, and where it is at risk, the most pressing first."""
    kept, of, risks = 0, 0, []
    for course in courses:
        for begun, end in _spells(TERMS[promise], course):
            found = outcome(promise, begun, end, course.notes, now)
            if found is None:
                continue
            if found.kept is not None and since <= found.at <= now:
                kept, of = kept + found.kept, of + 1
            if end is None and not found.kept and found.at - now <= at_risk_within(promise):
                risks.append(AtRisk(course.walk_id, course.name, found.at, found.at <= now))
    return Account(promise, share(kept, of), tuple(sorted(risks, key=lambda one: (one.at, one.walk_id))))


def outcome(
    promise: Promise, begun: datetime, end: Taken | None, notes: Sequence[datetime], now: datetime
) -> Outcome | None:
    """What became of a promise given at `begun`; None where the walk went another way before it could run out."""
    terms = TERMS[promise]
    runs_out = begun + terms.within
    if promise is Promise.NOTE:
        on_day, until = begun + timedelta(days=HUMAN_NOTE_DAYS), runs_out if end is None else min(end.at, runs_out)
        written = next((at for at in notes if on_day <= at < until), None)
        if written is not None:
            return Outcome(True, written)
    if promise is Promise.ANSWER and end is not None and end.at == begun:
        return None  # by an offer made before: nobody was asked
    if end is not None and end.at < runs_out:
        return Outcome(True, end.at) if end.step in terms.by else None
    return Outcome(None if now < runs_out else False, runs_out)


def at_risk_within(promise: Promise) -> timedelta:
    """How long before it runs out a promise is at risk: a quarter of its length, and never less than 12 hours."""
    return max(TERMS[promise].within / 4, SOON)


def note_wanted(state: State, asked_at: datetime, last_note: datetime | None, now: datetime) -> bool:
    """Whether a wait has reached a day on which a person writes, and nobody has written since."""
    days = note_day(state, asked_at, now)
    return days is not None and (last_note is None or last_note < asked_at + timedelta(days=days))


def _spells(terms: Terms, course: Course) -> Iterator[tuple[datetime, Taken | None]]:
    """Each time the walk stood in the states of a promise: when it came there, and the step that led out of them."""
    if terms.asking:
        end = _left(terms, course)
        if end is None or not _goes_on(end):
            yield course.asked_at, end
        return
    begun: datetime | None = course.opened_at if State.ASKED in terms.states else None
    for taken in course.steps:
        if begun is None and taken.became in terms.states:
            begun = taken.at
        elif begun is not None and taken.became not in terms.states:
            yield begun, taken
            begun = None
    if begun is not None:
        yield begun, None


def _goes_on(end: Taken) -> bool:
    """Whether the member keeps their place on another walk, on which the whole wait is counted."""
    return end.step is Step.SOMEONE_ELSE and end.was in WAITING


def _left(terms: Terms, course: Course) -> Taken | None:
    """The step that led out of the wait that began with the asking; one undone before the time ran out led nowhere."""
    end: Taken | None = None
    for taken in course.steps:
        if end is None and taken.became not in terms.states:
            end = taken
        elif end is not None and taken.became in terms.states and taken.at < course.asked_at + terms.within:
            end = None
    return end
