"""What a run found, told: a row for everybody with the reason, and the whole beside what stands today."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    """By walk: how close those on today's cards fit who still do; and, for whoever was left out, whom they fit with."""

    cards: dict[int, dict[int, float]]
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
    _stay_where_as_good(everybody, placed, today.cards, fixed)
    peer_of = placed.peer_of
    sharers = _sharers(everybody.peers)
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
                    "why": _why(everybody, row, peer_of[row], now)
                    if peer_id is not None
                    else _left(everybody, row, today.others.get(row, frozenset()), sharers, now),
                }
            )
        )
    kept = set(pinned) - set(assignment.lost_pins)
    return rows, _found(everybody, assignment, placed, rows, today, {row for row, _ in kept}, now)


def _placed(everybody: Everyone, assignment: Assignment) -> _Placed:
    room: list[int] = everybody.pool.matches_left.tolist()
    for peer in assignment.peer_of.tolist():
        if peer != NOBODY:
            room[peer] -= 1
    return _Placed(assignment.peer_of.tolist(), assignment.score.tolist(), room)


def _stay_where_as_good(
    everybody: Everyone, placed: _Placed, cards: Mapping[int, Mapping[int, float]], fixed: set[int]
) -> None:
    """Nobody's first card changes for one that fits exactly as well, while the first has room."""
    for row, fits in cards.items():
        first = everybody.walks[row].first
        if first is None or first not in fits:
            continue
        today, score = everybody.pool.index[first], fits[first]
        as_good = abs(score - placed.score[row]) < A_TIE
        if row not in fixed and placed.peer_of[row] not in (NOBODY, today) and as_good and placed.room[today] > 0:
            placed.move(row, today, score)


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
    asked = [row for row, walk in enumerate(everybody.walks) if walk.cards or peer_of[row] == NOBODY]
    cards: dict[int, dict[int, float]] = defaultdict(dict)
    others: dict[int, set[int]] = defaultdict(set)
    for begins in range(0, len(asked), SCORED_AT_ONCE):
        some = asked[begins : begins + SCORED_AT_ONCE]
        lines, peers, scores = score_pairs(
            everybody.asks, np.array(some, dtype=np.int64), everybody.pool, everybody.weights, now
        )
        for line, peer, score in zip(lines.tolist(), peers.tolist(), scores.tolist(), strict=True):
            row, peer_id = some[line], everybody.peers[peer].id
            if peer_id in everybody.walks[row].cards:
                cards[row][peer_id] = score
            if peer_of[row] == NOBODY:
                others[row].add(peer_id)
    return _Today(cards, {row: frozenset(ids) for row, ids in others.items()})


def _found(
    everybody: Everyone,
    assignment: Assignment,
    placed: _Placed,
    rows: Sequence[Row],
    today: _Today,
    pinned: set[int],
    now: datetime,
) -> Found:
    room = dict(zip(everybody.pool.ids.tolist(), everybody.pool.matches_left.tolist(), strict=True))
    kept: list[float] = []
    for row, walk in enumerate(everybody.walks):
        fits = today.cards.get(row, {})
        free = next((peer_id for peer_id in walk.cards if peer_id in fits and room[peer_id] > 0), None)
        if free is not None:
            room[free] -= 1
            kept.append(fits[free])
    had = [(one.values["was_peer_id"], one.values["peer_id"]) for one in rows if one.values["peer_id"] is not None]
    scores = [(score, row) for row, score in enumerate(placed.score) if placed.peer_of[row] != NOBODY]
    worst, whose = min(scores, default=(None, None))
    return Found(
        waiting=len(rows),
        placed=len(had),
        worst=worst,
        worst_pinned=whose in pinned,
        fit=sum(score for score, _ in scores),
        ordered=sum(bool(walk.ranked) for walk in everybody.walks),
        proved=assignment.proved,
        gap=assignment.gap,
        seconds=0.0,
        same=sum(was == peer for was, peer in had),
        instead=sum(was is not None and was != peer for was, peer in had),
        new=sum(was is None for was, _ in had),
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
