"""All members as arrays, seen from a pool: whatever a member can say becomes the number of a row over all peers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portal.domain.experience import DayPart, WishKind
from portal.domain.matching.hill import RANK_POINTS
from portal.domain.matching.values import Member, MemberTopic, Place
from portal.engine.distance import degrees, kilometres
from portal.engine.numbers import (
    Bools,
    Bytes,
    Floats,
    Ints,
    Said,
    bools,
    floats,
    format_bits,
    ints,
    near_wishes,
    number,
    padded,
    said,
    several,
    style_bits,
)
from portal.engine.pool import Pool
from portal.engine.rows import STYLE_SHARE, Topic, Window, enough, soon, speaks, tellers, topic_rows
from portal.engine.times import told_parts

# The first rows of `met`: what nobody meets, and what everybody does.
NOBODY, EVERYBODY = 0, 1
# Up to 32 MB; beyond, distances are worked out for the pairs that need them.
MOST_DISTANCES = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class Asks:
    """The members in the order given. A field ending in `_at` holds, for each member, rows of the table after it.

    The first row of each table is for those who said nothing.
    """

    ids: Ints
    ranked: tuple[tuple[MemberTopic, ...], ...]
    zone_at: Ints
    told: tuple[tuple[int, ...], ...]
    # Topics by rank; `points` are the share of the whole hill that each is worth.
    topic_at: Ints
    points: Floats
    topic_shares: Floats
    topic_flags: Bytes
    language_at: Ints
    speaks: Bools
    formats: Ints
    window_at: Ints
    enough: Bools
    soon: Floats
    # Wishes, must-haves and what matters of the member's identity; `met` says which peers meet it.
    wish_at: Ints
    must_at: Ints
    likeness_at: Ints
    met: Bools
    wish_count: Ints
    likeness_count: Ints
    far_wishes: Ints
    far_must: Bools
    style_at: Ints
    styles: Ints
    own_style: Floats
    their_style: Floats
    # Which of the pool's wishes the member meets; the last column is "none".
    meets: Bools
    # The members' different places; kilometres from them to the peers', unless the table would be large.
    lat: Floats
    lon: Floats
    place_at: Ints
    km: Floats | None
    radius: Floats
    apart: Mapping[int, Ints]

    def __len__(self) -> int:
        return len(self.ids)


def encode_members(
    members: Sequence[Member], pool: Pool, times_told: Sequence[frozenset[DayPart]], zones: Sequence[str]
) -> Asks:
    """Turn members into arrays; `times_told` and `zones` have theirs in the same order, no day part is any time."""
    zone_of = {zone: at for at, zone in enumerate(pool.times.zones)}
    zone_at = [zone_of[zone] for zone in zones]
    ranked = tuple(member.ranked for member in members)
    styles = style_bits(member.styles for member in members)
    wishes = [near_wishes(member.wishes) for member in members]
    likenesses = [_likenesses(member) for member in members]

    # What is said gets its number first; then each different thing that was said gets its row.
    topics: dict[Topic, int] = {}
    topic_at = padded([[number(topics, _topic(named), 1) for named in of_one] for of_one in ranked], 0, at_least=1)
    of_topics = [topic_rows(topic, pool) for topic in topics]
    spoken: dict[frozenset[str], int] = {}
    language_at = ints(number(spoken, member.languages, 1) for member in members)
    windows: dict[Window, int] = {}
    window_at = ints(number(windows, window, 1) for window in zip(zone_at, times_told, strict=True))
    style_sets: dict[int, int] = {}
    style_at = ints(number(style_sets, style, 1) for style in styles.tolist())
    values: dict[Said, int] = {}

    def rows_of(what: Iterable[Said]) -> list[int]:
        return [number(values, one, EVERYBODY + 1) for one in what]

    wish_at = padded([rows_of(map(said, of_one)) for of_one in wishes], NOBODY)
    must_at = padded([rows_of(map(said, near_wishes(member.musts))) for member in members], EVERYBODY)
    likeness_at = padded([rows_of(of_one) for of_one in likenesses], NOBODY)
    places: dict[Place, int] = {}
    place_at = [None if member.place is None else number(places, member.place) for member in members]

    lat, lon = degrees(places)
    none, nothing = np.zeros(len(pool), dtype=np.bool_), np.zeros(len(pool))
    return Asks(
        ids=ints(member.id for member in members),
        ranked=ranked,
        zone_at=ints(zone_at),
        told=tuple(tuple(told_parts(parts)) for parts in times_told),
        topic_at=topic_at,
        points=_points(ranked, topic_at.shape[0]),
        topic_shares=np.stack([nothing, *(shares for shares, _ in of_topics)]),
        topic_flags=np.stack([np.zeros(len(pool), dtype=np.uint8), *(flags for _, flags in of_topics)]),
        language_at=language_at,
        speaks=np.stack([none, *(speaks(languages, pool) for languages in spoken)]),
        formats=format_bits(member.formats for member in members),
        window_at=window_at,
        enough=np.stack([none, *(enough(window, pool) for window in windows)]),
        soon=np.stack([nothing, *(soon(window, pool) for window in windows)]),
        wish_at=wish_at,
        must_at=must_at,
        likeness_at=likeness_at,
        met=np.stack([none, ~none, *(tellers(value, pool) for value in values)]),
        wish_count=ints(len(member.wishes) for member in members),
        likeness_count=ints(map(len, likenesses)),
        far_wishes=ints(len(member.wishes) - len(near) for member, near in zip(members, wishes, strict=True)),
        far_must=bools(_must_be_far(member) for member in members),
        style_at=style_at,
        styles=styles,
        own_style=np.stack([nothing, *(STYLE_SHARE[own, pool.styles] for own in style_sets)]),
        their_style=np.stack([nothing, *(STYLE_SHARE[pool.styles, own] for own in style_sets)]),
        meets=_meets(members, pool),
        lat=lat,
        lon=lon,
        place_at=ints(len(places) if at is None else at for at in place_at),
        km=_distances(lat, lon, pool),
        radius=floats(np.nan if member.radius_km is None else member.radius_km for member in members),
        apart=_apart(members, pool),
    )


def _topic(named: MemberTopic) -> Topic:
    return named.slug, named.group, named.stage, named.ahead_only


def _must_be_far(member: Member) -> bool:
    return any(wish.kind is WishKind.NOT_LOCAL for wish in member.musts)


def _points(ranked: Sequence[Sequence[MemberTopic]], ranks: int) -> Floats:
    points = np.zeros((ranks, len(ranked)))
    for column, topics in enumerate(ranked):
        whole = sum(RANK_POINTS[topic.rank] for topic in topics)
        points[: len(topics), column] = [RANK_POINTS[topic.rank] / whole for topic in topics]
    return points


def _likenesses(member: Member) -> list[Said]:
    kinds = dict.fromkeys(member.identity_matters)
    return [(kind, several(member.traits[kind])) for kind in kinds if member.traits.get(kind)]


def _meets(members: Sequence[Member], pool: Pool) -> Bools:
    told: dict[tuple[WishKind, str], list[int]] = defaultdict(list)
    for row, member in enumerate(members):
        for kind, value in member.traits.items():
            for one in several(value):
                told[kind, one].append(row)
    meets = np.zeros((len(members), len(pool.wishes) + 1), dtype=np.bool_)
    for column, (kind, values) in enumerate(pool.wishes):
        for value in values:
            meets[told.get((kind, value), []), column] = True
    return meets


def _distances(lat: Floats, lon: Floats, pool: Pool) -> Floats | None:
    if len(lat) * len(pool.lat) > MOST_DISTANCES:
        return None
    return kilometres(lat[:, None], lon[:, None], pool.lat, pool.lon)


def _apart(members: Sequence[Member], pool: Pool) -> dict[int, Ints]:
    apart = {}
    for row, member in enumerate(members):
        theirs = pool.kept_apart.get(member.id, ())
        own = [pool.index[peer_id] for peer_id in member.apart if peer_id in pool.index]
        if own or theirs:
            apart[row] = ints(sorted({*own, *theirs}))
    return apart
