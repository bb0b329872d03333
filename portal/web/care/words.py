"""Waits, concerns and reasons as words for a coordinator."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.domain.care import CONCERN_WORDS, Concern, concerns, why_not
from portal.domain.matching.explain import PART_WORDS
from portal.domain.matching.score import PartScore
from portal.domain.matching.wellbeing import Load
from portal.domain.words import N_
from portal.queries import notice as notice_queries
from portal.queries.care import Carer
from portal.queries.matching import AskedTopic, Bar, Waiting, Why, WhyTopic
from portal.web.times import when_words, zone_words

# A page of many rows looks up each sentence once: it brings what it has found so far.
Say = Callable[[str], str]
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
STRONGEST = 2
NO_BREAK = "\u00a0"
NO_LETTER_TO_MEMBER = N_("No letter goes to the member: reach them in the way they said is safe.")
NO_LETTER_TO_PEER = N_("No letter goes to them: reach them in the way they said is safe.")


def waited_words(waited: timedelta) -> str:
    """Return "9 days", "5 hours" or "just now"."""
    if waited < HOUR:
        return str(_("just now"))
    if waited < DAY:
        words = ngettext("%(num)d hour", "%(num)d hours", waited // HOUR)
    else:
        words = ngettext("%(num)d day", "%(num)d days", waited // DAY)
    return str(words).replace(" ", NO_BREAK)


def zone_line(zone: str) -> str:
    """Return in whose time a coordinator's page tells days and hours: their own account's."""
    return str(_("Days and hours here are in %(zone)s.", zone=zone_words(zone)))


def with_no_letter(done: str, person_id: int | None, no_letter: str = NO_LETTER_TO_MEMBER) -> str:
    """Return what was done, and that no letter goes out where this person may not be written to."""
    if person_id is None or notice_queries.may_be_written_to(person_id):
        return done
    return f"{done} {_(no_letter)}"


def concerns_of(waiting: Waiting, *, is_quiet: bool, now: datetime) -> tuple[Concern, ...]:
    """Return why somebody should look at this walk."""
    return concerns(
        due=waiting.due,
        late=waiting.late,
        too_long=waiting.too_long,
        wants_note=waiting.wants_note,
        is_quiet=is_quiet,
        now=now,
    )


def concern_words(found: tuple[Concern, ...], say: Say = _) -> list[str]:
    """Return each concern in words."""
    return [str(say(CONCERN_WORDS[concern])) for concern in found]


def why_line(parts: Iterable[Bar | PartScore], say: Say = _) -> str:
    """Return what speaks most for a pair in one line."""
    given = sorted((part for part in parts if part.points > 0), key=lambda part: -part.points)
    first, *others = [str(say(PART_WORDS[part.part])) for part in given[:STRONGEST]] or [""]
    return ", ".join([first, *(words[:1].lower() + words[1:] for words in others)])


def bar_rows(why: Why) -> list[dict[str, object]]:
    """Return the parts of a fit as the kit draws them."""
    return [
        {
            "label": _(bar.words) if bar.share is not None else _("%(part)s (nothing was said)", part=_(bar.words)),
            "value": bar.share or 0,
            "words": _(bar.sentence),
        }
        for bar in why.bars
    ]


def fit_shown(why: Why, zone: str, *, opened: bool) -> dict[str, Any]:
    """Return one fit as templates/care/_fit.html draws it; tender topics keep their names unless opened."""
    return {
        "peer_id": why.peer_id,
        "name": why.name,
        "line": why_line(why.bars),
        "bars": bar_rows(why),
        "changes": [_(sentence) for sentence in why.changes],
        "filters": [_(check.sentence, words=_(check.words) if check.words else "") for check in why.filters],
        "topics": list(dict.fromkeys(topic_name(topic, opened=opened) for topic in why.topics if topic.standing)),
        "soonest": when_words(why.soonest, zone) if why.soonest else "",
        "rank": why.rank,
        "made_at": when_words(why.made_at, zone),
        "weights": why.weights_version,
    }


def topic_name(topic: AskedTopic | WhyTopic, *, opened: bool) -> str:
    """Return a topic's name, or that it is something tender."""
    return topic.name if opened or not topic.tender else str(_("something tender"))


def why_not_words(first: Why, other: Why) -> str:
    """Return where the runner-up gives least beside the first."""
    return str(_(why_not({bar.part: bar.points for bar in first.bars}, {bar.part: bar.points for bar in other.bars})))


def load_words(carer: Carer) -> str:
    """Return how many peers a coordinator looks after, and in words where that is as much as is good, or more."""
    peers = ngettext("%(num)d peer", "%(num)d peers", carer.peers)
    if carer.load is Load.FULL:
        return str(_("%(peers)s: as many as is good for one person", peers=peers))
    if carer.load is Load.OVER:
        return str(_("%(peers)s: more than is good for one person", peers=peers))
    return str(peers) if carer.peers else str(_("Nobody yet"))
