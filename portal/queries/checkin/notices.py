"""What is owed to somebody about a thread: several lines within a while make one notice."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from portal.db import read
from portal.domain.checkin import CheckInState, LineKind
from portal.domain.notice import Channel, Kind, NoticeState
from portal.models import CheckIn, Notice, Person, Thread, ThreadLine, Walk
from portal.queries.checkin.threads import unseen


def waits_already(about: str, person_id: int, kind: Kind) -> bool:
    """Say whether a notice of this thread is owed to somebody already that will do for this kind; one that holds a line
    stands for that line, and only a check-in's for a check-in, which comes at its own time."""
    stands_for = (Kind.CHECK_IN,) if kind is Kind.CHECK_IN else (Kind.CHECK_IN, Kind.THREAD_LINE)
    waiting = select(Notice.id).where(
        *_theirs(about, person_id),
        Notice.kind.in_(stands_for),
        Notice.state == NoticeState.DUE,
        Notice.details.is_(None),
    )
    return read().scalar(waiting.limit(1)) is not None


def line_told_with_check_in(about: str, walk: Walk) -> ThreadLine | None:
    """Return the peer's newest line that the waiting notice of a check-in stands for too; None where there is none."""
    theirs = _theirs(about, walk.member_id)
    waiting = select(func.min(Notice.revision)).where(
        *theirs, Notice.kind == Kind.CHECK_IN, Notice.state == NoticeState.DUE, Notice.details.is_(None)
    )
    own = select(Notice.id).where(*theirs, Notice.kind == Kind.THREAD_LINE, Notice.revision == ThreadLine.id)
    lines = select(ThreadLine).where(
        ThreadLine.walk_id == walk.id,
        ThreadLine.writer_id == walk.peer_id,
        ThreadLine.kind == LineKind.WORDS,
        ThreadLine.id > waiting.scalar_subquery(),
        ~own.exists(),
    )
    return read().scalar(lines.order_by(ThreadLine.id.desc()).limit(1))


def texts_that_wait(about: str) -> list[tuple[Kind, int]]:
    """Return which lines of a thread are owed to somebody as a text message, each with its kind of notice."""
    waiting = select(Notice.kind, Notice.revision).where(
        Notice.about == about, Notice.state == NoticeState.DUE, Notice.channel == Channel.TEXT
    )
    return [(row.kind, row.revision) for row in read().execute(waiting.order_by(Notice.id))]


def last_told(about: str, person_id: int) -> datetime | None:
    """Return when the last notice of this thread that went out to somebody was due."""
    went = select(func.max(Notice.due_at)).where(
        *_theirs(about, person_id), Notice.state.in_([NoticeState.SENT, NoticeState.SENDING])
    )
    return read().scalar(went)


def told_times(about: str, person_id: int) -> int:
    """Return how many notices there have been for this reason, whatever became of them."""
    return read().scalar(select(func.count()).select_from(Notice).where(*_theirs(about, person_id))) or 0


def still_to_tell(kind: Kind, walk_id: int, person_id: int, owed_at: datetime) -> bool:
    """Say whether a notice still has a reason: its thread is open, who wrote is still here, it has not been seen on the
    page, and a check-in has been neither held nor stopped since."""
    check_in = read().execute(select(CheckIn.state, CheckIn.changed_at).where(CheckIn.walk_id == walk_id)).first()
    state, changed_at = check_in if check_in is not None else (None, owed_at)
    if kind is Kind.CHECK_IN_SET:
        return state in (CheckInState.GOING, CheckInState.HELD)
    # One that came to its last day is over too, and its last one still goes out: nobody changed it since.
    stopped = state is not CheckInState.GOING and (state is not CheckInState.OVER or changed_at >= owed_at)
    if kind is Kind.CHECK_IN and stopped:
        return False
    stands = (
        select(Thread.walk_id)
        .join(Walk, Walk.id == Thread.walk_id)
        .join(Person, or_(Person.id == Walk.member_id, Person.id == Walk.peer_id))
        .where(
            Thread.walk_id == walk_id,
            Thread.ended_at.is_(None),
            Person.id != person_id,
            Person.suspended_at.is_(None),
        )
    )
    return read().scalar(stands) is not None and unseen(walk_id, person_id)


def check_in_words(walk_id: int) -> str:
    """Return the words of the newest check-in in a thread."""
    newest = select(ThreadLine).where(ThreadLine.walk_id == walk_id, ThreadLine.kind == LineKind.CHECK_IN)
    line = read().scalar(newest.order_by(ThreadLine.id.desc()).limit(1))
    return line.words if line is not None else ""


def _theirs(about: str, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return Notice.about == about, Notice.person_id == person_id
