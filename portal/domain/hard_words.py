"""Words that may hurt whoever reads them, each with what can be said instead, for those who write to a member."""

import re
from collections.abc import Mapping

from portal.domain.words import N_

COULD_NOT = N_("say “couldn’t make it”")
PERSON = N_("name the person first, as in “person in recovery”")
MEMBER = N_("say “member”, or their name")
LEAVE_OUT = N_("it can be left out")
INSTEAD: Mapping[str, str] = {
    "no-show": COULD_NOT,
    "no show": COULD_NOT,
    "missed": COULD_NOT,
    "patient": MEMBER,
    "client": MEMBER,
    "addict": PERSON,
    "alcoholic": PERSON,
    "junkie": PERSON,
    "homeless": N_("say “without housing”"),
    "relapse": N_("say “setback” or “return to use”"),
    "relapsed": N_("say “setback” or “return to use”"),
    "clean": N_("say “not using”"),
    "dirty": N_("say “tested positive”"),
    "committed suicide": N_("say “died by suicide”"),
    "suffers from": N_("say “living with”"),
    "victim": N_("say “living with”"),
    "refused": N_("say “chose not to share”"),
    "denied": N_("say “chose not to share”"),
    "non-compliant": LEAVE_OUT,
    "terminated": N_("say “ended”"),
    "rejected": N_("say “not the right fit”"),
    "failed": LEAVE_OUT,
    "failure": LEAVE_OUT,
    "score": LEAVE_OUT,
}
_SAID = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, INSTEAD)) + r")s?(?![\w-])", re.IGNORECASE)


def hard_words(text: str) -> tuple[tuple[str, str], ...]:
    """Return each such word in a text once, with what can be said instead, marked for translation."""
    found = dict.fromkeys(said[1].lower() for said in _SAID.finditer(text))
    return tuple((word, INSTEAD[word]) for word in found)
