"""A thread as one of its two sees it: while they walk together, and after it has ended well."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import plain, read
from portal.domain.checkin import LineKind
from portal.domain.matching.walk import TOGETHER, Actor, State
from portal.models import Person, ThreadLine, ThreadReader, Walk
from portal.models import Thread as ThreadRow

SHOWN_AT_ONCE = 20


@dataclass(frozen=True)
class Thread:
    """The thread of a walk for one of its two; nobody sees how far the other has read."""

    walk_id: int
    role: Actor
    state: State
    other_id: int
    other_name: str
    ended_at: datetime | None
    ended_by: int | None
    heavy_at: datetime | None
    heavy_by: int | None
    seen_line_id: int

    @property
    def together(self) -> bool:
        """Whether the two still walk together."""
        return self.state in TOGETHER

    @property
    def open(self) -> bool:
        """Whether lines can be written."""
        return self.together and self.ended_at is None


@dataclass(frozen=True)
class Line:
    """One line: words, words that went out by themselves, or a height."""

    id: int
    writer_id: int
    kind: LineKind
    words: str = field(repr=False)
    height: int | None
    answers_id: int | None
    written_at: datetime


def thread_for(actor_id: int, walk_id: int) -> Thread | None:
    """Return a walk's thread for one of its two, empty where nothing was written yet; None for anybody else."""
    row = plain().execute(_THREAD, {"walk_id": walk_id, "person_id": actor_id}).one_or_none()
    if row is None:
        return None
    is_member = row.member_id == actor_id
    return Thread(
        walk_id=row.id,
        role=Actor.MEMBER if is_member else Actor.PEER,
        state=row.state,
        other_id=row.peer_id if is_member else row.member_id,
        other_name=row.peer_name if is_member else row.member_name,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        heavy_at=row.heavy_at,
        heavy_by=row.heavy_by,
        seen_line_id=row.seen_line_id or 0,
    )


def lines_of(walk_id: int, before: int | None = None) -> tuple[list[Line], bool]:
    """Return a page of lines, the oldest first, that ends before this one or with the newest; and if earlier ones
    exist."""
    lines = select(ThreadLine).where(ThreadLine.walk_id == walk_id)
    if before is not None:
        lines = lines.where(ThreadLine.id < before)
    rows = read().scalars(lines.order_by(ThreadLine.id.desc()).limit(SHOWN_AT_ONCE + 1)).all()
    shown = [
        Line(row.id, row.writer_id, row.kind, row.words, row.height, row.answers_id, row.written_at)
        for row in reversed(rows[:SHOWN_AT_ONCE])
    ]
    return shown, len(rows) > SHOWN_AT_ONCE


def has_lines(walk_id: int) -> bool:
    """Say whether anything stands in a thread."""
    return read().scalar(select(ThreadLine.id).where(ThreadLine.walk_id == walk_id).limit(1)) is not None


def unseen(walk_id: int, person_id: int) -> bool:
    """Say whether the other has written something that somebody has not seen yet."""
    seen = select(ThreadReader.seen_line_id).where(ThreadReader.walk_id == walk_id, ThreadReader.person_id == person_id)
    newer = select(ThreadLine.id).where(
        ThreadLine.walk_id == walk_id,
        ThreadLine.writer_id != person_id,
        ThreadLine.id > func.coalesce(seen.scalar_subquery(), 0),
    )
    return read().scalar(newer.limit(1)) is not None


_member, _peer = aliased(Person), aliased(Person)
_OWN_READER = and_(ThreadReader.walk_id == Walk.id, ThreadReader.person_id == bindparam("person_id"))
_ONE_OF_THEM = or_(Walk.member_id == bindparam("person_id"), Walk.peer_id == bindparam("person_id"))
KNOW = and_(Walk.open, or_(*(Walk.state == state for state in sorted(TOGETHER))))


def threads() -> Select[*tuple[Any, ...]]:
    """Return the statement that both the page of a thread and the page of what is next begin with."""
    return (
        select(
            Walk.id,
            Walk.state,
            Walk.member_id,
            Walk.peer_id,
            _member.name.label("member_name"),
            _peer.name.label("peer_name"),
            ThreadRow.ended_at,
            ThreadRow.ended_by,
        )
        .join(_member, _member.id == Walk.member_id)
        .join(_peer, _peer.id == Walk.peer_id)
        .outerjoin(ThreadRow, ThreadRow.walk_id == Walk.id)
        .outerjoin(
            ThreadReader, and_(ThreadReader.walk_id == Walk.id, ThreadReader.person_id == bindparam("person_id"))
        )
        .where(_ONE_OF_THEM)
    )


_THREAD = (
    threads()
    .add_columns(ThreadRow.heavy_at, ThreadRow.heavy_by, ThreadReader.seen_line_id)
    .where(Walk.id == bindparam("walk_id"), or_(KNOW, Walk.state == State.ENDED))
)
