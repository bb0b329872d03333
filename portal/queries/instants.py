"""Instants that are worked out inside a statement, on both engines to the microsecond."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FunctionElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from portal.models.types import UtcDateTime

SECOND = timedelta(seconds=1)


class later(FunctionElement[datetime]):  # noqa: N801  # reads as the SQL it is
    """A column's instant and some whole seconds more."""

    inherit_cache = False
    type = UtcDateTime()

    def __init__(self, column: ColumnElement[datetime] | Any, by: timedelta) -> None:
        self.seconds = by // SECOND
        super().__init__(column)


@compiles(later, "sqlite")
def _on_sqlite(element: later, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.clauses, **options)
    # Kept as text; SQLite's own arithmetic knows whole seconds, and what stands behind them stays as it is.
    return f"datetime(substr({column}, 1, 19), '+{element.seconds} seconds') || substr({column}, 20)"


@compiles(later)
def _on_postgresql(element: later, compiler: SQLCompiler, **options: Any) -> str:
    # In seconds: a day of an interval is as long as a day of the session's zone.
    return f"({compiler.process(element.clauses, **options)} + make_interval(secs => {element.seconds}))"
