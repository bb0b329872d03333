"""The shortlist: at most three people who fit, closest first, and what holds most people back where there are fewer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from portal.domain.experience import FORMAT_WORDS, FROM_AFAR, IN_PERSON, WISH_KIND_WORDS, Format
from portal.domain.matching.explain import Suggestion, suggest
from portal.domain.matching.filters import OPENINGS_NEEDED, checks, fits
from portal.domain.matching.score import Weights
from portal.domain.matching.values import USUAL_KM, Member, Openings, Peer
from portal.domain.towns import RADII
from portal.domain.words import N_

CARDS = 3
FURTHEST_KM = float(max(RADII))
NO_OPENINGS = Openings()
NEVER_WAITED = datetime.max.replace(tzinfo=UTC)
# Two totals this near are a tie for a human, whatever the last binary digits say.
TIE_DIGITS = 6


class Loosened(StrEnum):
    """What a member could loosen."""

    FROM_AFAR = "from_afar"
    MUST = "must"
    FORMAT = "format"
    DISTANCE = "distance"
    HOURS = "hours"


LOOSENED_WORDS: dict[Loosened, str] = {
    Loosened.FROM_AFAR: N_(
        "Nobody can meet you in person just now. By phone or video, more people could walk with you."
    ),
    Loosened.MUST: N_("If “%(words)s” were a wish and not a must, more people could walk with you."),
    Loosened.FORMAT: N_("If this would do as well, more people could walk with you: %(words)s."),
    Loosened.DISTANCE: N_("If people could live a little further away, more of them could walk with you."),
    Loosened.HOURS: N_("A few more hours in the week would let more people walk with you."),
}
# The same, said about the member to a coordinator.
LOOSENED_ABOUT: dict[Loosened, str] = {
    Loosened.FROM_AFAR: N_(
        "Nobody can meet the member in person just now. By phone or video, more people could walk with them."
    ),
    Loosened.MUST: N_("If “%(words)s” were a wish and not a must, more people could walk with the member."),
    Loosened.FORMAT: N_("If this would do for the member as well, more people could walk with them: %(words)s."),
    Loosened.DISTANCE: N_("If people could live a little further away, more of them could walk with the member."),
    Loosened.HOURS: N_("A few more common hours in the week would let more people walk with the member."),
}


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The one thing whose loosening opens most people: `opens` more of them; `words` to translate into `sentence`."""

    what: Loosened
    value: str
    opens: int
    sentence: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """At most `count` suggestions, the runner-up for the coordinator, and what holds people back, if few are left."""

    suggestions: tuple[Suggestion, ...]
    runner_up: Suggestion | None = None
    held_back: HeldBack | None = None


def shortlist(
    member: Member,
    peers: Iterable[Peer],
    openings: Mapping[int, Openings],
    weights: Weights,
    now: datetime,
    count: int = CARDS,
) -> Shortlist:
    """The closest `count` peers who pass every filter; `openings` by peer id, a peer missing there has none.

    Ties go to the peer who has waited longest, then to the lower id, so that the order never depends on the input's.
    """
    everyone = tuple(peers)
    able = [peer for peer in everyone if fits(checks(member, peer, openings.get(peer.id, NO_OPENINGS), now))]
    ranked = sorted(
        ((suggest(member, peer, openings.get(peer.id, NO_OPENINGS), weights, now), peer) for peer in able),
        key=lambda pair: (-round(pair[0].score, TIE_DIGITS), pair[1].waiting_since or NEVER_WAITED, pair[1].id),
    )
    found = tuple(suggestion for suggestion, _ in ranked)
    return Shortlist(
        suggestions=found[:count],
        runner_up=found[count] if len(found) > count else None,
        held_back=held_back(member, everyone, openings, now) if len(found) < count else None,
    )


def held_back(
    member: Member, peers: Sequence[Peer], openings: Mapping[int, Openings], now: datetime
) -> HeldBack | None:
    """The single must-have, format, distance or hours whose loosening opens most peers; None where none opens any.

    To whoever only meets in person and has nobody near, phone and video are offered as one.
    """
    today = _able(member, peers, openings, now)
    opened = (
        replace(what, opens=_able(looser, peers, hours, now) - today)
        for what, looser, hours in _loosenings(member, peers, openings, alone=not today)
    )
    # max() keeps the first of equals: phone and video, must-haves in the member's order, then formats, distance, hours.
    best = max(opened, key=lambda what: what.opens, default=None)
    return best if best is not None and best.opens > 0 else None


def _loosenings(
    member: Member, peers: Sequence[Peer], openings: Mapping[int, Openings], *, alone: bool
) -> Iterator[tuple[HeldBack, Member, Mapping[int, Openings]]]:
    if alone and member.formats and member.formats <= IN_PERSON:
        yield _what(Loosened.FROM_AFAR), replace(member, formats=member.formats.union(FROM_AFAR)), openings
    for wish in member.musts:
        without = tuple(other for other in member.wishes if other is not wish)
        yield (
            _what(Loosened.MUST, str(wish.kind), WISH_KIND_WORDS[wish.kind]),
            replace(member, wishes=without),
            openings,
        )
    for way in (way for way in Format if way not in member.formats):
        wider = replace(member, formats=member.formats | {way})
        yield _what(Loosened.FORMAT, str(way), FORMAT_WORDS[way]), wider, openings
    if member.place is not None and (member.radius_km or USUAL_KM) < FURTHEST_KM:
        yield _what(Loosened.DISTANCE), replace(member, radius_km=FURTHEST_KM), openings
    freer = {peer.id: _freer(openings.get(peer.id, NO_OPENINGS)) for peer in peers}
    yield _what(Loosened.HOURS), member, freer


def _what(what: Loosened, value: str = "", words: str = "") -> HeldBack:
    return HeldBack(what, value, 0, LOOSENED_WORDS[what], words)


def _freer(openings: Openings) -> Openings:
    return replace(openings, common_count=max(openings.common_count, OPENINGS_NEEDED))


def _able(member: Member, peers: Sequence[Peer], openings: Mapping[int, Openings], now: datetime) -> int:
    return sum(fits(checks(member, peer, openings.get(peer.id, NO_OPENINGS), now)) for peer in peers)
