"""The closed questions of a telling: which answers there are, under which key they are kept, and what is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from portal.domain.errors import BadInput
from portal.domain.experience import (
    DAY_PART_WORDS,
    FOR_WHOM_WORDS,
    FORMAT_WORDS,
    LENGTH_WORDS,
    NEED_WORDS,
    PATHWAY_WORDS,
    RHYTHM_WORDS,
    STYLE_WORDS,
    WISH_CHOICES,
    WishKind,
)
from portal.domain.words import N_

Choice = TypeVar("Choice", bound=StrEnum)

# Codes as in BCP 47; a person's own page shows the words.
LANGUAGE_WORDS: dict[str, str] = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "ase": N_("American Sign Language"),
    "ar": N_("Arabic"),
    "zh": N_("Chinese"),
    "fi": N_("Finnish"),
    "fr": N_("French"),
    "de": N_("German"),
    "ht": N_("Haitian Creole"),
    "hi": N_("Hindi"),
    "it": N_("Italian"),
    "ja": N_("Japanese"),
    "ko": N_("Korean"),
    "pl": N_("Polish"),
    "pt": N_("Portuguese"),
    "ru": N_("Russian"),
    "so": N_("Somali"),
    "tl": N_("Tagalog"),
    "uk": N_("Ukrainian"),
    "ur": N_("Urdu"),
    "vi": N_("Vietnamese"),
}

STORY_LENGTH = 2000
LINE_LENGTH = 160
OWN_WORDS_LENGTH = 4000
OWN_VALUE_LENGTH = 120
PEER_TOPICS = 12
# A little before the two weeks are over after which nobody new is sent to them (matching/filters.py), so that nobody
# drops out unnoticed.
READINESS_OFFERED_AFTER = timedelta(days=12)
# In half units, as matching counts: a new walk weighs three halves for its first four weeks, then two.
CAPACITIES: tuple[int, ...] = (3, 4, 6, 8, 12, 16, 30)
FEWER = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """One closed question's answers with their words, and whether several may be given."""

    words: Mapping[str, str]
    several: bool = True


def _plain(words: Mapping[Choice, str]) -> dict[str, str]:
    return {str(value): said for value, said in words.items()}


ANSWERS: dict[str, Answer] = {
    "for_whom": Answer(_plain(FOR_WHOM_WORDS), several=False),
    "needs": Answer(_plain(NEED_WORDS)),
    "styles": Answer(_plain(STYLE_WORDS)),
    "formats": Answer(_plain(FORMAT_WORDS)),
    "languages": Answer(LANGUAGE_WORDS),
    "pathways": Answer(_plain(PATHWAY_WORDS)),
    "rhythm": Answer(_plain(RHYTHM_WORDS), several=False),
    "length": Answer(_plain(LENGTH_WORDS), several=False),
    "times": Answer(_plain(DAY_PART_WORDS)),
}
TOO_LONG = N_("That is a little long. Please keep it to %(most)s characters.")
NOT_OFFERED = N_("Please choose from the answers on the page.")


def checked_answer(key: str, value: str | Sequence[str]) -> str | list[str]:
    """Return an answer as it is kept: only offered values, in the order of the page; an empty one means not said."""
    question = ANSWERS[key]
    given = [value] if isinstance(value, str) else list(value)
    if not question.several:
        one = given[0] if given else ""
        if one and one not in question.words:
            raise BadInput(key, NOT_OFFERED)
        return one
    if set(given) - set(question.words):
        raise BadInput(key, NOT_OFFERED)
    return [str(offered) for offered in question.words if offered in given]


def checked_value(kind: WishKind, value: str) -> str:
    """Return the value of a wish or a trait as it is kept: offered values joined by commas, or own words, tidied."""
    offered = WISH_CHOICES.get(kind)
    if offered is None:
        tidy = " ".join(value.split())
        if len(tidy) > OWN_VALUE_LENGTH:
            raise BadInput(str(kind), TOO_LONG, most=OWN_VALUE_LENGTH)
        return tidy
    given = {part for part in value.split(",") if part}
    if given - set(offered):
        raise BadInput(str(kind), NOT_OFFERED)
    return ",".join(part for part in offered if part in given)


def readiness_is_old(ready_at: datetime | None, now: datetime) -> bool:
    """Say whether it is time to ask a peer whether they are still ready."""
    return ready_at is None or now - ready_at > READINESS_OFFERED_AFTER
