"""A made-up community of any size, the same for the same seed: members who ask and peers who offer, as domain values.

Ids run from 1 over the members and on over the peers. Nothing is written anywhere; `told`, `zones` and `weekly` are
what a database keeps beside a member and a peer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from portal.data.topics import catalogue
from portal.domain.experience import (
    YES,
    AgeBand,
    DayPart,
    Faith,
    Format,
    Gender,
    Readiness,
    Stage,
    Strength,
    Style,
    WishKind,
)
from portal.domain.matching.capacity import CAPACITY, Engagement
from portal.domain.matching.values import Member, MemberTopic, Peer, PeerTopic, Place, Wish
from portal.domain.slots import Hours, Policy, Window, local_date, open_slots
from portal.domain.towns import RADII
from portal.engine.times import Times, times_of

NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
# As a peer's profile has them unless the peer says otherwise; chats of half an hour are what matching counts.
POLICY = Policy(30, rest_before_minutes=15, rest_after_minutes=15, notice_minutes=12 * 60, horizon_days=28)

T = TypeVar("T")


class _Draw(Generic[T]):
    """One of several values, some more often than others."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self._values = tuple(weights)
        self._sums = tuple(accumulate(weights.values()))

    def one(self, random: Random) -> T:
        return random.choices(self._values, cum_weights=self._sums)[0]

    def some(self, random: Random, count: int) -> tuple[T, ...]:
        """`count` different values, or fewer where the same came up again."""
        return tuple(dict.fromkeys(random.choices(self._values, cum_weights=self._sums, k=count)))


@dataclass(frozen=True, slots=True)
class _Town:
    """A city with what lies around it."""

    lat: float
    lon: float
    zone: str


_EAST, _CENTRAL, _WEST = "America/New_York", "America/Chicago", "America/Los_Angeles"
_TOWN = _Draw(
    {
        _Town(40.7, -74.0, _EAST): 10,
        _Town(35.8, -78.6, _EAST): 6,
        _Town(33.7, -84.4, _EAST): 5,
        _Town(39.9, -75.2, _EAST): 4,
        _Town(41.9, -87.6, _CENTRAL): 6,
        _Town(29.8, -95.4, _CENTRAL): 5,
        _Town(44.9, -93.3, _CENTRAL): 2,
        _Town(34.1, -118.2, _WEST): 7,
        _Town(37.8, -122.3, _WEST): 4,
        _Town(47.6, -122.3, _WEST): 2,
    }
)
_TOPIC_COUNT = _Draw({1: 3, 2: 4, 3: 3})
_KNOWN_COUNT = _Draw({2: 3, 3: 5, 4: 5, 5: 4, 6: 2, 7: 1, 8: 1})
_STAGE = _Draw({Stage.MIDDLE: 8, Stage.FINDING: 6, Stage.STEADIER: 4, Stage.FURTHER: 1, Stage.UNSURE: 3})
_WALKED = _Draw({Stage.MIDDLE: 1, Stage.FINDING: 2, Stage.STEADIER: 8, Stage.FURTHER: 12, Stage.UNSURE: 1})
_READINESS = _Draw({Readiness.GLAD: 14, Readiness.LISTEN: 5, Readiness.NOT_NOW: 1})
_LANGUAGES = _Draw(
    {
        frozenset({"en"}): 80,
        frozenset({"en", "es"}): 10,
        frozenset({"es"}): 5,
        frozenset({"en", "fr"}): 2,
        frozenset({"en", "zh"}): 2,
        frozenset({"vi"}): 1,
    }
)
_FORMAT = _Draw({Format.PHONE: 8, Format.VIDEO: 6, Format.COFFEE: 5, Format.WALK: 3, Format.TEXT: 4})
_STYLE = _Draw(dict(zip(Style, (6, 5, 4, 3, 5, 4, 2), strict=True)))
_DAY_PART = _Draw(dict(zip(DayPart, (3, 3, 7, 1, 4, 4, 3, 1), strict=True)))
_RADIUS = _Draw({None: 4.0, **{float(km): 1.0 for km in RADII}})
_ENGAGEMENT = _Draw({Engagement.VOLUNTEER: 6, Engagement.PART_TIME: 3, Engagement.FULL_TIME: 1})
_CULTURES = ("Mexican", "Puerto Rican", "Vietnamese", "Black Southern", "Navajo", "Polish", "Korean", "Irish")
_TRAITS: dict[WishKind, tuple[float, _Draw[str]]] = {
    WishKind.GENDER: (0.8, _Draw({Gender.WOMAN: 6, Gender.MAN: 4, Gender.NON_BINARY: 0.5})),
    WishKind.AGE_BAND: (0.7, _Draw(dict(zip(map(str, AgeBand), (3, 5, 5, 4, 3, 2), strict=True)))),
    WishKind.LGBTQ: (0.1, _Draw({YES: 1})),
    WishKind.PARENT: (0.3, _Draw({YES: 1})),
    WishKind.VETERAN: (0.08, _Draw({YES: 1})),
    WishKind.CULTURE: (
        0.15,
        _Draw({**dict.fromkeys(_CULTURES, 1.0), "Mexican, Catholic": 1.0}),
    ),
    WishKind.FAITH: (0.3, _Draw({Faith.FAITH: 3, Faith.SECULAR: 2})),
}
_WISH = _Draw(
    {
        WishKind.GENDER: 8,
        WishKind.AGE_BAND: 5,
        WishKind.LGBTQ: 1,
        WishKind.PARENT: 3,
        WishKind.VETERAN: 1,
        WishKind.CULTURE: 1,
        WishKind.FAITH: 2,
        WishKind.NOT_LOCAL: 1,
    }
)
# When people keep an hour free: (weekday, minutes of the day).
_HOURS = _Draw(
    {
        **{(day, Window(18 * 60, 20 * 60 + 30)): 6.0 for day in range(5)},
        **{(day, Window(9 * 60, 11 * 60)): 3.0 for day in range(5)},
        **{(day, Window(12 * 60, 13 * 60)): 2.0 for day in range(5)},
        **{(day, Window(14 * 60, 16 * 60)): 2.0 for day in range(5)},
        **{(day, Window(21 * 60, 23 * 60)): 1.0 for day in range(7)},
        **{(day, Window(10 * 60, 12 * 60)): 4.0 for day in (5, 6)},
        **{(day, Window(15 * 60, 17 * 60)): 3.0 for day in (5, 6)},
    }
)
_HOURS_COUNT = _Draw({1: 2, 2: 4, 3: 3, 4: 1})


@dataclass(frozen=True)
class Community:
    """Members with the day parts they told (none is any time) and their zones; peers with their zones and hours."""

    members: tuple[Member, ...]
    told: tuple[frozenset[DayPart], ...]
    zones: tuple[str, ...]
    peers: tuple[Peer, ...]
    peer_zones: tuple[str, ...]
    # Peer id -> weekday (0 is Monday) -> windows in the peer's own zone.
    weekly: Mapping[int, Mapping[int, tuple[Window, ...]]]
    now: datetime = NOW

    @cached_property
    def times(self) -> Times:
        """When the peers are free, seen from the zones of the members."""
        starts = [
            sorted(
                start
                for weekday, windows in self.weekly[peer.id].items()
                for window in windows
                for start in _starts(zone, weekday, window)
            )
            for peer, zone in zip(self.peers, self.peer_zones, strict=True)
        ]
        return times_of(sorted(set(self.zones)), starts, self.now)


def community(members: int, peers: int, seed: int = 7) -> Community:
    """Make up a community; topics, towns and hours are as skewed as they are among people."""
    random = Random(seed)
    topics = _topics(random)
    those_who_ask = [_member(random, number, members, peers, topics) for number in range(1, members + 1)]
    those_who_offer = [_peer(random, members + number, members, topics) for number in range(1, peers + 1)]
    return Community(
        members=tuple(member for member, _, _ in those_who_ask),
        told=tuple(told for _, told, _ in those_who_ask),
        zones=tuple(zone for _, _, zone in those_who_ask),
        peers=tuple(peer for peer, _, _ in those_who_offer),
        peer_zones=tuple(zone for _, zone, _ in those_who_offer),
        weekly={peer.id: weekly for peer, _, weekly in those_who_offer},
    )


@cache
def _starts(zone: str, weekday: int, window: Window) -> tuple[datetime, ...]:
    # Windows never overlap and nothing is booked: a peer's openings are those of each window.
    today = local_date(NOW, zone)
    hours = Hours(zone, {weekday: (window,)}, {})
    slots = open_slots(hours, POLICY, (), today, today + timedelta(days=POLICY.horizon_days), NOW)
    return tuple(slot.starts_at for slot in slots)


@dataclass(frozen=True, slots=True)
class _Topic:
    slug: str
    group: str
    tender: bool
    ahead_only: bool


def _topics(random: Random) -> _Draw[_Topic]:
    delivered = [_Topic(topic.slug, topic.group, topic.tender, topic.ahead_only) for topic in catalogue().topics]
    random.shuffle(delivered)
    return _Draw({topic: 1 / place**0.7 for place, topic in enumerate(delivered, start=1)})


def _member(
    random: Random, member_id: int, members: int, peers: int, topics: _Draw[_Topic]
) -> tuple[Member, frozenset[DayPart], str]:
    town = _TOWN.one(random)
    named = topics.some(random, _TOPIC_COUNT.one(random))
    traits = _traits(random)
    ticked = [kind for kind in traits if random.random() < 0.2]
    member = Member(
        id=member_id,
        topics=tuple(
            MemberTopic(topic.slug, topic.group, rank, _STAGE.one(random), topic.ahead_only, topic.tender)
            for rank, topic in enumerate(named, start=1)
        ),
        wishes=_wishes(random, traits, 0.35),
        styles=_styles(random, 0.5),
        formats=frozenset(_FORMAT.some(random, random.randint(1, 4))),
        languages=_LANGUAGES.one(random),
        identity_matters=tuple(ticked),
        traits=traits,
        place=_place(random, town),
        radius_km=_RADIUS.one(random),
        apart=frozenset(random.randint(members + 1, members + peers) for _ in range(2) if random.random() < 0.005),
    )
    told = frozenset(_DAY_PART.some(random, random.randint(1, 4))) if random.random() < 2 / 3 else frozenset()
    return member, told, town.zone


def _peer(
    random: Random, peer_id: int, members: int, topics: _Draw[_Topic]
) -> tuple[Peer, str, dict[int, tuple[Window, ...]]]:
    town = _TOWN.one(random)
    traits = _traits(random)
    capacity = CAPACITY[_ENGAGEMENT.one(random)]
    confirmed = NOW - timedelta(days=random.randint(15, 60) if random.random() < 0.05 else random.randint(0, 13))
    peer = Peer(
        id=peer_id,
        topics=tuple(
            PeerTopic(topic.slug, topic.group, _WALKED.one(random), _READINESS.one(random))
            for topic in topics.some(random, _KNOWN_COUNT.one(random))
        ),
        traits=traits,
        wishes=_wishes(random, traits, 0.15),
        styles=_styles(random, 0.4),
        formats=frozenset(_FORMAT.some(random, random.randint(2, 5))),
        languages=_LANGUAGES.one(random),
        place=_place(random, town),
        radius_km=_RADIUS.one(random),
        apart=frozenset({random.randint(1, max(1, members))} if random.random() < 0.01 else ()),
        approved=random.random() < 0.97,
        agreed=random.random() < 0.98,
        resting=random.random() < 0.05,
        readiness_confirmed_at=confirmed,
        capacity_units=capacity,
        units_used=min(capacity, int(random.betavariate(1, 2) * (capacity + 1))),
        waiting_since=None if random.random() < 0.1 else NOW - timedelta(minutes=random.randint(0, 60 * 24 * 60)),
    )
    weekly: dict[int, tuple[Window, ...]] = {}
    for weekday, window in sorted(
        _HOURS.some(random, _HOURS_COUNT.one(random)), key=lambda hour: (hour[0], hour[1].starts)
    ):
        if not any(window.starts < other.ends for other in weekly.get(weekday, ())):
            weekly[weekday] = (*weekly.get(weekday, ()), window)
    return peer, town.zone, weekly


def _traits(random: Random) -> dict[WishKind, str]:
    return {kind: str(draw.one(random)) for kind, (share, draw) in _TRAITS.items() if random.random() < share}


def _wishes(random: Random, traits: Mapping[WishKind, str], share: float) -> tuple[Wish, ...]:
    if random.random() >= share:
        return ()
    return tuple(
        Wish(kind, Strength.MUST if random.random() < 0.2 else Strength.LIKE, _wished(random, kind, traits))
        for kind in _WISH.some(random, random.randint(1, 2))
    )


def _wished(random: Random, kind: WishKind, traits: Mapping[WishKind, str]) -> str:
    if kind is WishKind.NOT_LOCAL:
        return YES
    if kind in traits and random.random() < 0.7:
        return traits[kind]
    values = {str(_TRAITS[kind][1].one(random)) for _ in range(random.randint(1, 2))}
    return ",".join(sorted(values))


def _styles(random: Random, nothing: float) -> frozenset[Style]:
    return frozenset() if random.random() < nothing else frozenset(_STYLE.some(random, random.randint(1, 3)))


def _place(random: Random, town: _Town) -> Place | None:
    if random.random() < 0.15:
        return None
    return Place(round(random.gauss(town.lat, 0.15), 1), round(random.gauss(town.lon, 0.15), 1))
