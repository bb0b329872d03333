"""What would help where hardly anybody fits, as sentences with the pages they lead to."""

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.domain.matching.shortlist import Loosened
from portal.domain.matching.ways_on import Leads, beside
from portal.domain.words import N_
from portal.queries.matching import WhatHelps
from portal.web.experience.member import WAY
from portal.web.matching.words import held_back_words

# Where each thing a member could loosen is answered, by the name of the question.
QUESTION: dict[Loosened, str] = {
    Loosened.FROM_AFAR: "formats",
    Loosened.MUST: "wishes",
    Loosened.FORMAT: "formats",
    Loosened.DISTANCE: "where",
    Loosened.HOURS: "times",
    Loosened.DAY_PART: "times",
    Loosened.LANGUAGE: "languages",
    Loosened.TOPIC: "topics",
}
CHANGE: dict[str, str] = {
    "topics": N_("Look at my topics"),
    "formats": N_("Change how to meet"),
    "languages": N_("Change my languages"),
    "times": N_("Change my times"),
    "words": N_("Tell it in my own words"),
    "wishes": N_("Look at my wishes"),
    "where": N_("Change where, and how far"),
}


@dataclass(frozen=True)
class Help:
    """One sentence and the page it leads to, if it leads anywhere."""

    words: str
    label: str = ""
    href: str = ""


def helps_shown(helps: WhatHelps, *, held_back: bool, somebody: bool) -> list[Help]:
    """Return for the member what holds most people back, where that is said, and every other way on."""
    held = helps.held_back if held_back else None
    first = [_help(held_back_words(held), QUESTION[held.what])] if held is not None else []
    ways = beside(helps.ways, held, somebody=somebody)
    return [*first, *(_help(_(way.sentence), _question(way.leads)) for way in ways)]


def _question(leads: Leads) -> str:
    return "" if leads is Leads.WAITING else leads.value


def _help(words: str, question: str) -> Help:
    return Help(words, _(CHANGE[question]), WAY.addresses()[question]) if question else Help(words)
