"""What is owed to somebody about a thread: several lines within a while make one notice."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from portal.db import read
from portal.domain.checkin import CheckInState, LineKind
from portal.domain.notice import Channel, Kind, NoticeState
from portal.models import CheckIn, Notice, Person, Thread, ThreadLine, Walk
from portal.queries.checkin.threads import unseen


def waits_already(kind: Kind, about: str, person_id: int) -> bool:
    """Say whether a notice is owed to somebody that will do for another of this kind: a check-in's for a line too, a
    line's not for a check-in, which has its own time and way. One that holds a line stands for that line."""
    waiting = select(Notice.id).where(
        *_theirs(about, person_id),
        Notice.state == NoticeState.DUE,
        Notice.details.is_(None),
    )
    if kind is Kind.CHECK_IN:
        waiting = waiting.where(Notice.kind == Kind.CHECK_IN)
    else:
        # One that a newer has overtaken goes out no more.
        went = select(func.max(Notice.id)).where(
            *_theirs(about, person_id), Notice.state.in_([NoticeState.SENT, NoticeState.SENDING])
        )
        waiting = waiting.where(Notice.id > func.coalesce(went.scalar_subquery(), 0))
    return read().scalar(waiting.limit(1)) is not None


def untried_line_notice(about: str, person_id: int, until: datetime) -> Notice | None:
    """Return the notice of lines that is due up to then and that nobody has tried to send."""
    waiting = select(Notice).where(
        *_theirs(about, person_id),
        Notice.kind == Kind.THREAD_LINE,
        Notice.state == NoticeState.DUE,
        Notice.details.is_(None),
        Notice.attempts == 0,
        Notice.doubts == 0,
        Notice.due_at <= until,
    )
    return read().scalar(waiting.order_by(Notice.id.desc()).limit(1))


def line_told_with_check_in(about: str, walk: Walk) -> ThreadLine | None:
    """Return the peer's newest line that the waiting notice of a check-in stands for too; None where there is none."""
    theirs = _theirs(about, walk.member_id)
    waiting = select(func.min(Notice.revision)).where(
        # One that is being sent may come back, and is not sent again then.
        *theirs,
        Notice.kind == Kind.CHECK_IN,
        Notice.state.in_([NoticeState.DUE, NoticeState.SENDING]),
        Notice.details.is_(None),
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


def still_to_tell(kind: Kind, walk_id: int, person_id: int) -> bool:
    """Say whether a notice still has a reason: its thread is open, who wrote is still here, it has not been seen on the
    page, and a check-in is neither held nor stopped."""
    if kind is Kind.CHECK_IN_SET:
        state = read().scalar(select(CheckIn.state).where(CheckIn.walk_id == walk_id))
        return state in (CheckInState.GOING, CheckInState.HELD)
    if kind is Kind.CHECK_IN and not _still_wanted(walk_id):
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


def _still_wanted(walk_id: int) -> bool:
    """Say whether nobody has held or stopped the check-in since its newest words went into the thread."""
    asked = select(CheckIn.state, CheckIn.created_at, CheckIn.changed_at).where(CheckIn.walk_id == walk_id)
    row, line = read().execute(asked).one_or_none(), _newest_check_in(walk_id)
    if row is None or line is None or row.state is CheckInState.HELD:
        return False
    # Over since its last day, and not by anybody: its last words are still told. Set anew, it is another one.
    return bool(
        row.changed_at < line.written_at if row.state is CheckInState.OVER else row.created_at <= line.written_at
    )


def check_in_words(walk_id: int) -> str:
    """Return the words of the newest check-in in a thread."""
    line = _newest_check_in(walk_id)
    return line.words if line is not None else ""


def _newest_check_in(walk_id: int) -> ThreadLine | None:
    newest = select(ThreadLine).where(ThreadLine.walk_id == walk_id, ThreadLine.kind == LineKind.CHECK_IN)
    return read().scalar(newest.order_by(ThreadLine.id.desc()).limit(1))


def _theirs(about: str, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return Notice.about == about, Notice.person_id == person_id
