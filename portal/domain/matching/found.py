"""What a run for all who wait has found, in numbers for coordinators; kept with the proposal as plain JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Lost:
    """A pinned pair that could not be kept, and why; `words`, translated too, fills %(words)s in `sentence`."""

    member_id: int
    peer_id: int
    sentence: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The run beside today's suggestions, which are taken first come, first served. Fits are 0 to 100.

    `ordered` counts those whose own order counts, `worst_pinned` says that the furthest fit is a pinned pair.
    `fit` and `today_fit` are sums over those who have somebody; `gap` is the share by which the sum of fits and
    waiting could still rise where it is not proved to be the highest.
    """

    waiting: int
    placed: int
    worst: float | None
    worst_pinned: bool
    fit: float
    ordered: int
    proved: bool
    gap: float
    seconds: float
    same: int
    instead: int
    new: int
    today_placed: int
    today_worst: float | None
    today_fit: float
    lost: tuple[Lost, ...] = ()


def to_json(found: Found) -> dict[str, Any]:
    """The findings as a dict of plain values."""
    return asdict(found) | {"lost": [asdict(one) for one in found.lost]}


def from_json(stored: Mapping[str, Any]) -> Found:
    """The findings that `to_json` was given."""
    return Found(**{**stored, "lost": tuple(Lost(**one) for one in stored["lost"])})
