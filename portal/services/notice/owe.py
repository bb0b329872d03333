"""Owing a letter, and taking it back: used inside the verb that creates or ends its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal import queue
from portal.db import after_commit, plain
from portal.domain.notice import Channel, Kind, NoticeState
from portal.models import Notice, table_of

_NOTICES = insert(table_of(Notice)).returning(table_of(Notice).c.id, table_of(Notice).c.due_at)


@dataclass(frozen=True)
class Owed:
    """One of several letters that are owed at once."""

    kind: Kind
    person_id: int
    about: str
    due_at: datetime
    revision: int
    booking_id: int | None = None
    walk_id: int | None = None
    details: Mapping[str, str] | None = None
    lead: str = ""


def owe_together(session: Session, letters: Sequence[Owed], *, now: datetime) -> None:
    """Write down several letters owed, in their order, in one go; the workers are told of those due already."""
    rows = [vars(letter) | {"details": dict(letter.details) if letter.details else None} for letter in letters]
    if rows:
        written = plain().execute(_NOTICES, [row | {"created_at": now} for row in rows])
        for notice_id, due_at in written.all():
            if due_at <= now:
                _ring_after_commit(session, notice_id)


def owe(
    session: Session,
    kind: Kind,
    person_id: int | None,
    *,
    about: str,
    due_at: datetime,
    now: datetime,
    revision: int = 0,
    booking_id: int | None = None,
    walk_id: int | None = None,
    details: Mapping[str, str] | None = None,
    channel: Channel = Channel.EMAIL,
    spread: bool = False,
) -> Notice:
    """Write down one letter owed; when it is due already, the workers are told after the commit.

    `spread` where it goes this way and no other, whatever its reader chose.
    """
    notice = Notice(
        about=about,
        person_id=person_id,
        booking_id=booking_id,
        walk_id=walk_id,
        kind=kind,
        revision=revision,
        due_at=due_at,
        created_at=now,
        details=dict(details) if details else None,
        channel=channel,
        spread=spread,
    )
    session.add(notice)
    session.flush()
    if due_at <= now:
        _ring_after_commit(session, notice.id)
    return notice


def _ring_after_commit(session: Session, notice_id: int) -> None:
    # One ring for all letters of a verb: a broker that is away costs one wait, not one for each.
    waiting: list[int] = session.info.setdefault("letters due", [])
    if not waiting:
        after_commit(lambda: queue.post_fresh(waiting))
    waiting.append(notice_id)


def void(
    session: Session,
    about: str,
    *,
    now: datetime,
    kinds: Iterable[Kind] | None = None,
    person_id: int | None = None,
) -> None:
    """Take back what is still owed for this reason, to anybody or to one person; a letter already being sent re-reads
    its reason itself."""
    statement = update(Notice).where(Notice.about == about, Notice.state == NoticeState.DUE)
    if kinds is not None:
        statement = statement.where(Notice.kind.in_(list(kinds)))
    if person_id is not None:
        statement = statement.where(Notice.person_id == person_id)
    session.execute(
        statement.values(state=NoticeState.VOID, settled_at=now, rendered=None, details=None),
        execution_options={"synchronize_session": False},
    )


def void_texts(session: Session, about: str, *, now: datetime) -> None:
    """Take back the text messages still owed for this reason; letters stay."""
    texts = update(Notice).where(Notice.about == about, Notice.state == NoticeState.DUE, Notice.channel == Channel.TEXT)
    session.execute(
        texts.values(state=NoticeState.VOID, settled_at=now, rendered=None, details=None),
        execution_options={"synchronize_session": False},
    )
