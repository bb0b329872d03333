"""Threads of the demo community: a check-in that is answered now and then, one that is silent, one that rests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.checkin import CheckInState, LineKind, Rhythm, next_at
from portal.domain.checkin.rhythm import local_day
from portal.domain.matching.walk import State
from portal.models import CheckIn, Person, Thread, ThreadLine, ThreadReader, Walk
from portal.queries.checkin.check_ins import DAYS

DAY = timedelta(days=1)
HOUR = DAY / 24
MOST_WEEKS = 8
MOST_DAYS = timedelta(weeks=MOST_WEEKS)


@dataclass(frozen=True)
class Said:
    """One line: so many hours after the nth check-in before now, by the member or the peer, in words or as a height."""

    nth: int
    hours: float
    by_member: bool
    words: str = ""
    height: int | None = None
    check_in: bool = False


ANSWERED = (
    Said(4, 0, False, "Thinking of you. No reply needed.", check_in=True),
    Said(4, 2.4, True, height=2),
    Said(3, 0, False, "A small hello from me. Whatever kind of day it is.", check_in=True),
    Said(3, 9.2, True, "It was a long week. I made the call I had put off, and then I slept."),
    Said(3, 11.7, False, "That was a big one. Sleep counts. See you at the bakery when you like."),
    Said(2, 0, False, "Thinking of you. No reply needed.", check_in=True),
    Said(2, 0.6, True, height=3),
    Said(1, 0, False, "I walked past the bakery yesterday and thought of our corner table.", check_in=True),
)
QUIET = (
    Said(7, 0, False, "Thinking of you. No reply needed.", check_in=True),
    Said(7, 3.1, True, height=4),
    Said(5, 0, False, "I have you in mind today. No reply needed.", check_in=True),
    Said(3, 0, False, "Just a wave from over here. Nothing to do.", check_in=True),
    Said(1, 0, False, "Thinking of you. No reply needed.", check_in=True),
)
HELD = (
    Said(1, 0, False, "Thinking of you. No reply needed.", check_in=True),
    Said(1, 1.2, False, "I am away for a few days, so the check-in rests until I am back."),
    Said(1, 1.9, True, "Safe travels. I will tell you about the garden."),
)


def add_threads(session: Session, now: datetime) -> None:
    """Add them to walks that are there already: two that are walked, and one whose first chat has just been."""
    zones = dict(session.execute(select(Person.id, Person.zone)).all())
    together = select(Walk).where(Walk.open).order_by(Walk.id)
    walked = session.scalars(together.where(Walk.state == State.WALKING)).all()
    met = session.scalars(together.where(Walk.state == State.REFLECTION)).all()
    for walk, said, held in ((walked[1], ANSWERED, False), (walked[0], QUIET, False), (met[0], HELD, True)):
        _add_thread(session, walk, said, zones[walk.member_id], now, held=held)


def _add_thread(session: Session, walk: Walk, said: tuple[Said, ...], zone: str, now: datetime, *, held: bool) -> None:
    rhythm = Rhythm(frozenset({0, 3}), 9 * 60, local_day(now + MOST_DAYS, zone))
    sent = _sent(rhythm, zone, now)
    peer_id, begun = walk.peer_id or 0, sent[-said[0].nth] - HOUR
    session.add(Thread(walk_id=walk.id, opened_at=begun))
    session.flush()
    until = local_day(now + 5 * DAY, zone) if held else None
    session.add(
        CheckIn(
            walk_id=walk.id,
            weekdays=DAYS.join(str(day) for day in sorted(rhythm.weekdays)),
            at_minute=rhythm.at_minute,
            last_day=rhythm.last_day,
            silence_days=7,
            state=CheckInState.HELD if held else CheckInState.GOING,
            held_until=until,
            next_at=next_at(rhythm, zone, now, until),
            created_at=begun,
            changed_at=begun,
        )
    )
    seen, asked = 0, None
    for one in said:
        row = _line(walk, one, asked, sent[-one.nth] + one.hours * HOUR)
        session.add(row)
        session.flush()
        asked = row.id if one.check_in else asked
        seen = row.id if one.nth > 1 else seen
    session.add(ThreadReader(walk_id=walk.id, person_id=walk.member_id, seen_line_id=seen))
    session.add(ThreadReader(walk_id=walk.id, person_id=peer_id, seen_line_id=asked or 0))


def _sent(rhythm: Rhythm, zone: str, now: datetime) -> list[datetime]:
    """Return when check-ins have gone out by now, the last of them long enough ago to have been answered."""
    sent, at = [], next_at(rhythm, zone, now - 5 * MOST_WEEKS * DAY)
    while at is not None and at < now - 3 * HOUR:
        sent.append(at)
        at = next_at(rhythm, zone, at)
    return sent


def _line(walk: Walk, one: Said, asked: int | None, at: datetime) -> ThreadLine:
    kind = LineKind.CHECK_IN if one.check_in else LineKind.HEIGHT if one.height is not None else LineKind.WORDS
    return ThreadLine(
        walk_id=walk.id,
        writer_id=walk.member_id if one.by_member else walk.peer_id or 0,
        kind=kind,
        words=one.words,
        height=one.height,
        answers_id=asked if kind is LineKind.HEIGHT else None,
        written_at=at,
    )
