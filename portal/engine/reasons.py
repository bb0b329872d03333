"""The same suggestions as the domain's, with all their reasons, made from what the arrays have worked out."""

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
from portal.engine.pool import Floats, Pool
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
    asks: Asks, row: int, pool: Pool, weights: Weights, now: datetime, fits: Fits, chosen: list[int]
) -> tuple[Suggestion, ...]:
    """Return what domain `suggest` says of one member and the chosen of those who fit."""
    if not chosen:
        return ()
    peers = fits.peers[chosen]
    ids, stated = pool.ids[peers].tolist(), pool.stated[peers].tolist()
    soonest = pool.times.soonest[asks.zone_at[row]][peers][:, asks.told[row]].min(axis=1).tolist()
    own, theirs = _sides(asks, row, pool, weights, fits, chosen)
    ranked, member_id = asks.ranked[row], int(asks.ids[row])
    shares = asks.topic_shares[asks.topic_at[: len(ranked), row]][:, peers].T.tolist()
    return tuple(
        Suggestion(
            member_id=member_id,
            peer_id=peer_id,
            at=now,
            weights_version=weights.version,
            filters=PASSED,
            parts=own[at],
            theirs=theirs[at] if stated[at] else None,
            footings=tuple(map(_footing, ranked, shares[at])),
            soonest=now + timedelta(seconds=soonest[at]) if isfinite(soonest[at]) else None,
        )
        for at, peer_id in enumerate(ids)
    )


def _sides(
    asks: Asks, row: int, pool: Pool, weights: Weights, fits: Fits, chosen: list[int]
) -> tuple[list[Parts], list[Parts]]:
    peers = fits.peers[chosen]
    everybody, nobody = [True] * len(chosen), [False] * len(chosen)
    talk = pool.talks[peers].tolist() if asks.styles[row] else nobody
    wish = (pool.wish_count[peers] > 0).tolist()

    def part(which: Part, shares: Floats | float, counts: list[bool]) -> list[PartScore]:
        of = float(weights.parts.get(which, 0.0))
        values = [shares] * len(chosen) if isinstance(shares, float) else shares[chosen].tolist()
        return [PartScore(which, share if told else None, of) for share, told in zip(values, counts, strict=True)]

    hill = part(Part.HILL, fits.hill, everybody)
    asked = part(Part.ASKED, fits.asked, everybody if asks.wish_count[row] else nobody)
    style = part(Part.STYLE, fits.style, talk)
    identity = part(Part.IDENTITY, fits.identity, everybody if asks.likeness_count[row] else nobody)
    together = part(Part.TOGETHER, fits.together, everybody)
    room = part(Part.ROOM, pool.room[fits.peers], everybody)
    their_asked, their_style = part(Part.ASKED, fits.their_asked, wish), part(Part.STYLE, fits.their_style, talk)
    own = zip(hill, asked, style, identity, together, room, strict=True)
    theirs = zip(hill, their_asked, their_style, identity, together, room, strict=True)
    return list(own), list(theirs)


def _footing(named: MemberTopic, share: float) -> Footing:
    if not share:
        return Footing(named.slug, named.rank, named.tender, 0.0)
    sibling, standing, readiness = STEPS[share]
    return Footing(named.slug, named.rank, named.tender, share, sibling, standing, readiness)
