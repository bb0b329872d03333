"""The same suggestions as the domain's, with all their reasons, made from what the arrays have worked out."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import isfinite

from portal.domain.experience import Format, Readiness, Stage
from portal.domain.matching.capacity import UNITS, Phase
from portal.domain.matching.explain import Suggestion
from portal.domain.matching.filters import OPENINGS_NEEDED, Check, checks
from portal.domain.matching.hill import READINESS_SHARE, SIBLING_SHARE, STANDING_SHARE, Footing, Standing
from portal.domain.matching.score import Part, PartScore, Weights
from portal.domain.matching.values import Member, MemberTopic, Openings, Peer, PeerTopic
from portal.engine.asks import Asks
from portal.engine.numbers import Floats, Ints
from portal.engine.pool import Pool
from portal.engine.score import Fits

Parts = tuple[PartScore, ...]


def _passed() -> tuple[Check, ...]:
    now, formats, languages = datetime(2026, 1, 1, tzinfo=UTC), frozenset({Format.PHONE}), frozenset({"en"})
    asks = Member(1, topics=(MemberTopic("", "", 1, Stage.MIDDLE),), formats=formats, languages=languages)
    offers = Peer(
        2,
        topics=(PeerTopic("", "", Stage.FURTHER, Readiness.GLAD),),
        formats=formats,
        languages=languages,
        approved=True,
        agreed=True,
        readiness_confirmed_at=now,
        capacity_units=UNITS[Phase.NEW],
    )
    return checks(asks, offers, Openings(OPENINGS_NEEDED), now)


# What the filters say of two people who fit: the same for everybody.
PASSED: tuple[Check, ...] = _passed()
# Each share that a topic can give and how it comes about; no two come to the same share.
STEPS: dict[float, tuple[bool, Standing, Readiness]] = {
    STANDING_SHARE[standing] * READINESS_SHARE[readiness] * (SIBLING_SHARE if sibling else 1.0): (
        sibling,
        standing,
        readiness,
    )
    for standing in Standing
    for readiness in (Readiness.GLAD, Readiness.LISTEN)
    for sibling in (False, True)
}


def suggestions(
    asks: Asks, row: int, pool: Pool, weights: Weights, now: datetime, fits: Fits, chosen: Ints
) -> tuple[Suggestion, ...]:
    """Return what domain `suggest` says of one member and the chosen of those who fit (places among them)."""
    if not len(chosen):
        return ()
    peers = fits.peers[chosen]
    soonest = pool.times.soonest[asks.zone_at[row]][peers][:, asks.told[row]].min(axis=1)
    ranked, member_id = asks.ranked[row], int(asks.ids[row])
    shares = asks.topic_shares[asks.topic_at[: len(ranked), row]][:, peers]
    own, theirs = _sides(asks, row, pool, weights, fits, chosen)
    return tuple(
        Suggestion(
            member_id,
            peer_id,
            now,
            weights.version,
            PASSED,
            parts,
            other_parts if stated else None,
            tuple(map(_footing, ranked, of_topics)),
            now + timedelta(seconds=seconds) if isfinite(seconds) else None,
        )
        for peer_id, parts, other_parts, stated, of_topics, seconds in zip(
            pool.ids[peers].tolist(),
            own,
            theirs,
            pool.stated[peers].tolist(),
            shares.T.tolist(),
            soonest.tolist(),
            strict=True,
        )
    )


def _sides(
    asks: Asks, row: int, pool: Pool, weights: Weights, fits: Fits, chosen: Ints
) -> tuple[Iterable[Parts], Iterable[Parts]]:
    peers = fits.peers[chosen]
    everybody = [True] * len(chosen)

    def part(which: Part, shares: Floats | float, counts: list[bool] | None) -> list[PartScore]:
        of = float(weights.parts.get(which, 0.0))
        if counts is None or isinstance(shares, float):
            return [PartScore(which, None, of)] * len(chosen)
        values = shares[chosen].tolist()
        return [PartScore(which, share if told else None, of) for share, told in zip(values, counts, strict=True)]

    def told(count: int) -> list[bool] | None:
        return everybody if count else None

    hill = part(Part.HILL, fits.hill, everybody)
    identity = part(Part.IDENTITY, fits.identity, told(asks.likeness_count[row]))
    together = part(Part.TOGETHER, fits.together, everybody)
    room = part(Part.ROOM, fits.room, everybody)
    asked = part(Part.ASKED, fits.asked, told(asks.wish_count[row]))
    their_asked = part(Part.ASKED, fits.their_asked, (pool.wish_count[peers] > 0).tolist())
    talk = pool.talks[peers].tolist() if asks.styles[row] else None
    style, their_style = part(Part.STYLE, fits.style, talk), part(Part.STYLE, fits.their_style, talk)
    return (
        zip(hill, asked, style, identity, together, room, strict=True),
        zip(hill, their_asked, their_style, identity, together, room, strict=True),
    )


def _footing(named: MemberTopic, share: float) -> Footing:
    if not share:
        return Footing(named.slug, named.rank, named.tender, 0.0)
    sibling, standing, readiness = STEPS[share]
    return Footing(named.slug, named.rank, named.tender, share, sibling, standing, readiness)
