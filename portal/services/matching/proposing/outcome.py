"""What a run found, told: a row for everybody with the reason, and the whole beside what stands today."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from portal.domain.matching.explain import suggest
from portal.domain.matching.found import Found, Lost
from portal.domain.matching.left import Left, LeftOut, nobody_fits
from portal.domain.matching.stored import to_json
from portal.domain.matching.values import Openings, Peer
from portal.domain.words import N_
from portal.engine.assign import NOBODY, Assignment
from portal.engine.score import score_pairs
from portal.engine.times import DAY_PARTS
from portal.services.matching.everyone import Everyone

NOT_CHOSEN = N_("The member chose others, and the choice is theirs.")
NO_ROOM = N_("Their room is taken by other pins.")
SCORED_AT_ONCE = 2_000
A_TIE = 1e-6

Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Row:
    """One row to be kept, by the names of the columns."""

    values: dict[str, Any]


@dataclass(frozen=True)
class _Today:
    """By walk: how close the first of today's cards fits, if they still do; so each of those the member put in an
    order; and whom else the member fits with."""

    first: dict[int, float]
    ranked: dict[int, dict[int, float]]
    others: dict[int, frozenset[int]]


@dataclass
class _Placed:
    """Who is with whom, by index, how close they fit, and what room that leaves."""

    peer_of: list[int]
    score: list[float]
    room: list[int]

    def move(self, row: int, peer: int, score: float) -> None:
        """Take the room of another peer."""
        self.room[peer] -= 1
        self.room[self.peer_of[row]] += 1
        self.peer_of[row], self.score[row] = peer, score


def findings(
    everybody: Everyone, assignment: Assignment, pinned: Pairs, now: datetime, progress: Callable[[float], None]
) -> tuple[list[Row], Found]:
    """Return a row for each walk, in their order, and the numbers; `pinned` is by index."""
    today = _today(everybody, assignment, now)
    placed = _placed(everybody, assignment)
    fixed = {row for row, _ in pinned}
    _stay_where_as_good(everybody, placed, today.first, fixed)
    as_chosen = _as_chosen(everybody, placed, today.ranked, fixed)
    peer_of = placed.peer_of
    sharers = _sharers(everybody.peers)
    kept = set(pinned) - set(assignment.lost_pins)
    rows = []
    for row, walk in enumerate(everybody.walks):
        progress(row / len(everybody.walks))
        peer_id = None if peer_of[row] == NOBODY else everybody.peers[peer_of[row]].id
        rows.append(
            Row(
                {
                    "walk_id": walk.walk_id,
                    "peer_id": peer_id,
                    "was_peer_id": walk.first,
                    "walk_revision": walk.revision,
                    "pinned": (row, peer_of[row]) in kept,
                    "why": _why(everybody, row, peer_of[row], now)
                    if peer_id is not None
                    else _left(everybody, row, today.others.get(row, frozenset()), sharers, now),
                }
            )
        )
    return rows, replace(_found(everybody, assignment, placed, rows, today, now), as_chosen=as_chosen)


def _placed(everybody: Everyone, assignment: Assignment) -> _Placed:
    room: list[int] = everybody.pool.matches_left.tolist()
    for peer in assignment.peer_of.tolist():
        if peer != NOBODY:
            room[peer] -= 1
    return _Placed(assignment.peer_of.tolist(), assignment.score.tolist(), room)


def _stay_where_as_good(everybody: Everyone, placed: _Placed, first: Mapping[int, float], fixed: set[int]) -> None:
    """Nobody's first card changes for one that fits exactly as well, while the first has room."""
    for row, score in first.items():
        today = everybody.pool.index[everybody.walks[row].first or 0]
        as_good = abs(score - placed.score[row]) < A_TIE
        if row not in fixed and placed.peer_of[row] not in (NOBODY, today) and as_good and placed.room[today] > 0:
            placed.move(row, today, score)


def _as_chosen(everybody: Everyone, placed: _Placed, ranked: Mapping[int, Mapping[int, float]], fixed: set[int]) -> int:
    """Whoever put people in an order gets the one they put before, while there is room; returns how many did."""
    index, moved = everybody.pool.index, set()
    again = True
    while again:
        again = False
        for row, fits in ranked.items():
            if row in fixed or placed.peer_of[row] == NOBODY:
                continue
            for peer_id in everybody.walks[row].ranked:
                if index[peer_id] == placed.peer_of[row]:
                    break
                if peer_id in fits and placed.room[index[peer_id]] > 0:
                    placed.move(row, index[peer_id], fits[peer_id])
                    moved.add(row)
                    again = True
                    break
    return len(moved)


def _why(everybody: Everyone, row: int, peer: int, now: datetime) -> dict[str, Any]:
    openings = _openings(everybody, row, peer, now)
    pair = suggest(everybody.members[row], everybody.peers[peer], openings, everybody.weights, now)
    return {"suggestion": to_json(pair)}


def _openings(everybody: Everyone, row: int, peer: int, now: datetime) -> Openings:
    asks, times = everybody.asks, everybody.pool.times
    zone = times.zones[int(asks.zone_at[row])]
    return times.openings(zone, [DAY_PARTS[at] for at in asks.told[row]], peer, now)


def _left(
    everybody: Everyone, row: int, fits: frozenset[int], sharers: Mapping[str, set[int]], now: datetime
) -> dict[str, Any]:
    walk, member = everybody.walks[row], everybody.members[row]
    if walk.allowed is not None:
        return {"left": Left.CHOSEN_FULL if fits & walk.allowed else Left.CHOSEN_GONE}
    if fits - walk.without:
        return {"left": Left.ROOM}
    if fits:
        return {"left": Left.LATELY}
    near = sorted(set().union(*(sharers.get(topic.slug, set()) for topic in member.ranked)))
    openings = {everybody.peers[peer].id: _openings(everybody, row, peer, now) for peer in near}
    return _left_out(nobody_fits(member, [everybody.peers[peer] for peer in near], openings, now))


def _left_out(left: LeftOut) -> dict[str, Any]:
    if left.held_back is None:
        return {"left": left.why}
    return {"left": left.why, "loosened": left.held_back.what, "words": left.held_back.words}


def _sharers(peers: Iterable[Peer]) -> Mapping[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for at, peer in enumerate(peers):
        for topic in peer.topics:
            found[topic.slug].add(at)
    return found


def _today(everybody: Everyone, assignment: Assignment, now: datetime) -> _Today:
    peer_of = assignment.peer_of.tolist()
    asked = [row for row, walk in enumerate(everybody.walks) if walk.first is not None or peer_of[row] == NOBODY]
    first: dict[int, float] = {}
    ranked: dict[int, dict[int, float]] = defaultdict(dict)
    others: dict[int, set[int]] = defaultdict(set)
    for begins in range(0, len(asked), SCORED_AT_ONCE):
        some = asked[begins : begins + SCORED_AT_ONCE]
        lines, peers, scores = score_pairs(
            everybody.asks, np.array(some, dtype=np.int64), everybody.pool, everybody.weights, now
        )
        for line, peer, score in zip(lines.tolist(), peers.tolist(), scores.tolist(), strict=True):
            row, peer_id = some[line], everybody.peers[peer].id
            if peer_id == everybody.walks[row].first:
                first[row] = score
            if peer_id in everybody.walks[row].ranked:
                ranked[row][peer_id] = score
            if peer_of[row] == NOBODY:
                others[row].add(peer_id)
    return _Today(first, ranked, {row: frozenset(ids) for row, ids in others.items()})


def _found(
    everybody: Everyone,
    assignment: Assignment,
    placed: _Placed,
    rows: Sequence[Row],
    today: _Today,
    now: datetime,
) -> Found:
    room = dict(zip(everybody.pool.ids.tolist(), everybody.pool.matches_left.tolist(), strict=True))
    kept: list[float] = []
    for row, walk in enumerate(everybody.walks):
        if row in today.first and walk.first is not None and room[walk.first] > 0:
            room[walk.first] -= 1
            kept.append(today.first[row])
    had = [(one.values["was_peer_id"], one.values["peer_id"]) for one in rows if one.values["peer_id"] is not None]
    fits = [score for score in placed.score if score > -np.inf]
    return Found(
        waiting=len(rows),
        placed=len(had),
        worst=min(fits, default=None),
        fit=sum(fits),
        proved=assignment.proved,
        gap=assignment.gap,
        seconds=0.0,
        same=sum(was == peer for was, peer in had),
        instead=sum(was is not None and was != peer for was, peer in had),
        new=sum(was is None for was, _ in had),
        as_chosen=0,
        today_placed=len(kept),
        today_worst=min(kept, default=None),
        today_fit=sum(kept),
        lost=tuple(_lost(everybody, row, peer, now) for row, peer in assignment.lost_pins),
    )


def _lost(everybody: Everyone, row: int, peer: int, now: datetime) -> Lost:
    walk, other = everybody.walks[row], everybody.peers[peer]
    pair = suggest(everybody.members[row], other, _openings(everybody, row, peer, now), everybody.weights, now)
    if pair.held:
        return Lost(walk.member_id, other.id, pair.held[0].sentence, pair.held[0].words)
    if walk.allowed is not None and other.id not in walk.allowed:
        return Lost(walk.member_id, other.id, NOT_CHOSEN)
    return Lost(walk.member_id, other.id, NO_ROOM)
