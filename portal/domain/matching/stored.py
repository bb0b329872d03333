"""A suggestion to and from plain JSON, so that it can be kept and read again exactly as it was."""

from datetime import datetime
from typing import Any

from portal.domain.experience import Readiness
from portal.domain.matching.explain import Suggestion
from portal.domain.matching.filters import Check, Filter
from portal.domain.matching.hill import Footing, Standing
from portal.domain.matching.score import Part, PartScore

Json = dict[str, Any]


def to_json(suggestion: Suggestion) -> Json:
    """The suggestion as a dict of plain values."""
    return {
        "member_id": suggestion.member_id,
        "peer_id": suggestion.peer_id,
        "at": suggestion.at.isoformat(),
        "weights_version": suggestion.weights_version,
        "filters": [_check(check) for check in suggestion.filters],
        "parts": [_part(part) for part in suggestion.parts],
        "theirs": None if suggestion.theirs is None else [_part(part) for part in suggestion.theirs],
        "footings": [_footing(footing) for footing in suggestion.footings],
        "soonest": None if suggestion.soonest is None else suggestion.soonest.isoformat(),
    }


def from_json(stored: Json) -> Suggestion:
    """The suggestion that `to_json` was given."""
    return Suggestion(
        member_id=stored["member_id"],
        peer_id=stored["peer_id"],
        at=datetime.fromisoformat(stored["at"]),
        weights_version=stored["weights_version"],
        filters=tuple(
            Check(Filter(check["filter"]), check["passed"], check["sentence"], check["words"])
            for check in stored["filters"]
        ),
        parts=_parts(stored["parts"]),
        theirs=None if stored["theirs"] is None else _parts(stored["theirs"]),
        footings=tuple(_read_footing(footing) for footing in stored["footings"]),
        soonest=None if stored["soonest"] is None else datetime.fromisoformat(stored["soonest"]),
    )


def parts_of(stored: Json) -> tuple[PartScore, ...]:
    """The parts of the member's side alone, where nothing else is asked of a suggestion."""
    return _parts(stored["parts"])


def _check(check: Check) -> Json:
    return {
        "filter": str(check.filter),
        "passed": check.passed,
        "sentence": check.sentence,
        "words": check.words,
    }


def _part(part: PartScore) -> Json:
    return {"part": str(part.part), "share": part.share, "of": part.of}


def _parts(stored: list[Json]) -> tuple[PartScore, ...]:
    return tuple(PartScore(Part(part["part"]), part["share"], part["of"]) for part in stored)


def _footing(footing: Footing) -> Json:
    return {
        "slug": footing.slug,
        "rank": footing.rank,
        "tender": footing.tender,
        "share": footing.share,
        "sibling": footing.sibling,
        "standing": None if footing.standing is None else str(footing.standing),
        "readiness": None if footing.readiness is None else str(footing.readiness),
    }


def _read_footing(stored: Json) -> Footing:
    return Footing(
        slug=stored["slug"],
        rank=stored["rank"],
        tender=stored["tender"],
        share=stored["share"],
        sibling=stored["sibling"],
        standing=None if stored["standing"] is None else Standing(stored["standing"]),
        readiness=None if stored["readiness"] is None else Readiness(stored["readiness"]),
    )
