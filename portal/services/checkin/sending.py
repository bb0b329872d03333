"""What the clock does: check-ins that are due go into their threads, and a notice of each is owed."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.checkin import ON_THE_WAY, CheckInState, LineKind, goes_out, next_at, usual_words
from portal.domain.checkin.rhythm import local_day
from portal.domain.notice import Kind
from portal.mail.render import translations
from portal.models import CheckIn, Person, ThreadLine, Walk
from portal.queries import checkin as queries
from portal.queries import notice as notice_queries
from portal.services.checkin.telling import tell
from portal.services.one_by_one import in_pages, one_by_one
from portal.services.walk import locked_walk


def send_due(*, now: datetime) -> int:
    """Send every check-in that is due, each in a transaction of its own; returns how many went out."""
    due = in_pages(lambda after: queries.due_ids(now, after))
    return one_by_one("check-in", due, lambda check_in_id: _send(check_in_id, now=now))


@retry_once
def _send(check_in_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        walk_id = queries.walk_of_check_in(check_in_id)
        walk = locked_walk(walk_id or 0)
        row, member = queries.check_in_row(walk.id), notice_queries.person(walk.member_id)
        if row is None or member is None or row.next_at is None or row.next_at > now:
            return False
        if row.state is CheckInState.OVER:
            return False
        due, thread = row.next_at, queries.thread_row(walk.id)
        if not walk.open or thread is None or thread.ended_at is not None:
            row.state, row.next_at = CheckInState.OVER, None
            return False
        row.state, row.held_until = CheckInState.GOING, None
        row.next_at = next_at(queries.rhythm_of(row), member.zone, now)
        if walk.state not in ON_THE_WAY or _suspended(walk, member) or not goes_out(due, now, row.next_at):
            _over_where_none_follows(row)
            return False
        _put_in(session, walk, row, member, now)
        _over_where_none_follows(row)
        return True


def _suspended(walk: Walk, member: Person) -> bool:
    peer = notice_queries.person(walk.peer_id or 0)
    return member.suspended_at is not None or peer is None or peer.suspended_at is not None


def _over_where_none_follows(row: CheckIn) -> None:
    if row.next_at is None:
        row.state = CheckInState.OVER


def _put_in(session: Session, walk: Walk, row: CheckIn, member: Person, now: datetime) -> None:
    usual = translations(member.language).gettext(usual_words(local_day(now, member.zone)))
    words = row.words or usual
    line = ThreadLine(walk_id=walk.id, writer_id=walk.peer_id or 0, kind=LineKind.CHECK_IN, words=words, written_at=now)
    session.add(line)
    session.flush()
    tell(session, walk, line, Kind.CHECK_IN, words, now=now)
