"""Open hours: a peer's own with who came, and those that somebody who walks with them may come to."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, or_, select

from portal.db import plain, read
from portal.domain.booking import OpenHourState
from portal.domain.booking.open_hours import SHOWN_BEFORE, Visit, is_on
from portal.domain.experience import Format
from portal.domain.matching.walk import TOGETHER, State
from portal.domain.notice import Kind, NoticeState
from portal.models import Hold, Notice, OpenHour, OpenHourVisit, Person, Walk
from portal.queries.notice import Recipient, as_recipient

# Two who rest have said that they leave one another in peace for a while.
MAY_COME = TOGETHER - {State.RESTING}
CLOSED_AT_ONCE = 100
_OWN: tuple[Any, ...] = (
    OpenHour.id,
    OpenHour.peer_id,
    Person.name,
    OpenHour.starts_at,
    OpenHour.ends_at,
    OpenHour.format,
    OpenHour.place,
    OpenHour.state,
)
_OF_ITS_PEER = Person.id == OpenHour.peer_id


@dataclass(frozen=True)
class Hour:
    """An open hour as its peer or a member sees it; `walk_id` and the peer's reach are there for a member only."""

    id: int
    peer_id: int
    peer_name: str
    starts_at: datetime
    ends_at: datetime
    way: Format
    place: str = field(repr=False)
    state: OpenHourState
    walk_id: int | None = None
    reach: str = field(default="", repr=False)
    visits: tuple[Visit, ...] = ()

    def is_on(self, now: datetime) -> bool:
        """Say whether one can come now."""
        return is_on(self.state, self.starts_at, self.ends_at, now)


@dataclass(frozen=True)
class Guest:
    """Somebody who came, for the peer: the name they know them by, and how to reach them."""

    member_id: int
    name: str = field(repr=False)
    reach: str = field(repr=False)
    visit: Visit


def own_hours(peer_id: int, now: datetime) -> list[Hour]:
    """Return a peer's open hours that are not over, the next one first."""
    return [Hour(*row) for row in plain().execute(_OWN_AHEAD, {"peer_id": peer_id, "now": now})]


def own_hour(peer_id: int, open_hour_id: int) -> Hour | None:
    """Return one open hour with who came, for the peer who offers it."""
    hours = select(*_OWN).join(Person, _OF_ITS_PEER).where(OpenHour.peer_id == peer_id, OpenHour.id == open_hour_id)
    row = read().execute(hours).one_or_none()
    return None if row is None else replace(Hour(*row), visits=visits_of(open_hour_id))


def guests_of(open_hour_id: int) -> list[Guest]:
    """Return who came and still walks with the peer, in the order of coming."""
    rows = read().execute(
        select(OpenHourVisit.member_id, Person.name, Person.reach, OpenHourVisit.called_at, OpenHourVisit.done_at)
        .join(Person, Person.id == OpenHourVisit.member_id)
        .join(Walk, _walks_on())
        .where(OpenHourVisit.open_hour_id == open_hour_id)
        .order_by(OpenHourVisit.came_at, OpenHourVisit.id)
    )
    return [Guest(id_, name, reach, Visit(id_, called, done)) for id_, name, reach, called, done in rows]


def hours_for(member_id: int, now: datetime) -> list[Hour]:
    """Return the open hours a member may come to within the next days, the next one first."""
    asked = {"member_id": member_id, "now": now, "soon": now + SHOWN_BEFORE}
    return [Hour(*row) for row in plain().execute(_SOON, asked)]


def hour_for(member_id: int, open_hour_id: int) -> Hour | None:
    """Return one open hour with who came, for a member who walks with its peer; None for anybody else."""
    hours = select(*_OWN, Walk.id, Person.reach).join(Person, _OF_ITS_PEER).join(Walk, _walks_with(member_id))
    row = read().execute(hours.where(OpenHour.id == open_hour_id)).one_or_none()
    return None if row is None else replace(Hour(*row), visits=visits_of(open_hour_id))


def visits_of(open_hour_id: int) -> tuple[Visit, ...]:
    """Return who came and still walks with the peer, in the order of coming."""
    rows = read().execute(
        select(OpenHourVisit.member_id, OpenHourVisit.called_at, OpenHourVisit.done_at)
        .join(Walk, _walks_on())
        .where(OpenHourVisit.open_hour_id == open_hour_id)
        .order_by(OpenHourVisit.came_at, OpenHourVisit.id)
    )
    return tuple(Visit(*row) for row in rows)


def hour_to_change(open_hour_id: int) -> OpenHour | None:
    """Return an open hour's row, locked, as it is now."""
    return read().get(OpenHour, open_hour_id, with_for_update=True, populate_existing=True)


def hold_of(open_hour_id: int) -> Hold | None:
    """Return the time an open hour takes of its peer."""
    return read().scalar(select(Hold).where(Hold.open_hour_id == open_hour_id))


def visit_row(open_hour_id: int, member_id: int) -> OpenHourVisit | None:
    """Return one member's visit, as it is now."""
    theirs = select(OpenHourVisit).where(
        OpenHourVisit.open_hour_id == open_hour_id, OpenHourVisit.member_id == member_id
    )
    return read().scalar(theirs.execution_options(populate_existing=True))


def who_may_come(peer_id: int) -> list[tuple[int, Recipient]]:
    """Return (walk, member) of everybody who walks with a peer and is not resting."""
    rows = select(Walk.id, Person).join(Person, Person.id == Walk.member_id)
    theirs = rows.where(Walk.peer_id == peer_id, Walk.open, Walk.state.in_(MAY_COME))
    return [(walk_id, as_recipient(member)) for walk_id, member in read().execute(theirs.order_by(Walk.id))]


def told_of(open_hour_id: int) -> set[int]:
    """Return the members to whom the letter about an open hour has gone out, or may have."""
    went_out = or_(Notice.state.in_((NoticeState.SENT, NoticeState.SENDING)), Notice.doubts > 0)
    told = select(Notice.person_id).where(
        Notice.about == letter_about(open_hour_id), Notice.kind == Kind.OPEN_HOUR, went_out
    )
    return {person_id for person_id in read().scalars(told) if person_id is not None}


def letter_about(open_hour_id: int) -> str:
    """Return what a letter about an open hour is about."""
    return f"hour-{open_hour_id}"


def hour_of_letter(about: str) -> int:
    """Return which open hour a letter is about."""
    return int(about.removeprefix("hour-"))


def called_off(open_hour_id: int, now: datetime) -> bool:
    """Say whether an open hour was called off that would still be to come, or on."""
    off = select(OpenHour.id).where(
        OpenHour.id == open_hour_id, OpenHour.state == OpenHourState.CANCELLED, OpenHour.ends_at > now
    )
    return read().scalar(off) is not None


def span_of(open_hour_id: int) -> tuple[datetime, datetime]:
    """Return when an open hour begins and ends."""
    starts_at, ends_at = (
        read().execute(select(OpenHour.starts_at, OpenHour.ends_at).where(OpenHour.id == open_hour_id)).one()
    )
    return starts_at, ends_at


def stands(open_hour_id: int, now: datetime) -> bool:
    """Say whether an open hour is still to be, or is on."""
    return read().scalar(select(OpenHour.id).where(OpenHour.id == open_hour_id, _stands(now))) is not None


def past_hours(now: datetime, after: int) -> list[int]:
    """Return the open hours whose end has passed and that still stand, from the first id after `after` on, at most
    CLOSED_AT_ONCE."""
    past = select(OpenHour.id).where(
        OpenHour.state == OpenHourState.PLANNED, OpenHour.ends_at <= now, OpenHour.id > after
    )
    return list(read().scalars(past.order_by(OpenHour.id).limit(CLOSED_AT_ONCE)))


def _stands(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return and_(OpenHour.state == OpenHourState.PLANNED, OpenHour.ends_at > now)


def _walks_with(member_id: int | BindParameter[int]) -> ColumnElement[bool]:
    # Each by itself: a list would be unfolded anew each time the statement is asked.
    together = and_(Walk.open, or_(*(Walk.state == state for state in sorted(MAY_COME))))
    return and_(Walk.peer_id == OpenHour.peer_id, Walk.member_id == member_id, together)


def _walks_on() -> ColumnElement[bool]:
    """Return the condition that the walk by which somebody came goes on: who has left is neither named nor called."""
    return and_(Walk.id == OpenHourVisit.walk_id, Walk.open, Walk.state.in_(MAY_COME))


# Statements that stand ready: everybody's page asks.
_OWN_AHEAD = (
    select(*_OWN)
    .join(Person, _OF_ITS_PEER)
    .where(OpenHour.peer_id == bindparam("peer_id"), _stands(bindparam("now")))
    .order_by(OpenHour.starts_at)
)
_SOON = (
    select(*_OWN, Walk.id, Person.reach)
    .join(Person, _OF_ITS_PEER)
    .join(Walk, _walks_with(bindparam("member_id")))
    .where(_stands(bindparam("now")), OpenHour.starts_at < bindparam("soon"))
    .order_by(OpenHour.starts_at)
)
