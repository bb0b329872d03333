"""What was told, as rows of a label and words, for the person's own look and for a coordinator's."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _

from portal.domain.experience import (
    IN_PERSON,
    READINESS_WORDS,
    SHARED_TO_WORDS,
    STAGE_WORDS,
    STRENGTH_WORDS,
    WISH_CHOICES,
    WISH_KIND_WORDS,
    WishKind,
)
from portal.domain.matching.wellbeing import STRAIN_WORDS, Strain
from portal.domain.telling import ANSWERS
from portal.domain.towns import RADII, Town, plain
from portal.domain.words import N_
from portal.queries.experience import MemberTold, PeerTold, TopicTold, TraitTold, WishTold

Row = dict[str, str]
NOT_SAID = N_("Not said")


def answer_words(about: Mapping[str, Any], key: str) -> str:
    """Return the words of an answer to a closed question."""
    given = about.get(key) or []
    values = [given] if isinstance(given, str) else given
    offered = ANSWERS[key].words
    return ", ".join(_(offered[value]) for value in values if value in offered) or _(NOT_SAID)


def value_words(kind: WishKind, value: str) -> str:
    """Return the words of a wish's or a trait's value; own words stand as they are."""
    offered = WISH_CHOICES.get(kind)
    if offered is None:
        return value
    return ", ".join(_(offered[part]) for part in value.split(",") if part in offered)


def wish_words(wishes: Collection[WishTold]) -> str:
    """Return all wishes in one line."""
    return "; ".join(
        _(
            "%(kind)s: %(value)s (%(strength)s)",
            kind=_(WISH_KIND_WORDS[wish.kind]),
            value=value_words(wish.kind, wish.value),
            strength=_(STRENGTH_WORDS[wish.strength]),
        )
        for wish in wishes
    ) or _("No preference")


def trait_words(traits: Collection[TraitTold]) -> str:
    """Return in one line what somebody told about themselves, and who may see it."""
    return " ".join(
        _(
            "%(kind)s: %(value)s. Shown to: %(who)s.",
            kind=_(WISH_KIND_WORDS[trait.kind]),
            value=value_words(trait.kind, trait.value),
            who=_(SHARED_TO_WORDS[trait.shown_to]),
        )
        for trait in traits
    ) or _(NOT_SAID)


def topic_words(topic: TopicTold) -> str:
    """Return where somebody is with a topic and, for a peer, whether they would talk of it now."""
    stage = _(STAGE_WORDS[topic.stage])
    if topic.readiness is None:
        return str(stage)
    return str(_("%(stage)s · %(ready)s", stage=stage, ready=_(READINESS_WORDS[topic.readiness])))


def town_words(town: Town) -> str:
    """Return "Springfield, Illinois, United States"."""
    locale = get_locale() or Locale("en")
    return ", ".join(part for part in (town.name, town.region, locale.territories.get(town.country)) if part)


def countries_named(words: str) -> tuple[str, ...]:
    """Return the codes of the countries whose name, in the reader's language, begins like these searched words."""
    territories = (get_locale() or Locale("en")).territories
    return tuple(code for code, name in territories.items() if words and plain(name).startswith(words))


def where_asked(told: MemberTold | PeerTold) -> bool:
    """Say whether it matters where somebody is: to meet in person, to meet nobody local, to be met as a peer."""
    if isinstance(told, PeerTold) or told.town is not None:
        return True
    in_person = bool(IN_PERSON & set(told.about.get("formats") or IN_PERSON))
    return in_person or any(wish.kind is WishKind.NOT_LOCAL for wish in told.wishes)


def where_words(told: MemberTold | PeerTold) -> str:
    """Return the town somebody could meet in, and how far they would go if they said."""
    if told.town is None:
        return str(_(NOT_SAID))
    radius = told.about.get("radius_km")
    town = town_words(told.town)
    return str(_("%(town)s. Up to %(radius)s.", town=town, radius=_(RADII[radius]))) if radius in RADII else town


def places_words(halves: int) -> str:
    """Return a peer's room in words."""
    if not halves:
        return str(_("None for now"))
    whole, half = divmod(halves, 2)
    if half:
        return str(_("%(count)s and a half places", count=whole) if whole else _("Half a place"))
    return str(_("One place") if whole == 1 else _("%(count)s places", count=whole))


def strain_words(strains: Collection[Strain]) -> str:
    """Return why a rest is offered, what weighs most."""
    return str(_(STRAIN_WORDS[next(iter(strains))]))


MEMBER_ROWS: tuple[tuple[str, str, Callable[[MemberTold], str]], ...] = (
    ("for_whom", N_("For whom"), lambda told: answer_words(told.about, "for_whom")),
    ("needs", N_("What I need now"), lambda told: answer_words(told.about, "needs")),
    ("styles", N_("How I like to talk"), lambda told: answer_words(told.about, "styles")),
    ("formats", N_("How to meet"), lambda told: answer_words(told.about, "formats")),
    ("where", N_("Where I could meet"), lambda told: where_words(told)),
    ("languages", N_("Languages"), lambda told: answer_words(told.about, "languages")),
    ("times", N_("Good times"), lambda told: answer_words(told.about, "times")),
    ("rhythm", N_("How often"), lambda told: answer_words(told.about, "rhythm")),
    ("length", N_("How long"), lambda told: answer_words(told.about, "length")),
    ("pathways", N_("Ways that I know"), lambda told: answer_words(told.about, "pathways")),
    ("wishes", N_("Wishes"), lambda told: wish_words(told.wishes)),
    ("traits", N_("About me"), lambda told: trait_words(told.traits)),
    ("words", N_("What helps me take part"), lambda told: told.access_needs or _(NOT_SAID)),
    ("words", N_("In my own words"), lambda told: told.own_words or _(NOT_SAID)),
)
PEER_ROWS: tuple[tuple[str, str, Callable[[PeerTold], str]], ...] = (
    ("story", N_("My story"), lambda told: told.story or _(NOT_SAID)),
    ("line", N_("One line about me"), lambda told: told.about.get("line") or _(NOT_SAID)),
    ("styles", N_("How I like to talk"), lambda told: answer_words(told.about, "styles")),
    ("formats", N_("How to meet"), lambda told: answer_words(told.about, "formats")),
    ("where", N_("Where I could meet"), lambda told: where_words(told)),
    ("languages", N_("Languages"), lambda told: answer_words(told.about, "languages")),
    ("pathways", N_("Ways that I know"), lambda told: answer_words(told.about, "pathways")),
    ("traits", N_("About me"), lambda told: trait_words(told.traits)),
    ("limits", N_("My limits"), lambda told: told.about.get("limits") or _(NOT_SAID)),
    ("capacity", N_("Room"), lambda told: places_words(told.capacity_halves)),
    ("agreed", N_("What we ask of one another"), lambda told: _("Read and agreed") if told.agreed_at else _("Not yet")),
)


def member_rows(told: MemberTold, hrefs: Mapping[str, str] | None = None) -> list[Row]:
    """Return a member's answers, without the topics; `hrefs` has where each kind of answer is changed.

    Without it the reader is a coordinator, who does not see the town.
    """
    return [
        _row(label, words(told), (hrefs or {}).get(name))
        for name, label, words in MEMBER_ROWS
        if name != "where" or (hrefs and where_asked(told))
    ]


def peer_rows(told: PeerTold, hrefs: Mapping[str, str] | None = None) -> list[Row]:
    """Return a peer's answers, without the topics; `hrefs` and the town are for the peer themselves."""
    return [
        _row(label, words(told), (hrefs or {}).get(name))
        for name, label, words in PEER_ROWS
        if hrefs or name != "where"
    ]


def _row(label: str, value: str, href: str | None) -> Row:
    row = {"label": str(_(label)), "value": str(value)}
    return row | {"href": href} if href else row
