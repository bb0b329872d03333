"""The coordinator's board, a page at a time: who waits, and of those shown who is suggested and why; and how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, and_, bindparam, case, func, or_, select

from portal.db import plain, read
from portal.domain.care import Concern, concerns, quiet
from portal.domain.matching.kept import note_wanted
from portal.domain.matching.promises import due, overdue, too_long
from portal.domain.matching.score import PartScore
from portal.domain.matching.stored import parts_of
from portal.domain.matching.walk import State
from portal.domain.matching.walk_words import COORDINATOR_WORDS
from portal.models import Person, Suggestion, Walk, WalkStep
from portal.queries.matching.concerned import (
    WAITS,
    at_risk,
    audit,
    gone_quiet,
    last_note,
    last_sign,
    needs_you,
    note_is_due,
    noted_lately,
    suggestion,
    to_approve,
    walk,
)

person = Person.__table__.c
ROWS = 18


class Show(StrEnum):
    """Who stands on the board."""

    MINE = "mine"
    ALL = "all"
    RISK = "risk"
    NOTE = "note"
    QUIET = "quiet"


class Sort(StrEnum):
    """In which order: `first` is whoever needs a coordinator, then the longest wait."""

    FIRST = "first"
    NAME = "name"
    WAITING = "waiting"
    STATE = "state"


@dataclass(frozen=True)
class BoardRow:
    """One member's walk on the board; `parts` say why the first peer on offer is suggested, where there is one."""

    walk_id: int
    revision: int
    member_id: int
    name: str
    state: State
    words: str
    waited: timedelta
    concerns: tuple[Concern, ...]
    peer_id: int | None
    peer: str
    parts: tuple[PartScore, ...]

    @property
    def approvable(self) -> bool:
        """Whether one tap asks the peer."""
        return self.state is State.CHOSEN and self.peer_id is not None


def board_page(
    now: datetime,
    show: Show = Show.ALL,
    sort: Sort = Sort.FIRST,
    *,
    page: int = 1,
    states: Sequence[State] = (),
) -> tuple[BoardRow, ...]:
    """Return one page of the board; `states` is the order of the states where it is sorted by them.

    Names are sealed: sorting by them opens the name of everybody shown, all else only those of the page.
    """
    ids = _by_name(now, show, page) if sort is Sort.NAME else _ids(now, show, sort, page, states)
    return _rows(ids, now)


def board_counts(now: datetime) -> dict[Show, int]:
    """Return how many stand on each of the boards; looks at everybody who waits."""
    noted = noted_lately(now)
    counted = {
        Show.MINE: and_(WAITS, to_approve()),
        Show.ALL: WAITS,
        Show.RISK: and_(WAITS, at_risk(now)),
        Show.NOTE: note_is_due(now, noted),
        Show.QUIET: gone_quiet(now),
    }
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in counted.values()]
    joined = Walk.__table__.outerjoin(noted, noted.c.member_id == walk.member_id)
    row = read().execute(select(*sums).select_from(joined).where(walk.open)).one()
    return dict(zip(counted, row, strict=True))


def last_deed() -> tuple[int, int]:
    """Return the numbers of the last step of a walk and of the last deed recorded: they change with what is done."""
    step_id, deed_id = plain().execute(_LAST_DEED).one()
    return step_id, deed_id


step = WalkStep.__table__.c
_LAST_DEED = select(
    func.coalesce(select(func.max(step.id)).scalar_subquery(), 0),
    func.coalesce(select(func.max(audit.id)).scalar_subquery(), 0),
)
# A place for each row of a page, so that the statements stand ready; what is not needed holds no walk's number.
_PLACES = [bindparam(f"id{place}", type_=walk.id.type) for place in range(ROWS)]
_SHOWN = (
    select(
        walk.id,
        walk.revision,
        walk.member_id,
        person.name,
        walk.state,
        walk.asked_at,
        walk.since,
        last_sign().label("last_sign"),
        last_note().label("last_note"),
    )
    .select_from(Walk.__table__.join(Person.__table__, person.id == walk.member_id))
    .where(walk.id.in_(_PLACES))
)
# Who comes first of those on offer, as `queries.matching.walks.offered` has it.
_PLACE = (
    func.row_number()
    .over(
        partition_by=suggestion.walk_id,
        order_by=(case((suggestion.rank.is_(None), 1), else_=0), suggestion.rank, suggestion.position, suggestion.id),
    )
    .label("place")
)
_ON_OFFER = (
    select(suggestion.id, _PLACE)
    .select_from(Suggestion.__table__.join(Walk.__table__, walk.id == suggestion.walk_id))
    .where(
        suggestion.walk_id.in_(_PLACES),
        suggestion.closed_at.is_(None),
        walk.state != State.ASKED,
        or_(walk.state != State.OFFERING, suggestion.offered_at.is_not(None)),
    )
    .subquery()
)
_FIRST = (
    select(suggestion.walk_id, suggestion.peer_id, person.name, suggestion.why)
    .select_from(
        Suggestion.__table__.join(_ON_OFFER, _ON_OFFER.c.id == suggestion.id).join(
            Person.__table__, person.id == suggestion.peer_id
        )
    )
    .where(_ON_OFFER.c.place == 1)
)

_TO_APPROVE = (
    select(walk.id)
    .select_from(Walk.__table__)
    .where(walk.open, to_approve())
    .order_by(walk.asked_at, walk.id)
    .offset(bindparam("passed", type_=Integer()))
    .limit(ROWS)
)


def _rows(ids: Sequence[int], now: datetime) -> tuple[BoardRow, ...]:
    if not ids:
        return ()
    asked = {f"id{place}": ids[place] if place < len(ids) else None for place in range(ROWS)}
    shown = {row.id: row for row in plain().execute(_SHOWN, asked)}
    first = {row.walk_id: row for row in plain().execute(_FIRST, asked)}
    return tuple(_row(shown[each], first.get(each), now) for each in ids if each in shown)


def _row(row: Any, first: Any | None, now: datetime) -> BoardRow:
    return BoardRow(
        walk_id=row.id,
        revision=row.revision,
        member_id=row.member_id,
        name=row.name,
        state=row.state,
        words=COORDINATOR_WORDS[row.state],
        waited=now - row.asked_at,
        concerns=concerns(
            due=due(row.state, row.since),
            late=overdue(row.state, row.since, now),
            too_long=too_long(row.state, row.asked_at, now),
            wants_note=note_wanted(row.state, row.asked_at, row.last_note, now),
            is_quiet=quiet(row.last_sign, now),
            now=now,
        ),
        peer_id=first.peer_id if first is not None else None,
        peer=first.name if first is not None else "",
        parts=parts_of(first.why) if first is not None else (),
    )


def _ids(now: datetime, show: Show, sort: Sort, page: int, states: Sequence[State]) -> list[int]:
    if show is Show.MINE and sort is not Sort.STATE:  # whoever is to be approved needs a coordinator, all alike
        return list(plain().execute(_TO_APPROVE, {"passed": (page - 1) * ROWS}).scalars())
    order: list[ColumnElement[Any]] = [walk.asked_at, walk.id]
    if sort is Sort.STATE:
        order.insert(0, case({state.value: place for place, state in enumerate(states)}, value=walk.state, else_=-1))
    if sort is not Sort.WAITING and show is not Show.MINE:
        order.insert(len(order) - 2, case((needs_you(now), 0), else_=1))
    chosen = _chosen(select(walk.id), now, show).order_by(*order)
    return list(plain().execute(chosen.offset((page - 1) * ROWS).limit(ROWS)).scalars())


def _by_name(now: datetime, show: Show, page: int) -> list[int]:
    named = _chosen(select(walk.id, walk.asked_at, person.name), now, show, Person.__table__)
    rows = read().execute(named.where(person.id == walk.member_id)).all()
    ordered = sorted(rows, key=lambda row: (row.name.casefold(), row.asked_at, row.id))
    return [row.id for row in ordered[(page - 1) * ROWS : page * ROWS]]


def _chosen(statement: Select[Any], now: datetime, show: Show, *more: FromClause) -> Select[Any]:
    statement = statement.select_from(Walk.__table__, *more)
    if show is Show.NOTE:
        noted = noted_lately(now)
        joined = Walk.__table__.outerjoin(noted, noted.c.member_id == walk.member_id)
        return statement.select_from(joined).where(note_is_due(now, noted))
    if show is Show.MINE:
        return statement.where(walk.open, to_approve())
    if show is Show.QUIET:
        return statement.where(walk.open, gone_quiet(now))
    return statement.where(WAITS, at_risk(now)) if show is Show.RISK else statement.where(WAITS)
