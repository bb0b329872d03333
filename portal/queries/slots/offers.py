"""What peers offer, made of plain rows: hours, policy and the lengths a member may choose."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from portal.domain.errors import NotFound
from portal.domain.experience import Format
from portal.domain.slots import Hours, Policy, Season, Stay, Window
from portal.queries.slots.rows import OTHER, PEER, SEASON, STAY, WEEKLY, Row, offer_rows, offer_rows_of

K = TypeVar("K")

_EVERY_DATE = "0001-01-01"


@dataclass(frozen=True)
class Offer:
    """A peer's hours and policy, and every length in minutes a member may choose, in order."""

    hours: Hours
    policy: Policy
    lengths: tuple[int, ...]


def offer_of(peer_id: int, since: date | None = None) -> Offer:
    """Return what a peer offers, other hours only from a date on; NotFound for somebody who is no peer."""
    rows = offer_rows(peer_id, since.isoformat() if since else _EVERY_DATE)
    return _offer(tuple(rows))


def offers_of(peer_ids: Collection[int], since: date | None = None) -> dict[int, Offer]:
    """Return what several peers offer by id; whoever is no peer is missing."""
    by_peer: dict[int, list[Row]] = defaultdict(list)
    for row in offer_rows_of(peer_ids, since.isoformat() if since else _EVERY_DATE):
        by_peer[row[0]].append(row)
    return {peer_id: _offer(tuple(rows)) for peer_id, rows in by_peer.items() if any(row[1] == PEER for row in rows)}


@lru_cache(maxsize=256)
def _offer(rows: tuple[Row, ...]) -> Offer:
    """Make the offer that these rows are; kept, so that a peer who is looked at again has their grid at hand."""
    of_kind: dict[int, list[Row]] = defaultdict(list)
    for _peer_id, kind, *columns in rows:
        of_kind[kind].append(tuple(columns))
    if not of_kind[PEER]:
        raise NotFound
    zone, other_lengths, _, length, step, before, after, notice, horizon, *caps = of_kind[PEER][0]
    policy = Policy(length, step, before, after, notice * 60, horizon, *caps)
    lengths = {length, *(int(minutes) for minutes in other_lengths.split(",") if minutes.strip())}
    return Offer(_hours(zone, of_kind), policy, tuple(sorted(lengths)))


def _hours(zone: str, of_kind: Mapping[int, Sequence[Row]]) -> Hours:
    weeks: dict[int | None, dict[int, list[Window]]] = defaultdict(lambda: defaultdict(list))
    for formats, _, _, weekday, starts, ends, season_id, *_ in of_kind[WEEKLY]:
        weeks[season_id][weekday].append(Window(starts, ends, _ways(formats)))
    other: dict[date, list[Window]] = defaultdict(list)
    for formats, day, _, _, starts, ends, *_ in of_kind[OTHER]:
        other[date.fromisoformat(day)].append(Window(starts, ends, _ways(formats)))
    return Hours(
        zone,
        _as_tuples(weeks[None]),
        _as_tuples(other),
        tuple(Season(*_days(row), _as_tuples(weeks[row[3]])) for row in of_kind[SEASON]),
        tuple(Stay(*_days(row), row[0]) for row in of_kind[STAY]),
    )


def _days(row: Row) -> tuple[date, date]:
    return date.fromisoformat(row[1]), date.fromisoformat(row[2])


@lru_cache(maxsize=64)
def _ways(formats: str) -> frozenset[Format]:
    return frozenset(Format(way) for way in formats.split(",") if way)


def _as_tuples(windows: Mapping[K, Iterable[Window]]) -> dict[K, tuple[Window, ...]]:
    return {key: tuple(of_key) for key, of_key in windows.items()}
