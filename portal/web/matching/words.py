"""Values of matching as words for a reader."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.domain.experience import (
    DAY_PART_WORDS,
    FORMAT_WORDS,
    STAGE_WORDS,
    STYLE_WORDS,
    DayPart,
    Format,
    Stage,
    Style,
)
from portal.domain.matching.shortlist import LOOSENED_WORDS, HeldBack, Loosened
from portal.domain.matching.told import Told
from portal.domain.matching.walk_words import waiting_line
from portal.queries.matching import AskedTopic, WalkView
from portal.web.times import day_words, when_words


def told_words(told: Told) -> str:
    """Return a sentence with its values in their places."""
    sentence, values = told
    return str(_(sentence, **{name: _inside(value) for name, value in values.items()})) if values else str(_(sentence))


def held_back_words(held: HeldBack | None, sentences: Mapping[Loosened, str] = LOOSENED_WORDS) -> str:
    """Return what keeps more people from being suggested; where phone and video would help, how many people."""
    if held is None:
        return ""
    if held.what is Loosened.FROM_AFAR:
        opens = ngettext("That would be one person.", "That would be %(num)s people.", held.opens)
        return f"{_(sentences[held.what])} {opens}"
    words = _(held.words) if held.words else ""
    return str(_(sentences[held.what], words=_inside(words) if held.what is Loosened.DAY_PART else words))


def member_words(walk: WalkView, now: datetime, *, to_choose: int, offered: bool = False) -> str:
    """Return where a walk stands, for its member; what was promised and has not come about is said."""
    instead = waiting_line(walk.state, walk.since, now, to_choose=to_choose, offered=offered)
    return str(_(instead or walk.line or walk.words))


def open_until_words(answer_by: datetime | None, zone: str) -> str:
    """Return until when a peer is asked, or nothing."""
    if answer_by is None:
        return ""
    day = day_words(answer_by, zone)
    sentence = _(
        "The question stays open until %(day)s. If it passes, we ask somebody else, and that is fine.", day=day
    )
    return str(sentence)


def formats_words(formats: Iterable[Format]) -> str:
    """Return "Coffee in public, phone"."""
    return listed(_(FORMAT_WORDS[way]) for way in formats)


def styles_words(styles: Iterable[Style]) -> str:
    """Return "Gentle, humour is fine"."""
    return listed(_(STYLE_WORDS[style]) for style in styles)


def times_words(parts: Iterable[DayPart]) -> str:
    """Return "Weekday evenings, weekend mornings"."""
    return listed(_(DAY_PART_WORDS[part]) for part in parts)


def languages_words(codes: Iterable[str]) -> str:
    """Return "English, Spanish"."""
    return ", ".join(_language(code) for code in codes)


def stage_words(stage: Stage) -> str:
    """Return "Finding my feet"."""
    return str(_(STAGE_WORDS[stage]))


def topic_words(topic: AskedTopic) -> str:
    """Return a topic's name, or that it is one they will name themselves."""
    return topic.name or str(_("Something tender"))


def soonest_words(soonest: datetime | None, zone: str) -> str:
    """Return when two people could first meet, or nothing where they would have to look for a time."""
    return str(_("First free together: %(when)s", when=when_words(soonest, zone))) if soonest is not None else ""


def listed(words: Iterable[str]) -> str:
    """Return labels in one line, only the first with its capital."""
    first, *others = [*words] or [""]
    return ", ".join([first, *(_inside(word) for word in others)])


def _inside(words: str) -> str:
    """Return a label as it stands inside a sentence; what is written in capitals, like ADHD, stays so."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _language(code: str) -> str:
    try:
        return str(Locale.parse(code, sep="-").get_display_name(get_locale() or "en") or code)
    except (UnknownLocaleError, ValueError):
        return code
