"""How what people say becomes numbers: kinds of arrays, bits, and tables of lists of different lengths."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from portal.domain.experience import Format, Readiness, Stage, Style, WishKind
from portal.domain.matching.values import Wish

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
# What a wish or a trait says: its kind, and the values of which any will do.
Said = tuple[WishKind, frozenset[str]]
K = TypeVar("K", bound=Hashable)

FORMAT_BIT: dict[Format, int] = {way: 1 << at for at, way in enumerate(Format)}
STYLE_BIT: dict[Style, int] = {style: 1 << at for at, style in enumerate(Style)}
STAGE_AT: dict[Stage, int] = {stage: at for at, stage in enumerate(Stage)}
READINESS_AT: dict[Readiness, int] = {readiness: at for at, readiness in enumerate(Readiness)}
ALL_FORMATS = 1 << len(Format)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def number(numbers: dict[K, int], key: K, first: int = 0) -> int:
    """The number of something that is said; what is new gets the next one."""
    return numbers.setdefault(key, len(numbers) + first)


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (instant - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=1024)
def several(value: str) -> frozenset[str]:
    """The values of a trait or a wish, as domain `alike` tells them apart."""
    return frozenset(part for part in (piece.strip().casefold() for piece in value.split(",")) if part)


def said(wish: Wish) -> Said:
    """A wish by what it says."""
    return wish.kind, several(wish.value)


def near_wishes(wishes: Iterable[Wish]) -> list[Wish]:
    """The wishes that traits answer; "not someone local" is answered by the distance."""
    return [wish for wish in wishes if wish.kind is not WishKind.NOT_LOCAL]


def ints(values: Iterable[int]) -> Ints:
    """Whole numbers as an array."""
    return np.fromiter(values, dtype=np.int64)


def floats(values: Iterable[float]) -> Floats:
    """Numbers as an array."""
    return np.fromiter(values, dtype=np.float64)


def bools(values: Iterable[bool]) -> Bools:
    """Answers as an array."""
    return np.fromiter(values, dtype=np.bool_)


def format_bits(formats: Iterable[frozenset[Format]]) -> Ints:
    """Formats as bits."""
    return ints(map(_format_bits, formats))


def style_bits(styles: Iterable[frozenset[Style]]) -> Ints:
    """Ways to talk as bits."""
    return ints(map(_style_bits, styles))


def padded(lists: Sequence[Sequence[int]], filler: int, at_least: int = 0) -> Ints:
    """Lists of different lengths as the columns of a table: first everybody's first, then everybody's second."""
    height = max(at_least, max(map(len, lists), default=0))
    table = np.full((height, len(lists)), filler, dtype=np.int64)
    for column, values in enumerate(lists):
        if values:
            table[: len(values), column] = values
    return table


@lru_cache
def _format_bits(formats: frozenset[Format]) -> int:
    return sum(FORMAT_BIT[way] for way in formats)


@lru_cache
def _style_bits(styles: frozenset[Style]) -> int:
    return sum(STYLE_BIT[style] for style in styles)
