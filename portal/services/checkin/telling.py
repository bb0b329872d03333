"""Who is told of what is new in a thread, when, and how: one notice for several lines, a text where both agreed."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.checkin import notice_due
from portal.domain.checkin.telling import APART
from portal.domain.matching.walk import State
from portal.domain.notice import Channel, Kind
from portal.models import ThreadLine, Walk
from portal.queries import checkin as queries
from portal.queries import notice as notice_queries
from portal.queries.notice import Recipient
from portal.services.notice.owe import owe, void

WORDS = "words"


def about(walk_id: int) -> str:
    """Return the name of the reason for all notices of a thread."""
    return f"thread-{walk_id}"


def tell(session: Session, walk: Walk, line: ThreadLine, kind: Kind, words: str, *, now: datetime) -> None:
    """Inside a verb: owe the other of the two a notice of this line, unless one that is still owed will do."""
    to_id = walk.peer_id if line.writer_id == walk.member_id else walk.member_id
    if to_id is None or walk.state is State.RESTING:  # it waits on their page
        return
    reader = notice_queries.recipients(to_id, to_id)[to_id]
    if texted(walk):
        _owe_text(session, walk, line, kind, words, to_id, reader.quiet.over(now, reader.zone), now)
        return
    reason = about(walk.id)
    if queries.waits_already(kind, reason, to_id):
        return
    if kind is Kind.CHECK_IN:  # it comes at the time that was asked for
        due = reader.quiet.over(now, reader.zone)
        _lines_after(reason, to_id, due, reader)
    else:  # lines wait for one another
        due = notice_due(now, queries.last_told(reason, to_id), reader.zone, reader.quiet)
    owe(session, kind, to_id, about=reason, walk_id=walk.id, revision=line.id, due_at=due, now=now)


def take_back_check_in(session: Session, walk: Walk, *, now: datetime) -> None:
    """Inside a verb: take back the notice of a check-in; a line that was to be told with it has one of its own then."""
    line = queries.line_told_with_check_in(about(walk.id), walk)
    void(session, about(walk.id), now=now, kinds=[Kind.CHECK_IN])
    if line is not None:
        tell(session, walk, line, Kind.THREAD_LINE, line.words, now=now)


def _lines_after(reason: str, to_id: int, due: datetime, reader: Recipient) -> None:
    """Have a notice of lines wait for the check-in's, which stands for it once it went out and not where it is held."""
    lines = queries.untried_line_notice(reason, to_id, due + APART)
    if lines is not None:
        lines.due_at = notice_due(due, due, reader.zone, reader.quiet)


def texted(walk: Walk) -> bool:
    """Say whether both of the two have agreed to text messages, and both can have them."""
    two = {walk.member_id, walk.peer_id or 0}
    return queries.by_text(walk.id) >= two and all(queries.texts_reach(each) for each in two)


def _owe_text(
    session: Session, walk: Walk, line: ThreadLine, kind: Kind, words: str, to_id: int, due: datetime, now: datetime
) -> None:
    # The line itself is the message: each has one of its own, and no letter besides.
    owe(
        session,
        kind,
        to_id,
        about=about(walk.id),
        walk_id=walk.id,
        revision=line.id,
        due_at=due,
        now=now,
        details={WORDS: words},
        channel=Channel.TEXT,
        spread=True,
    )
