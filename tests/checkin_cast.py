"""Two who walk together, their check-in and their thread, for the tests of checkin."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, select

from portal.db import read
from portal.domain.checkin import LineKind, Wish
from portal.models import CheckIn, Thread, ThreadLine, ThreadReader
from portal.services import checkin
from tests.booking_cast import Pair

Row = TypeVar("Row")
MONDAYS_AT_NINE = Wish(frozenset({0}), 9 * 60, 8, 3)


def set_check_in(pair: Pair, now: datetime, wish: Wish = MONDAYS_AT_NINE) -> int:
    """Ana sets her check-in."""
    return checkin.set_check_in(pair.walk_id, pair.member_id, wish, key="", now=now)


def write(pair: Pair, person_id: int, words: str, now: datetime) -> int:
    """One of the two writes a line."""
    return checkin.write(pair.walk_id, person_id, words, key="", now=now)


def check_in_row(pair: Pair) -> CheckIn:
    """Return the check-in as it stands in the database."""
    return _all(select(CheckIn).where(CheckIn.walk_id == pair.walk_id))[0]


def thread_row(pair: Pair) -> Thread:
    """Return the thread as it stands in the database."""
    return _all(select(Thread).where(Thread.walk_id == pair.walk_id))[0]


def lines(pair: Pair) -> list[tuple[int, LineKind, str, int | None]]:
    """Return (writer, kind, words, height) of every line, the oldest first."""
    rows = _all(select(ThreadLine).where(ThreadLine.walk_id == pair.walk_id).order_by(ThreadLine.id))
    return [(row.writer_id, row.kind, row.words, row.height) for row in rows]


def last_line(pair: Pair) -> int:
    """Return the id of the newest line."""
    return max(row.id for row in _all(select(ThreadLine).where(ThreadLine.walk_id == pair.walk_id)))


def kept(pair: Pair) -> int:
    """Return how many rows of a thread, its lines, readers and check-in there are."""
    tables = (Thread, ThreadLine, ThreadReader, CheckIn)
    return sum(len(_all(select(table).where(table.walk_id == pair.walk_id))) for table in tables)


def _all(statement: Select[Row]) -> list[Row]:
    """Let the database go: an open reader would stop the next writer on SQLite."""
    session = read()
    session.rollback()
    found = list(session.scalars(statement))
    session.expunge_all()
    session.rollback()
    return found
