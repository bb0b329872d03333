"""The rows that a verb of the thread or the check-in changes; its walk's row is held before they are read."""

from datetime import datetime

from sqlalchemy import func, select

from portal.db import read
from portal.domain.checkin import CheckInState, LineKind
from portal.models import CheckIn, Thread, ThreadLine, ThreadReader, Walk

_AS_IT_IS = {"populate_existing": True}


def thread_row(walk_id: int) -> Thread | None:
    """Return a walk's thread as it is now."""
    return read().get(Thread, walk_id, populate_existing=True)


def reader_row(walk_id: int, person_id: int) -> ThreadReader | None:
    """Return how far somebody has read, and whether they want it by text message."""
    return read().get(ThreadReader, (walk_id, person_id), populate_existing=True)


def check_in_row(walk_id: int) -> CheckIn | None:
    """Return a walk's check-in as it is now."""
    return read().scalar(select(CheckIn).where(CheckIn.walk_id == walk_id).execution_options(**_AS_IT_IS))


def walk_of_check_in(check_in_id: int) -> int | None:
    """Return the walk of a check-in, which never changes."""
    return read().scalar(select(CheckIn.walk_id).where(CheckIn.id == check_in_id))


def check_ins_of_member(member_id: int) -> list[CheckIn]:
    """Return the check-ins of a member's open walks that are not over."""
    theirs = (
        select(CheckIn)
        .join(Walk, Walk.id == CheckIn.walk_id)
        .where(Walk.member_id == member_id, Walk.open, CheckIn.state != CheckInState.OVER)
    )
    return list(read().scalars(theirs.order_by(CheckIn.id).with_for_update(of=CheckIn)))


def line_row(walk_id: int, line_id: int) -> ThreadLine | None:
    """Return one line of this thread."""
    return read().scalar(select(ThreadLine).where(ThreadLine.id == line_id, ThreadLine.walk_id == walk_id))


def last_check_in(walk_id: int) -> int | None:
    """Return the newest check-in of a thread: the one that can be answered."""
    sent = select(func.max(ThreadLine.id)).where(ThreadLine.walk_id == walk_id, ThreadLine.kind == LineKind.CHECK_IN)
    return read().scalar(sent)


def answer_to(line_id: int) -> ThreadLine | None:
    """Return the height that answers a check-in."""
    answer = select(ThreadLine).where(ThreadLine.answers_id == line_id, ThreadLine.kind == LineKind.HEIGHT)
    return read().scalar(answer.execution_options(**_AS_IT_IS))


def written_since(walk_id: int, writer_id: int, since: datetime) -> int:
    """Return how many lines somebody has written in a thread since then."""
    lines = select(func.count()).where(
        ThreadLine.walk_id == walk_id, ThreadLine.writer_id == writer_id, ThreadLine.written_at > since
    )
    return read().scalar(lines) or 0
