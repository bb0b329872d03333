"""Random members, peers and times for the engine's tests, wide enough to meet every rule of the domain."""

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from hypothesis import strategies as st

from portal.domain.experience import YES, DayPart, Strength, WishKind
from portal.domain.matching.score import Part, Weights
from portal.domain.matching.values import Member, Peer, Wish
from portal.engine.asks import Asks, encode_members
from portal.engine.pool import Pool, encode_peers
from portal.engine.times import DAY_PARTS, Times
from tests.domain.matching_people import NOW, members, peers

ZONES = ("America/New_York", "Europe/Berlin")
FAR = Wish(WishKind.NOT_LOCAL, Strength.LIKE, YES)
# Several values in one, in another case, with spaces, or with nothing between the commas.
OWN_WORDS = ("Irish", "irish, Polish", " POLISH ,", ",", "")


@dataclass(frozen=True)
class Crowd:
    """Members with what they told of their time, peers, and when these are free."""

    members: tuple[Member, ...]
    told: tuple[frozenset[DayPart], ...]
    zones: tuple[str, ...]
    peers: tuple[Peer, ...]
    times: Times

    def encoded(self) -> tuple[Pool, Asks]:
        pool = encode_peers(self.peers, self.times)
        return pool, encode_members(self.members, pool, self.told, self.zones)


@st.composite
def times(draw: st.DrawFn, count: int) -> Times:
    """Mostly some openings in each part of the week, seldom none."""
    shape = (len(ZONES), count, len(DAY_PARTS))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    counts = random.choice([0, 0, 1, 2], size=shape)
    seconds = random.integers(0, 15 * 24 * 3600, size=shape).astype(np.float64)
    return Times(ZONES, counts, np.where(counts > 0, seconds, np.inf))


@st.composite
def some_member(draw: st.DrawFn, member_id: int) -> Member:
    member = draw(members())
    culture = Wish(WishKind.CULTURE, draw(st.sampled_from(Strength)), draw(st.sampled_from(OWN_WORDS)))
    far = replace(FAR, strength=draw(st.sampled_from(Strength)))
    return replace(
        member,
        id=member_id,
        wishes=member.wishes + draw(st.sampled_from([(), (), (culture,), (far,), (far, culture)])),
        traits={**member.traits, **draw(cultures)},
        identity_matters=member.identity_matters + draw(st.sampled_from([(), (WishKind.CULTURE,)])),
    )


@st.composite
def some_peer(draw: st.DrawFn, peer_id: int) -> Peer:
    peer = draw(peers(peer_id))
    culture = Wish(WishKind.CULTURE, Strength.LIKE, draw(st.sampled_from(OWN_WORDS)))
    confirmed = draw(
        st.sampled_from([NOW, NOW - timedelta(days=14), NOW - timedelta(days=14, microseconds=1)]) | st.none()
    )
    return replace(
        peer,
        wishes=peer.wishes + draw(st.sampled_from([(), (), (FAR,), (culture,), (culture, FAR)])),
        traits={**peer.traits, **draw(cultures)},
        readiness_confirmed_at=draw(st.sampled_from([peer.readiness_confirmed_at, NOW, confirmed])),
    )


@st.composite
def crowds(draw: st.DrawFn) -> Crowd:
    many = draw(st.integers(1, 4))
    everybody = tuple(draw(some_peer(peer_id)) for peer_id in range(101, 101 + draw(st.integers(0, 6))))
    return Crowd(
        members=tuple(draw(some_member(member_id)) for member_id in range(1, 1 + many)),
        told=tuple(draw(st.frozensets(st.sampled_from(DayPart), max_size=5)) for _ in range(many)),
        zones=tuple(draw(st.sampled_from(ZONES)) for _ in range(many)),
        peers=everybody,
        times=draw(times(len(everybody))),
    )


cultures = st.sampled_from([{}, *({WishKind.CULTURE: words} for words in OWN_WORDS)])
weights = st.dictionaries(st.sampled_from(Part), st.sampled_from([0.0, 0.5, 7.0, 40.0]) | st.floats(0.01, 100)).map(
    lambda parts: Weights("2", parts)
) | st.just(Weights())
