"""Everybody who waits at once: pins first, then the aims in the order that `Fairness` gives them."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from portal.domain.matching.together import Fairness
from portal.engine.assign.kept import in_runs, look
from portal.engine.assign.limited import Limited
from portal.engine.assign.pairs import UNIT, Worth
from portal.engine.assign.rounds import Net, closest, highest_worst
from portal.engine.assign.values import NOBODY, Allowed, Assignment, Pair, Progress, Ranked, Scores, ignore

LOOKED = 0.6
RAISED = 0.85


def assign(
    scores: Scores,
    room: NDArray[np.int64],
    *,
    bonus: NDArray[np.float64],
    fairness: Fairness,
    pins: Collection[Pair] = (),
    forbids: Collection[Pair] = (),
    allowed: Allowed | None = None,
    ranked: Ranked | None = None,
    progress: Progress = ignore,
) -> Assignment:
    """Return the best assignment of members to peers' room, proved.

    NOBODY_OUT: most members with somebody, then the worst score raised, then the total of score and bonus. CLOSEST:
    that total alone. The scores of those whom a member ranked count in the member's order; `score` is what they are.
    Among exact ties the longer wait (the higher bonus) comes first. `lost_pins` are those that cannot
    be kept: no room, the two cannot walk together, forbidden, not among those the member may get, or pinned twice.
    """
    ranked = ranked or {}
    limited = Limited(scores, forbids, allowed or {}, ranked, bonus)
    pinned, lost, left = _pinned(limited, pins, room)
    free = Limited(limited, (), {member: () for member, _ in pinned}, {}, bonus)
    worth = Worth.of(bonus)
    kept = look(free, left, worth, lambda share: progress(share * LOOKED))
    net = Net(free, left, worth, kept, kept.first.copy())
    least = -np.inf
    if fairness is Fairness.NOBODY_OUT:
        # By a hair nobody else loses: it only says who of several as close comes first.
        least = highest_worst(net) - limited.hair
        progress(RAISED)
    chosen, lacks = closest(net, most=fairness is Fairness.NOBODY_OUT, least=least)
    members = scores.shape[0]
    peer_of, score = np.full(members, NOBODY), np.full(members, -np.inf)
    placed = np.flatnonzero(chosen != NOBODY)
    peer_of[placed], score[placed] = kept.pairs.peer[chosen[placed]], kept.score[chosen[placed]]
    for (member, peer), known in pinned.items():
        peer_of[member], score[member] = peer, known
    placed = np.flatnonzero(peer_of != NOBODY)
    total = float((score[placed] + bonus[placed]).sum())
    _as_they_are(scores, np.array([row for row in ranked if peer_of[row] != NOBODY], np.int64), peer_of, score)
    progress(1.0)
    return Assignment(
        peer_of=peer_of,
        score=score,
        total=total,
        proved=lacks == 0,
        gap=lacks / UNIT / total if lacks else 0.0,
        lost_pins=lost,
        rounds=net.rounds,
    )


def _as_they_are(
    scores: Scores, rows: NDArray[np.int64], peer_of: NDArray[np.int64], score: NDArray[np.float64]
) -> None:
    for run in in_runs(rows):
        lines, peers, known = scores.listed(run)
        theirs = peers == peer_of[run[lines]]
        score[run[lines[theirs]]] = known[theirs]


def _pinned(
    scores: Scores, pins: Collection[Pair], room: NDArray[np.int64]
) -> tuple[dict[Pair, float], tuple[Pair, ...], NDArray[np.int64]]:
    """Return the pins that hold with their scores, those that do not, and the room they leave."""
    held: dict[Pair, float] = {}
    lost: list[Pair] = []
    left = room.astype(np.int64)
    taken: set[int] = set()
    for member, peer in dict.fromkeys(pins):
        _, peers, score = scores.listed(np.array([member]))
        here = np.flatnonzero(peers == peer)
        if member in taken or left[peer] <= 0 or not len(here):
            lost.append((member, peer))
            continue
        taken.add(member)
        left[peer] -= 1
        held[member, peer] = float(score[here[0]])
    return held, tuple(lost), left
