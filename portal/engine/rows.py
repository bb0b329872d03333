"""Rows over all peers: what each of them is to one thing that a member can say."""

import numpy as np

from portal.domain.experience import DayPart, Readiness, Stage, Style
from portal.domain.matching.filters import OPENINGS_NEEDED
from portal.domain.matching.hill import READINESS_SHARE, SIBLING_SHARE, STANDING_SHARE, Standing, standing
from portal.domain.matching.score import LATE, SOON
from portal.engine.numbers import READINESS_AT, STAGE_AT, Bools, Bytes, Floats, Said
from portal.engine.pool import Pool
from portal.engine.times import told_parts

# What a topic's row says of a peer: may be asked about it; would rather not talk about it now.
WALKS, REFUSES = 1, 2

Topic = tuple[str, str, Stage, bool]
Window = tuple[int, frozenset[DayPart]]


def _style_share(own: int, theirs: int) -> float:
    return (own & theirs).bit_count() / own.bit_count() if own and theirs else 0.0


_STYLE_SETS = range(1 << len(Style))
# How much of the first set of styles (bits) the second shares.
STYLE_SHARE: Floats = np.array([[_style_share(own, theirs) for theirs in _STYLE_SETS] for own in _STYLE_SETS])
_STAGES = tuple(Stage)
_STANDING_SHARE: Floats = np.array([[STANDING_SHARE[standing(member, peer)] for peer in _STAGES] for member in _STAGES])
_AHEAD: Bools = np.array([[standing(member, peer) is Standing.AHEAD for peer in _STAGES] for member in _STAGES])
_READINESS_SHARE: Floats = np.array([READINESS_SHARE[readiness] for readiness in Readiness])


def topic_rows(topic: Topic, pool: Pool) -> tuple[Floats, Bytes]:
    """How well each peer knows a topic, from 0 to 1, and beside it WALKS and REFUSES."""
    slug, group, stage, ahead_only = topic
    known = pool.known
    same = known.slug == known.slugs.get(slug, -1)
    not_now = known.readiness == READINESS_AT[Readiness.NOT_NOW]
    refused = known.peer[same & not_now]
    willing = (same | (known.group == known.groups.get(group, -1))) & ~not_now
    if ahead_only:
        willing &= _AHEAD[STAGE_AT[stage]][known.stage]
    at = np.flatnonzero(willing)
    shares = _STANDING_SHARE[STAGE_AT[stage]][known.stage[at]] * _READINESS_SHARE[known.readiness[at]]
    shares[~same[at]] *= SIBLING_SHARE
    best, flags = np.zeros(len(pool)), np.zeros(len(pool), dtype=np.uint8)
    np.maximum.at(best, known.peer[at], shares)
    flags[known.peer[at[same[at]]]] = WALKS
    best[refused] = 0.0
    flags[refused] |= REFUSES
    return best, flags


def speaks(spoken: frozenset[str], pool: Pool) -> Bools:
    """Who speaks one of these languages."""
    row = np.zeros(len(pool), dtype=np.bool_)
    for language in spoken & pool.speakers.keys():
        row[pool.speakers[language]] = True
    return row


def enough(window: Window, pool: Pool) -> Bools:
    """Who is free often enough within these day parts."""
    zone, parts = window
    often: Bools = pool.times.counts[zone][:, told_parts(parts)].sum(axis=1) >= OPENINGS_NEEDED
    return often


def soon(window: Window, pool: Pool) -> Floats:
    """How soon each could meet within these day parts, from 0 to 1."""
    zone, parts = window
    soonest = pool.times.soonest[zone][:, told_parts(parts)].min(axis=1)
    share: Floats = np.clip((LATE.total_seconds() - soonest) / (LATE - SOON).total_seconds(), 0.0, 1.0)
    return share


def tellers(what: Said, pool: Pool) -> Bools:
    """Who told one of these values of themselves."""
    kind, values = what
    row = np.zeros(len(pool), dtype=np.bool_)
    for value in values:
        row[pool.told.get((kind, value), [])] = True
    return row
