"""The shortlist: at most three people who fit, closest first, and what holds most people back where there are fewer."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum

from portal.domain.experience import (
    DAY_PART_WORDS,
    FORMAT_WORDS,
    FROM_AFAR,
    IN_PERSON,
    WISH_KIND_WORDS,
    DayPart,
    Format,
)
from portal.domain.matching.explain import Suggestion, suggest
from portal.domain.matching.filters import OPENINGS_NEEDED, Filter, checks, fits, limits, shared_format
from portal.domain.matching.hill import knows_something_close
from portal.domain.matching.score import Weights
from portal.domain.matching.values import USUAL_KM, Member, Openings, Peer
from portal.domain.telling import LANGUAGE_WORDS
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
    DAY_PART = "day_part"
    LANGUAGE = "language"
    TOPIC = "topic"


LOOSENED_WORDS: dict[Loosened, str] = {
    Loosened.FROM_AFAR: N_(
        "Nobody can meet you in person just now. By phone or video, more people could walk with you."
    ),
    Loosened.MUST: N_("If “%(words)s” were a wish and not a must, more people could walk with you."),
    Loosened.FORMAT: N_("If this would do as well, more people could walk with you: %(words)s."),
    Loosened.DISTANCE: N_("If people could live a little further away, more of them could walk with you."),
    Loosened.HOURS: N_("A few more hours in the week would let more people walk with you."),
    Loosened.DAY_PART: N_("If you were also free on %(words)s, more people could walk with you."),
    Loosened.LANGUAGE: N_(
        "If you also speak %(words)s, more people could walk with you. "
        "If an interpreter would help, tell us in your own words; a coordinator reads it."
    ),
    Loosened.TOPIC: N_(
        "Some people who could walk with you know something close to what you named. If that would do, you can add it."
    ),
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
    Loosened.DAY_PART: N_("If the member were also free on %(words)s, more people could walk with them."),
    Loosened.LANGUAGE: N_(
        "If the member also spoke %(words)s, or had an interpreter, more people could walk with them."
    ),
    Loosened.TOPIC: N_("Some who could walk with the member know a topic of the same kind."),
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
class Hours:
    """The parts of the week a member told to be free in, and what each peer has open in every part."""

    told: frozenset[DayPart] = frozenset()
    by_part: Mapping[int, Mapping[DayPart, Openings]] = field(default_factory=dict)


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
    member: Member,
    peers: Sequence[Peer],
    openings: Mapping[int, Openings],
    now: datetime,
    hours: Hours | None = None,
) -> HeldBack | None:
    """The single thing whose loosening opens most peers; None where none opens any.

    Only whoever is held by one filter alone can be opened by one thing. To whoever only meets in person and has nobody
    near, phone and video are offered as one. With `hours` the part of the week is named whose adding opens most.
    """
    held = {peer.id: _held(member, peer, openings.get(peer.id, NO_OPENINGS), now) for peer in peers}
    alone = not any(not filters for filters in held.values())
    by_one = {which: [peer for peer in peers if held[peer.id] == {which}] for which in Filter}
    opened = [
        replace(what, opens=sum(passes(peer) for peer in by_one[which]))
        for what, which, passes in _loosenings(member, by_one, openings, hours or Hours(), alone=alone)
    ]
    if any(what.what is Loosened.DAY_PART and what.opens for what in opened):
        opened = [what for what in opened if what.what is not Loosened.HOURS]
    # max() keeps the first of equals, in the order in which the loosenings come.
    best = max(opened, key=lambda what: what.opens, default=None)
    return best if best is not None and best.opens > 0 else None


def _loosenings(
    member: Member,
    by_one: Mapping[Filter, Sequence[Peer]],
    openings: Mapping[int, Openings],
    hours: Hours,
    *,
    alone: bool,
) -> Iterator[tuple[HeldBack, Filter, Callable[[Peer], bool]]]:
    if alone and member.formats and member.formats <= IN_PERSON:
        yield _what(Loosened.FROM_AFAR), Filter.FORMAT, _meets(replace(member, formats=member.formats.union(FROM_AFAR)))
    for wish in member.musts:
        without = replace(member, wishes=tuple(other for other in member.wishes if other is not wish))
        what = _what(Loosened.MUST, str(wish.kind), WISH_KIND_WORDS[wish.kind])
        yield what, Filter.LIMITS, _keeps_to(without)
    for way in (way for way in Format if way not in member.formats):
        wider = replace(member, formats=member.formats | {way})
        yield _what(Loosened.FORMAT, str(way), FORMAT_WORDS[way]), Filter.FORMAT, _meets(wider)
    if member.place is not None and (member.radius_km or USUAL_KM) < FURTHEST_KM:
        yield _what(Loosened.DISTANCE), Filter.FORMAT, _meets(replace(member, radius_km=FURTHEST_KM))
    for part in (part for part in DayPart if hours.told and part not in hours.told):
        what = _what(Loosened.DAY_PART, str(part), DAY_PART_WORDS[part])
        yield what, Filter.OPENINGS, _has_time(part, openings, hours)
    yield _what(Loosened.HOURS), Filter.OPENINGS, lambda _peer: True
    for code in sorted({code for peer in by_one[Filter.LANGUAGE] for code in peer.languages}):
        what = _what(Loosened.LANGUAGE, code, LANGUAGE_WORDS.get(code, code))
        yield what, Filter.LANGUAGE, _speaks(code)
    yield _what(Loosened.TOPIC), Filter.TOPIC, lambda peer: knows_something_close(member, peer)


def _meets(wider: Member) -> Callable[[Peer], bool]:
    return lambda peer: shared_format(wider, peer).passed


def _keeps_to(without: Member) -> Callable[[Peer], bool]:
    return lambda peer: limits(without, peer).passed


def _has_time(part: DayPart, openings: Mapping[int, Openings], hours: Hours) -> Callable[[Peer], bool]:
    def common(peer: Peer) -> int:
        more = hours.by_part.get(peer.id, {}).get(part, NO_OPENINGS)
        return openings.get(peer.id, NO_OPENINGS).common_count + more.common_count

    return lambda peer: common(peer) >= OPENINGS_NEEDED


def _speaks(code: str) -> Callable[[Peer], bool]:
    return lambda peer: code in peer.languages


def _what(what: Loosened, value: str = "", words: str = "") -> HeldBack:
    return HeldBack(what, value, 0, LOOSENED_WORDS[what], words)


def _held(member: Member, peer: Peer, openings: Openings, now: datetime) -> frozenset[Filter]:
    return frozenset(check.filter for check in checks(member, peer, openings, now) if not check.passed)
