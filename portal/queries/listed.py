"""Conditions that name a few known values, for statements that stand ready."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlalchemy.orm import InstrumentedAttribute


def one_of(column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """Return `column IN (...)` with a place for each value: a list as one value is unfolded at each asking."""
    return column.in_([literal(value, column.type) for value in sorted(values)])
