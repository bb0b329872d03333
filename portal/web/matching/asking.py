"""An asking without a name as a peer reads it, and the same shown to the member before it is sent."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from portal.domain.experience import DayPart, Format, Stage, Style
from portal.queries.matching import AskedTopic, Asking, OfferLine
from portal.web.matching.words import (
    formats_words,
    languages_words,
    open_until_words,
    soonest_words,
    stage_words,
    styles_words,
    times_words,
    told_words,
    topic_words,
)

Row = dict[str, str]


def shown_asking(asking: Asking, zone: str) -> dict[str, object]:
    """Return what a peer reads of who asks."""
    facts = [
        (_("How they like to talk"), styles_words(asking.styles)),
        (_("Ways to meet you both like"), formats_words(asking.formats)),
        (_("Languages you share"), languages_words(asking.languages)),
        (_("When they are usually free"), times_words(asking.times)),
    ]
    return {
        "walk_id": asking.walk_id,
        "revision": asking.revision,
        "why": [told_words(told) for told in asking.why],
        "topics": _rows(asking.topics),
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "soonest": soonest_words(asking.soonest, zone),
        "chosen_together": asking.chosen_together,
        "open_until": open_until_words(asking.answer_by, zone),
    }


def shown_line(line: OfferLine) -> dict[str, object]:
    """Return what a peer reads of an asking without a name in a list."""
    return {"walk_id": line.walk_id, "topics": _rows(line.topics)}


def told_to_peers(topics: Iterable[AskedTopic], about: Mapping[str, Any]) -> list[Row]:
    """Return, for the member, all that peers who are asked may read of them."""
    styles, formats, times = (set(about.get(key) or ()) for key in ("styles", "formats", "times"))
    rows = [
        (_("How you like to talk"), styles_words(each for each in Style if each in styles)),
        (_("How to meet"), formats_words(each for each in Format if each in formats)),
        (_("Languages"), languages_words(about.get("languages") or ())),
        (_("When you are usually free"), times_words(each for each in DayPart if each in times)),
        (_("A first time"), _("The soonest that you and whoever reads it are both free")),
    ]
    return [*_rows(topics), *({"label": label, "value": value} for label, value in rows if value)]


def _rows(topics: Iterable[AskedTopic]) -> list[Row]:
    return [{"label": label, "value": stage_words(stage)} for label, stage in _told_once(topics)]


def _told_once(topics: Iterable[AskedTopic]) -> list[tuple[str, Stage]]:
    """Return what is shared, each line once: two tender topics in the same place would read like a mistake."""
    return list(dict.fromkeys((topic_words(topic), topic.stage) for topic in topics))
