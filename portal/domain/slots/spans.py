"""Half-open stretches of time, of seconds or of instants alike."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import TypeVar

T = TypeVar("T", int, datetime)

Span = tuple[datetime, datetime]
Seconds = tuple[int, int]


def merge(spans: Iterable[tuple[T, T]]) -> list[tuple[T, T]]:
    """Return spans in order, those that overlap or touch made one."""
    merged: list[tuple[T, T]] = []
    ends: T | None = None
    for span in sorted(spans, key=itemgetter(0)):
        starts, stops = span
        if ends is None or starts > ends:
            merged.append(span)
            ends = stops
        elif stops > ends:
            ends = stops
            merged[-1] = (merged[-1][0], stops)
    return merged


def within(spans: Sequence[Seconds], begins: int, ends: int) -> bool:
    """Say whether a stretch lies in one of the merged spans from start to end."""
    at = bisect_right(spans, begins, key=itemgetter(0))
    return at > 0 and ends <= spans[at - 1][1]
