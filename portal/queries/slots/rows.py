"""The two statements behind everybody's open times: what peers offer, and what is in the way, each as plain rows.

They are written in Core, finished once, and read as seconds and plain words: entities take longer than all the rest.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FunctionElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from portal.db import plain, read
from portal.models import BusyTime, Hold, OtherHours, PeerProfile, Person, Season, TimeOff, WeeklyHours, ZoneStay

# What a row of an offer is, in its second column; what stands behind differs by it.
PEER, WEEKLY, OTHER, SEASON, STAY = range(5)
# What is in the way, in the second column.
HELD, OFF, CALENDAR = range(3)

Row = tuple[Any, ...]

_INT = cast(null(), Integer)
_WORD = cast(literal_column("''"), String)


class _seconds(FunctionElement[int]):  # noqa: N801  (reads as the SQL it is)
    """The whole seconds from 1970 to a column's instant, in digits."""

    inherit_cache = True
    type = BigInteger()


class _all_of(FunctionElement[str]):  # noqa: N801  (reads as the SQL it is)
    """The numbers of all rows in one text: a row at a time takes several times as long to come over."""

    inherit_cache = True
    type = String()


class _instant(FunctionElement[Any]):  # noqa: N801  (reads as the SQL it is)
    """The instant so many seconds after 1970, to compare columns with."""

    inherit_cache = True


@compiles(_seconds, "sqlite")
def _seconds_on_sqlite(element: _seconds, compiler: SQLCompiler, **options: Any) -> str:
    return f"strftime('%s', {compiler.process(element.clauses, **options)})"


@compiles(_seconds)
def _seconds_on_postgresql(element: _seconds, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor(date_part('epoch', {compiler.process(element.clauses, **options)})) AS BIGINT)"


@compiles(_all_of, "sqlite")
def _all_of_on_sqlite(element: _all_of, compiler: SQLCompiler, **options: Any) -> str:
    each = " || ' ' || ".join(compiler.process(number, **options) for number in element.clauses)
    return f"group_concat({each}, ' ')"


@compiles(_all_of)
def _all_of_on_postgresql(element: _all_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"string_agg(concat_ws(' ', {compiler.process(element.clauses, **options)}), ' ')"


@compiles(_instant, "sqlite")
def _instant_on_sqlite(element: _instant, compiler: SQLCompiler, **options: Any) -> str:
    return f"datetime({compiler.process(element.clauses, **options)}, 'unixepoch')"


@compiles(_instant)
def _instant_on_postgresql(element: _instant, compiler: SQLCompiler, **options: Any) -> str:
    return f"to_timestamp({compiler.process(element.clauses, **options)})"


def offer_rows(peer_id: int, since: str) -> Sequence[Row]:
    """Return what one peer offers; other hours on dates from `since` (ISO) on."""
    return plain().rows(_OFFER_OF_ONE, {"id": peer_id, "since": since})


def offer_rows_of(peer_ids: Collection[int], since: str) -> Sequence[Row]:
    """Return what several peers offer."""
    return _run_for_many(_OFFER_OF_MANY, {"ids": list(peer_ids), "since": since})


def busy_rows(peer_id: int, member_id: int | None, begins: int, ends: int, without: int | None) -> Sequence[Row]:
    """Return what is in the way of a peer, and of the member who looks, between two instants in seconds.

    A row is a person, what it is, and all their stretches in one text. The booking `without` is left out.
    """
    values = {"id": peer_id, "member": member_id or 0, "begins": begins, "ends": ends, "without": without or 0}
    return plain().rows(_BUSY_OF_ONE, values)


def busy_rows_of(person_ids: Collection[int], begins: int, ends: int) -> Sequence[Row]:
    """Return what is in the way of several people; a member's chats come as everybody's do."""
    values = {"ids": list(person_ids), "member": 0, "begins": begins, "ends": ends, "without": 0}
    return _run_for_many(_BUSY_OF_MANY, values)


def _offer(of: Callable[[Any], ColumnElement[bool]]) -> Any:
    def rows(kind: int, person: Any, *columns: Any) -> Select[Any]:
        ints = [*columns[3:], *[_INT] * (13 - len(columns))]
        return select(person, literal_column(str(kind)), *columns[:3], *ints).where(of(person))

    peer, weekly, other = PeerProfile, WeeklyHours, OtherHours
    return union_all(
        rows(
            PEER,
            peer.person_id,
            Person.zone,
            peer.other_lengths,
            _WORD,
            peer.length_minutes,
            peer.step_minutes,
            peer.rest_before_minutes,
            peer.rest_after_minutes,
            peer.notice_hours,
            peer.horizon_days,
            peer.cap_per_day,
            peer.cap_per_week,
            peer.cap_minutes_per_day,
            peer.cap_minutes_per_week,
        ).join(Person, Person.id == peer.person_id),
        rows(
            WEEKLY,
            weekly.peer_id,
            weekly.formats,
            _WORD,
            _WORD,
            weekly.weekday,
            weekly.starts,
            weekly.ends,
            weekly.season_id,
        ),
        rows(OTHER, other.peer_id, other.formats, cast(other.day, String), _WORD, _INT, other.starts, other.ends).where(
            cast(other.day, String) >= bindparam("since", type_=String())
        ),
        rows(SEASON, Season.peer_id, _WORD, cast(Season.first_day, String), cast(Season.last_day, String), Season.id),
        rows(
            STAY,
            ZoneStay.peer_id,
            ZoneStay.zone,
            cast(ZoneStay.first_day, String),
            cast(ZoneStay.last_day, String),
        ),
    )


def _busy(of: Callable[[Any], ColumnElement[bool]]) -> Any:
    begins = _instant(bindparam("begins", type_=BigInteger()))
    ends = _instant(bindparam("ends", type_=BigInteger()))
    member = bindparam("member", type_=Integer())
    without = bindparam("without", type_=Integer())
    is_open_hour = case((Hold.open_hour_id.is_(None), literal_column("0")), else_=literal_column("1"))

    def rows(kind: int, table: Any, person: Any, *numbers: Any) -> Select[Any]:
        all_of_it = _all_of(_seconds(table.starts_at), _seconds(table.ends_at), *numbers)
        found = select(person, literal_column(str(kind)), all_of_it).group_by(person)
        return found.where(table.ends_at > begins, table.starts_at < ends)

    rests = (Hold.rest_before_minutes, Hold.rest_after_minutes)
    return union_all(
        rows(HELD, Hold, Hold.person_id, *rests, is_open_hour).where(
            of(Hold.person_id) | (Hold.person_id == member),
            Hold.active,
            # An open hour's hold has no booking at all.
            Hold.booking_id.is_(None) | (Hold.booking_id != without),
        ),
        rows(OFF, TimeOff, TimeOff.peer_id).where(of(TimeOff.peer_id)),
        rows(CALENDAR, BusyTime, BusyTime.peer_id).where(of(BusyTime.peer_id)),
    )


def _is_one(column: Any) -> ColumnElement[bool]:
    same: ColumnElement[bool] = column == bindparam("id", type_=Integer())
    return same


def _is_any(column: Any) -> ColumnElement[bool]:
    one_of: ColumnElement[bool] = column.in_(bindparam("ids", expanding=True))
    return one_of


_OFFER_OF_ONE, _OFFER_OF_MANY = _offer(_is_one), _offer(_is_any)
_BUSY_OF_ONE, _BUSY_OF_MANY = _busy(_is_one), _busy(_is_any)


def _run_for_many(statement: Any, values: dict[str, Any]) -> Sequence[Row]:
    return [tuple(row) for row in read().connection().execute(statement, values)]
