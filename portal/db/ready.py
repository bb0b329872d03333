"""Statements that stand ready, asked of the driver itself: finished once for each engine, their values prepared and
their rows read by the types of their columns, as SQLAlchemy does it at a multiple of the cost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVarTuple, overload
from weakref import ref

from sqlalchemy import Connection, Dialect, Executable, Insert, Result, SelectBase, UpdateBase, bindparam
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import TypeEngine

Columns = TypeVarTuple("Columns")
Values = Mapping[str, Any]
Way = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Finished:
    """A statement in an engine's words: what stands at each of its places, or under each name (a value that is fixed,
    or the name of one that is given and how), and how each column of its rows is read."""

    words: str
    steps: Sequence[tuple[str | None, Way, Any]]
    names: Sequence[str] | None
    columns: SimpleResultMetaData | None
    read: Sequence[tuple[int, Callable[[Any], Any]]]

    def values(self, asked: Values) -> Any:
        """Return these values as the driver takes them: by place or by name."""
        values = [
            fixed if name is None else asked[name] if way is None else way(asked[name])
            for name, way, fixed in self.steps
        ]
        return values if self.names is None else dict(zip(self.names, values, strict=True))

    def rows(self, found: Sequence[Sequence[Any]]) -> Any:
        """Return what the driver found as a result whose rows know their columns by name."""
        if self.columns is None:
            return None
        if self.read:
            found = [self._as_read(row) for row in found]
        return IteratorResult(self.columns, iter(found))

    def _as_read(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for at, read in self.read:
            values[at] = read(values[at])
        return tuple(values)


# So many rows at most are written by one statement; more go to the driver one by one.
TOGETHER = 12
# By the statement itself: one that is made for a single use is forgotten with it.
_TOGETHER: dict[ref[Insert], dict[tuple[Any, ...], tuple[Insert, list[str]]]] = {}
_FINISHED: dict[ref[Executable], dict[tuple[str, ...], Finished | None]] = {}


@dataclass(slots=True)
class Plain:
    """A connection for statements that stand ready, all of them asked by one cursor: their rows are fetched at once."""

    connection: Connection
    _cursor: Any = field(default=None, init=False)

    @overload
    def execute(
        self, statement: TypedReturnsRows[*Columns], asked: Values | Sequence[Values] = ...
    ) -> Result[*Columns]: ...

    @overload
    def execute(self, statement: UpdateBase, asked: Values | Sequence[Values] = ...) -> None: ...

    def execute(self, statement: Any, asked: Any = {}) -> Any:  # noqa: B006  (never changed)
        """Run a statement with these values, or once with each; what is given back has its rows, if it has any."""
        connection = self.connection
        heard = connection._has_events or connection.engine._has_events
        several = not isinstance(asked, Mapping)
        if several and not heard and isinstance(statement, Insert) and len(asked) <= TOGETHER:
            statement, asked = _together(statement, asked)
            several = False
        first: Values = asked[0] if several else asked
        finished = _finished(statement, connection.dialect, first)
        if finished is None or heard or (several and finished.columns is not None):
            return connection.execute(statement, asked)
        cursor = self._at_hand()
        try:
            if several:
                cursor.executemany(finished.words, [finished.values(each) for each in asked])
                return None
            cursor.execute(finished.words, finished.values(asked))
            return finished.rows(() if finished.columns is None else cursor.fetchall())
        except connection.dialect.loaded_dbapi.Error as error:
            raise self._told(finished.words, error) from error

    def rows(self, statement: Any, asked: Values) -> Sequence[tuple[Any, ...]]:
        """Return the rows of a statement with these values just as the driver gives them."""
        connection = self.connection
        finished = _finished(statement, connection.dialect, asked)
        if finished is None or connection._has_events or connection.engine._has_events:
            return [tuple(row) for row in connection.execute(statement, asked)]
        cursor = self._at_hand()
        try:
            cursor.execute(finished.words, finished.values(asked))
            found: Sequence[tuple[Any, ...]] = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as error:
            raise self._told(finished.words, error) from error
        return found

    def _at_hand(self) -> Any:
        if self._cursor is None:
            self._cursor = self.connection.connection.cursor()
        return self._cursor

    def _told(self, words: str, error: Any) -> Exception:
        """Return the driver's error as SQLAlchemy tells it, without what was asked; a line that is gone is let go."""
        connection = self.connection
        gone = connection.dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
        if gone:
            connection.invalidate(error)
            self._cursor = None
        told: Exception = DBAPIError.instance(
            words,
            None,
            error,
            connection.dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=gone,
            dialect=connection.dialect,
        )
        return told


def _together(statement: Insert, rows: Sequence[Values]) -> tuple[Insert, Values]:
    """Return one statement that writes a few rows in one go, and all their values."""
    columns: Any = statement.table.c
    names = tuple(rows[0])
    of_statement = _TOGETHER.get(ref(statement))
    if of_statement is None:
        of_statement = _TOGETHER[ref(statement, _TOGETHER.__delitem__)] = {}
    key = (len(rows), *names)
    if key not in of_statement:
        told = [{name: f"{name}__{at}" for name in names} for at in range(len(rows))]
        binds = [{name: bindparam(bind, type_=columns[name].type) for name, bind in row.items()} for row in told]
        of_statement[key] = statement.values(binds), [bind for row in told for bind in row.values()]
    written, keys = of_statement[key]
    return written, dict(zip(keys, [row[name] for row in rows for name in names], strict=True))


def _finished(statement: Executable, dialect: Dialect, asked: Values) -> Finished | None:
    of_statement = _FINISHED.get(ref(statement))
    if of_statement is None:
        of_statement = _FINISHED[ref(statement, _FINISHED.__delitem__)] = {}
    key = (dialect.name, *asked)
    if key not in of_statement:
        of_statement[key] = _finish(statement, dialect, list(asked))
    return of_statement[key]


def _finish(statement: Any, dialect: Dialect, names: Sequence[str]) -> Finished | None:
    """Write a statement out; None for what has to be written anew each time, by its values or by their number."""
    if not isinstance(statement, (SelectBase, UpdateBase)):
        return None
    wants_rows = isinstance(statement, SelectBase) or bool(statement.returning_column_descriptions)
    compiled: Any = statement.compile(dialect=dialect, column_keys=names, for_executemany=not wants_rows)
    defaults = compiled.insert_prefetch if isinstance(statement, Insert) else compiled.update_prefetch
    missing = any(bind.required and name not in names for name, bind in compiled.binds.items())
    unfolded = compiled.post_compile_params or compiled.literal_execute_params
    if missing or unfolded or any(not _is_plain(column) for column in defaults):
        return None
    ways = {name: _way(bind.type, dialect) for name, bind in compiled.binds.items()}
    values = compiled.params | {column.key: column.default.arg for column in defaults}
    fixed = {name: way(value) if (way := ways[name]) else value for name, value in values.items() if name not in names}
    read = (_reader(column.type, dialect) for column in compiled._result_columns)
    order = list(compiled.positiontup if compiled.positional else values)
    return Finished(
        str(compiled),
        [(None, None, fixed[name]) if name in fixed else (name, ways[name], None) for name in order],
        None if compiled.positional else order,
        SimpleResultMetaData([column.keyname for column in compiled._result_columns]) if wants_rows else None,
        [(at, way) for at, way in enumerate(read) if way is not None],
    )


def _is_plain(column: Any) -> bool:
    return column.default is not None and column.default.is_scalar


def _way(kind: TypeEngine[Any], dialect: Dialect) -> Way:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Way:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
