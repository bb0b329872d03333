"""What somebody's own page may say of their threads: something they have not seen, an end, a new rhythm."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from portal.db import plain
from portal.domain.checkin import CheckInState, LineKind
from portal.domain.matching.walk import Actor, State
from portal.models import CheckIn, ThreadLine, ThreadReader, Walk
from portal.models import Thread as ThreadRow
from portal.queries.checkin.threads import KNOW, threads


@dataclass(frozen=True)
class News:
    """What somebody has not seen yet in one of their threads; `kind` is the kind of the newest such line, if any."""

    walk_id: int
    role: Actor
    state: State
    other_name: str
    kind: LineKind | None
    ended_at: datetime | None
    ended_by: int | None
    check_in: CheckInState | None
    begun_at: datetime | None
    changed_at: datetime | None


def news_of(person_id: int) -> list[News]:
    """Return somebody's threads and check-ins, as far as their own page may say something of them."""
    rows = plain().execute(_NEWS, {"person_id": person_id}).all()
    return [
        News(
            row.id,
            Actor.MEMBER if row.member_id == person_id else Actor.PEER,
            row.state,
            row.peer_name if row.member_id == person_id else row.member_name,
            row.kind,
            row.ended_at,
            row.ended_by,
            row.check_in,
            row.created_at,
            row.changed_at,
        )
        for row in rows
    ]


_newest = (
    select(func.max(ThreadLine.id))
    .where(
        ThreadLine.walk_id == Walk.id,
        ThreadLine.writer_id != bindparam("person_id"),
        ThreadLine.id > func.coalesce(ThreadReader.seen_line_id, 0),
    )
    .correlate(Walk, ThreadReader)
    .scalar_subquery()
)
_line = aliased(ThreadLine)
_NEWS = (
    threads()
    .add_columns(_line.kind, CheckIn.state.label("check_in"), CheckIn.created_at, CheckIn.changed_at)
    .outerjoin(_line, _line.id == _newest)
    .outerjoin(CheckIn, CheckIn.walk_id == Walk.id)
    .where(KNOW, ThreadRow.walk_id.is_not(None))
    .order_by(Walk.id)
)
