"""Lines of a thread: words of either of the two, and a member's one tap on the hill."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.checkin import HEIGHTS, MOST_IN_A_WHILE, NOT_THE_LAST, TOO_MANY, WHILE, LineKind, checked_words
from portal.domain.errors import BadInput, NotFound, Stale
from portal.domain.notice import Kind
from portal.models import ThreadLine, ThreadReader, Walk
from portal.queries import checkin as queries
from portal.services import once
from portal.services.checkin.telling import tell
from portal.services.checkin.whose import open_thread, walk_of_two
from portal.services.walk import locked_walk


@retry_once
def write(walk_id: int, person_id: int, words: str, *, key: str, now: datetime) -> int:
    """Write a line; returns its id. BadInput for none, too many words or too many lines; Stale where it is closed."""
    said = checked_words(words)
    with transaction() as session:
        form = once.form(person_id, key, "write", walk_id, said)
        done = form.result()
        if done is not None:
            return done
        line_id = add_line(session, walk_of_two(walk_id, person_id), person_id, said, now=now)
        form.remember(session, line_id, now)
        return line_id


def add_line(session: Session, walk: Walk, writer_id: int, said: str, *, now: datetime) -> int:
    """Inside a verb that holds the walk: write a line and owe its notice."""
    open_thread(session, walk, now)
    if queries.written_since(walk.id, writer_id, now - WHILE) >= MOST_IN_A_WHILE:
        raise BadInput("words", TOO_MANY)
    line = ThreadLine(walk_id=walk.id, writer_id=writer_id, kind=LineKind.WORDS, words=said, written_at=now)
    session.add(line)
    session.flush()
    tell(session, walk, line, Kind.THREAD_LINE, said, now=now)
    return line.id


@retry_once
def answer(walk_id: int, member_id: int, check_in_line: int, height: int, *, now: datetime) -> int:
    """Answer a check-in with a place on the hill; a later tap takes the place of an earlier one. Returns the line."""
    if height not in HEIGHTS:
        raise NotFound
    with transaction() as session:
        walk = walk_of_two(walk_id, member_id)
        asked = queries.line_row(walk_id, check_in_line)
        if walk.member_id != member_id or asked is None or asked.kind is not LineKind.CHECK_IN:
            raise NotFound
        if queries.last_check_in(walk_id) != check_in_line:
            raise Stale(NOT_THE_LAST)
        open_thread(session, walk, now)
        line = queries.answer_to(check_in_line)
        if line is not None:
            line.height = height
            return line.id
        line = ThreadLine(
            walk_id=walk_id,
            writer_id=member_id,
            kind=LineKind.HEIGHT,
            height=height,
            answers_id=check_in_line,
            written_at=now,
        )
        session.add(line)
        session.flush()
        tell(session, walk, line, Kind.THREAD_LINE, "", now=now)
        return line.id


@retry_once
def mark_seen(walk_id: int, person_id: int, line_id: int, *, now: datetime) -> None:
    """Keep that somebody has seen a thread up to this line; for their own eyes only, and never backwards."""
    with transaction() as session:
        walk = locked_walk(walk_id)
        if queries.thread_for(person_id, walk_id) is None or queries.line_row(walk_id, line_id) is None:
            raise NotFound
        row = reader_of(session, walk, person_id)
        row.seen_line_id = max(row.seen_line_id, line_id)


def reader_of(session: Session, walk: Walk, person_id: int) -> ThreadReader:
    """Inside a verb that holds the walk: return somebody's own row, made where there is none yet."""
    row = queries.reader_row(walk.id, person_id)
    if row is None:
        row = ThreadReader(walk_id=walk.id, person_id=person_id, seen_line_id=0, by_text=False)
        session.add(row)
        session.flush()
    return row
