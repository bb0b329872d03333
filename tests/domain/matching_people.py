"""A member and a peer who fit in every way, and random ones, for the tests of matching."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from portal.domain.experience import YES, Faith, Format, Gender, Readiness, Stage, Strength, Style, WishKind
from portal.domain.matching.values import Member, MemberTopic, Openings, Peer, PeerTopic, Place, Wish

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SOON = Openings(common_count=4, soonest=NOW + timedelta(days=1))

GRIEF = MemberTopic("grief-partner", "grief", 1, Stage.MIDDLE, tender=False)
LOW_MOOD = MemberTopic("low-mood", "mood", 2, Stage.FINDING, tender=False)
JOB_LOSS = MemberTopic("job-loss", "work", 3, Stage.FURTHER, tender=False)

TOWN = Place(50.0, 10.0)
# One degree of latitude is 6371 * pi / 180 = 111.19 km.
NEXT_TOWN = Place(50.1, 10.0)
NEIGHBOUR_TOWN = Place(50.3, 10.0)
FAR_TOWN = Place(51.0, 10.0)

MEMBER = Member(
    id=1, topics=(GRIEF,), formats=frozenset({Format.PHONE, Format.COFFEE}), languages=frozenset({"en", "es"})
)
PEER = Peer(
    id=101,
    topics=(PeerTopic("grief-partner", "grief", Stage.FURTHER, Readiness.GLAD),),
    formats=frozenset({Format.PHONE, Format.COFFEE}),
    languages=frozenset({"en"}),
    approved=True,
    agreed=True,
    readiness_confirmed_at=NOW - timedelta(days=2),
    capacity_units=6,
    waiting_since=NOW - timedelta(days=5),
)


def member(**changes: Any) -> Member:
    """The fitting member, changed."""
    return replace(MEMBER, **changes)


def peer(**changes: Any) -> Peer:
    """The fitting peer, changed."""
    return replace(PEER, **changes)


def must(kind: WishKind, value: str = YES) -> Wish:
    return Wish(kind, Strength.MUST, value)


def like(kind: WishKind, value: str = YES) -> Wish:
    return Wish(kind, Strength.LIKE, value)


TOPICS = [("grief-partner", "grief"), ("grief-parent", "grief"), ("low-mood", "mood"), ("anxiety", "mood")]
TRAIT_VALUES = {
    WishKind.GENDER: [*map(str, Gender)],
    WishKind.FAITH: [*map(str, Faith)],
    WishKind.VETERAN: [YES],
    WishKind.PARENT: [YES],
}
kinds = st.sampled_from(list(TRAIT_VALUES))
wishes = kinds.flatmap(
    lambda kind: st.builds(Wish, st.just(kind), st.sampled_from(Strength), st.sampled_from(TRAIT_VALUES[kind]))
)
some_wishes = st.lists(wishes, max_size=3).map(tuple)
traits = st.fixed_dictionaries({}, optional={kind: st.sampled_from(values) for kind, values in TRAIT_VALUES.items()})
# Near and far both come up often: half of the places lie within some kilometres of one another.
places = st.none() | st.builds(Place, st.floats(49, 52), st.floats(9, 12)) | st.sampled_from([TOWN, NEXT_TOWN])
radii = st.none() | st.floats(0, 300)
styles = st.frozensets(st.sampled_from(Style), max_size=4)
formats = st.frozensets(st.sampled_from(Format), min_size=1)
languages = st.frozensets(st.sampled_from(["en", "es"]), min_size=1)


@st.composite
def members(draw: st.DrawFn) -> Member:
    named = draw(st.lists(st.sampled_from(TOPICS), unique=True, max_size=4))
    return Member(
        id=1,
        topics=tuple(
            MemberTopic(slug, group, rank, draw(st.sampled_from(Stage)), draw(st.booleans()), draw(st.booleans()))
            for rank, (slug, group) in enumerate(named, start=1)
        ),
        wishes=draw(some_wishes),
        styles=draw(styles),
        formats=draw(formats),
        languages=draw(languages),
        identity_matters=tuple(draw(st.lists(kinds, max_size=2))),
        traits=draw(traits),
        place=draw(places),
        radius_km=draw(radii),
        apart=draw(st.frozensets(st.integers(100, 110), max_size=2)),
    )


@st.composite
def peers(draw: st.DrawFn, peer_id: int = 101) -> Peer:
    known = draw(st.lists(st.sampled_from(TOPICS), unique=True, max_size=4))
    mostly = st.sampled_from([True, True, True, False])
    return Peer(
        id=peer_id,
        topics=tuple(
            PeerTopic(slug, group, draw(st.sampled_from(Stage)), draw(st.sampled_from(Readiness)))
            for slug, group in known
        ),
        traits=draw(traits),
        wishes=draw(some_wishes),
        styles=draw(styles),
        formats=draw(formats),
        languages=draw(languages),
        place=draw(places),
        radius_km=draw(radii),
        apart=draw(st.frozensets(st.integers(1, 3), max_size=1)),
        approved=draw(mostly),
        agreed=draw(mostly),
        resting=not draw(mostly),
        readiness_confirmed_at=draw(st.none() | st.just(NOW - timedelta(days=1)) | st.just(NOW - timedelta(days=15))),
        capacity_units=draw(st.integers(0, 30)),
        units_used=draw(st.integers(0, 12)),
        waiting_since=draw(st.none() | st.integers(0, 30).map(lambda days: NOW - timedelta(days=days))),
    )


@st.composite
def crowds(draw: st.DrawFn) -> tuple[Peer, ...]:
    """Up to eight peers with different ids."""
    return tuple(draw(peers(peer_id)) for peer_id in range(101, 101 + draw(st.integers(0, 8))))


openings = st.builds(
    Openings, st.integers(0, 5), st.none() | st.integers(0, 20).map(lambda days: NOW + timedelta(days=days))
)
