"""A suggestion as a coordinator reads it: bars with their words, what would change it, the topics that are met."""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.domain.matching.explain import PART_WORDS, Suggestion, part_sentence
from portal.domain.matching.filters import Check
from portal.domain.matching.hill import Standing
from portal.domain.matching.score import Part
from portal.domain.matching.stored import from_json
from portal.models import PastSuggestion
from portal.models import Suggestion as SuggestionRow

MOST_CHANGES = 3


@dataclass(frozen=True)
class Bar:
    """One part of the fit; `share` is None where nothing was said about it."""

    part: Part
    words: str
    share: float | None
    points: float
    of: float
    sentence: str


@dataclass(frozen=True)
class WhyTopic:
    """One topic a member named, and how the peer stands to it; `standing` is None where it is not met."""

    name: str
    tender: bool
    rank: int
    standing: Standing | None
    sibling: bool


@dataclass(frozen=True)
class Why:
    """One peer suggested, as it stood when it was worked out."""

    peer_id: int
    name: str
    position: int
    rank: int | None
    made_at: datetime
    weights_version: str
    soonest: datetime | None
    bars: tuple[Bar, ...]
    changes: tuple[str, ...]
    topics: tuple[WhyTopic, ...]
    filters: tuple[Check, ...]
    asked_at: datetime | None
    closed: bool
    # When this peer offered before being asked by name: approving is then both yeses at once, while it counts.
    offered_at: datetime | None = None


def why_of(row: SuggestionRow, names: dict[str, str]) -> Why:
    """Return a stored suggestion (its peer loaded); `names` are the topics' names by slug."""
    found = _why(
        from_json(row.why),
        row.peer.name,
        names,
        position=row.position,
        rank=row.rank,
        asked_at=row.asked_at,
        closed=row.closed_at is not None,
    )
    return replace(found, offered_at=row.offered_at)


def why_before(row: PastSuggestion, names: dict[str, str]) -> Why:
    """Return how a peer (loaded) was suggested before, as it stood then."""
    return _why(
        from_json(row.why),
        row.peer.name,
        names,
        position=row.position,
        rank=None,
        asked_at=row.asked_at,
        closed=True,
    )


def why_now(suggestion: Suggestion, name: str, names: dict[str, str], position: int) -> Why:
    """Return one that was worked out just now and is stored nowhere."""
    return _why(suggestion, name, names, position=position, rank=None, asked_at=None, closed=False)


def _why(
    suggestion: Suggestion,
    name: str,
    names: dict[str, str],
    *,
    position: int,
    rank: int | None,
    asked_at: datetime | None,
    closed: bool,
) -> Why:
    return Why(
        peer_id=suggestion.peer_id,
        name=name,
        position=position,
        rank=rank,
        made_at=suggestion.at,
        weights_version=suggestion.weights_version,
        soonest=suggestion.soonest,
        bars=tuple(
            Bar(part.part, PART_WORDS[part.part], part.share, part.points, part.of, part_sentence(part))
            for part in suggestion.parts
        ),
        changes=tuple(change.sentence for change in suggestion.would_change[:MOST_CHANGES]),
        topics=tuple(
            WhyTopic(names.get(met.slug, ""), met.tender, met.rank, met.standing, met.sibling)
            for met in suggestion.footings
        ),
        filters=suggestion.filters,
        asked_at=asked_at,
        closed=closed,
    )
