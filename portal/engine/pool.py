"""All peers as arrays: what does not depend on who asks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from portal.domain.experience import WishKind
from portal.domain.matching.capacity import UNITS, Phase, has_room
from portal.domain.matching.filters import READY_FOR
from portal.domain.matching.score import room_share
from portal.domain.matching.shortlist import NEVER_WAITED
from portal.domain.matching.values import Peer, Place
from portal.engine.distance import degrees
from portal.engine.numbers import (
    ALL_FORMATS,
    READINESS_AT,
    STAGE_AT,
    Bools,
    Floats,
    Ints,
    Said,
    bools,
    floats,
    format_bits,
    ints,
    microseconds,
    near_wishes,
    number,
    padded,
    said,
    several,
    style_bits,
)
from portal.engine.times import Times

NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Each topic of each peer, one after the other: whose it is, and numbers for what it says."""

    peer: Ints
    slug: Ints
    group: Ints
    stage: Ints
    readiness: Ints
    slugs: Mapping[str, int]
    groups: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The peers in the order given. `matches_left` is how many new matches still fit into their capacity."""

    times: Times
    ids: Ints
    index: Mapping[int, int]
    matches_left: Ints
    # Microseconds since 1970 up to which somebody may be asked; NEVER for whoever is not approved, has not signed,
    # rests, or has no room.
    able_until: Ints
    room: Floats
    # The place in the queue of those who wait: first the longest waiting, then the lower id.
    turn: Ints
    known: Known
    speakers: Mapping[str, Sequence[int]]
    # By the formats of a member (bits): whether a peer shares one.
    shares_format: Bools
    styles: Ints
    talks: Bools
    # (kind, value) -> the peers who told it of themselves.
    told: Mapping[tuple[WishKind, str], Sequence[int]]
    # The different wishes of peers, and by place and peer which of them it is; the number after the last is "none".
    wishes: tuple[Said, ...]
    wish_at: Ints
    wish_count: Ints
    # "Not someone local".
    far_wishes: Ints
    stated: Bools
    # The different places; the number after the last is "not known".
    lat: Floats
    lon: Floats
    place_at: Ints
    radius: Floats
    kept_apart: Mapping[int, Sequence[int]]

    def __len__(self) -> int:
        return len(self.ids)

    def able(self, now: datetime) -> Bools:
        """Who is active and has room for a new match: the filters that no member changes."""
        able: Bools = self.able_until >= microseconds(now)
        return able


def encode_peers(peers: Sequence[Peer], times: Times) -> Pool:
    """Turn peers into arrays; `times` has them in the same order."""
    speakers: dict[str, list[int]] = defaultdict(list)
    told: dict[tuple[WishKind, str], list[int]] = defaultdict(list)
    kept_apart: dict[int, list[int]] = defaultdict(list)
    places: dict[Place, int] = {}
    wishes: dict[Said, int] = {}
    wished: list[list[int]] = []
    for at, peer in enumerate(peers):
        for language in peer.languages:
            speakers[language].append(at)
        for kind, value in peer.traits.items():
            for one in several(value):
                told[kind, one].append(at)
        for member_id in peer.apart:
            kept_apart[member_id].append(at)
        if peer.place is not None:
            number(places, peer.place)
        wished.append([number(wishes, said(wish)) for wish in near_wishes(peer.wishes)])
    waiting = ints(microseconds(peer.waiting_since or NEVER_WAITED) for peer in peers)
    ids = ints(peer.id for peer in peers)
    left = ints(peer.capacity_units - peer.units_used for peer in peers) // UNITS[Phase.NEW]
    styles = style_bits(peer.styles for peer in peers)
    far_wishes = ints(len(peer.wishes) - len(near) for peer, near in zip(peers, wished, strict=True))
    lat, lon = degrees(places)
    return Pool(
        times=times,
        ids=ids,
        index={peer.id: at for at, peer in enumerate(peers)},
        matches_left=np.maximum(left, 0),
        able_until=ints(map(_able_until, peers)),
        room=floats(map(room_share, peers)),
        turn=_places_in(np.lexsort((ids, waiting))),
        known=_known(peers),
        speakers=speakers,
        shares_format=_shares_format(format_bits(peer.formats for peer in peers)),
        styles=styles,
        talks=styles > 0,
        told=told,
        wishes=tuple(wishes),
        wish_at=padded(wished, len(wishes)),
        wish_count=ints(len(peer.wishes) for peer in peers),
        far_wishes=far_wishes,
        stated=bools(bool(peer.wishes or peer.styles) for peer in peers),
        lat=lat,
        lon=lon,
        place_at=ints(len(places) if peer.place is None else places[peer.place] for peer in peers),
        radius=floats(np.nan if peer.radius_km is None else peer.radius_km for peer in peers),
        kept_apart=kept_apart,
    )


def _able_until(peer: Peer) -> int:
    if not peer.approved or not peer.agreed or peer.resting or peer.readiness_confirmed_at is None:
        return NEVER
    if not has_room(peer.capacity_units, peer.units_used):
        return NEVER
    return microseconds(peer.readiness_confirmed_at + READY_FOR)


def _places_in(order: NDArray[np.intp]) -> Ints:
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places


def _shares_format(formats: Ints) -> Bools:
    shared: Bools = (np.arange(ALL_FORMATS)[:, None] & formats) != 0
    return shared


def _known(peers: Sequence[Peer]) -> Known:
    slugs: dict[str, int] = {}
    groups: dict[str, int] = {}
    rows = [
        (
            at,
            number(slugs, topic.slug),
            number(groups, topic.group),
            STAGE_AT[topic.stage],
            READINESS_AT[topic.readiness],
        )
        for at, peer in enumerate(peers)
        for topic in peer.topics
    ]
    peer, slug, group, stage, readiness = np.array(rows, dtype=np.int64).reshape(-1, 5).T.copy()
    return Known(peer, slug, group, stage, readiness, slugs, groups)
