"""The base of all tables: plain declarative, with the house's constraint names and column types."""

from datetime import datetime
from enum import Enum as PythonEnum
from typing import Any, cast

from sqlalchemy import Enum, Table
from sqlalchemy.orm import DeclarativeBase, registry

from portal.db import metadata
from portal.models.types import UtcDateTime


def words_of(states: type[PythonEnum]) -> list[str]:
    """Store a state by its value, which stands in the code and in every room, not by its Python name."""
    return [str(state.value) for state in states]


def state(kind: Any) -> Any:
    """Return the column type of a StrEnum: a short word, readable in any tool."""
    return Enum(kind, native_enum=False, create_constraint=False, length=24, values_callable=words_of)


class Base(DeclarativeBase):
    """What every table has in common."""

    registry = registry(metadata=metadata, type_annotation_map={datetime: UtcDateTime()})


def table_of(model: type[Base]) -> Table:
    """Return the plain table of a model, for rows that are written without an object."""
    return cast(Table, model.__table__)
