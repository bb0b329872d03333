"""What the two read about a suggestion: a few sentences, never a number, never the name of a tender topic."""

from collections.abc import Mapping
from datetime import timedelta

from portal.domain.matching.explain import Suggestion
from portal.domain.matching.hill import Footing, Standing
from portal.domain.matching.score import SOON, Part
from portal.domain.words import N_

Told = tuple[str, dict[str, str]]

NAMED: dict[Standing, str] = {
    Standing.AHEAD: N_("They have walked through %(topic)s, and are further along."),
    Standing.ALONGSIDE: N_("They know %(topic)s too, from much the same spot as you."),
    Standing.BEHIND: N_("They know %(topic)s too, and are finding their own way with it."),
}
UNNAMED: dict[Standing, str] = {
    Standing.AHEAD: N_("They have walked through something you named, and are further along."),
    Standing.ALONGSIDE: N_("They know something you named too, from much the same spot as you."),
    Standing.BEHIND: N_("They know something you named too, and are finding their own way with it."),
}
NAMED_TO_PEER: dict[Standing, str] = {
    Standing.AHEAD: N_("You have walked through %(topic)s, and are further along."),
    Standing.ALONGSIDE: N_("You know %(topic)s too, from much the same spot as they do."),
    Standing.BEHIND: N_("You know %(topic)s too, and are finding your own way with it."),
}
UNNAMED_TO_PEER: dict[Standing, str] = {
    Standing.AHEAD: N_("You have walked through something they live with, and are further along."),
    Standing.ALONGSIDE: N_("You know something they live with, from much the same spot as they do."),
    Standing.BEHIND: N_("You know something they live with, and are finding your own way with it."),
}
CLOSE_BY_TO_PEER = N_("You have walked through something close to what they live with.")
WISHED_FOR = N_("What they wished for in a peer is there.")
CLOSE_BY = N_("They have walked through something close to what you named.")
ALL_WISHES = N_("What you wished for in a peer is there.")
SOME_WISHES = N_("They have some of what you wished for, not everything; you need not choose.")
NO_WISHES = N_("They do not have everything you wished for; you need not choose.")
SAME_STYLE = N_("You like to talk in much the same way.")
PARTLY_SAME_STYLE = N_("You share a way you like to talk.")
ALIKE = N_("You share something about everyday life that you said matters to you.")
SOON_TIME = N_("You are both free within the next few days.")
LATER_TIME = N_("You are both free in the coming weeks.")
ASK_FOR_TIME = N_("We would look for a time with the two of you.")

MOST_SENTENCES = 4
MOSTLY = 0.5


def member_sentences(suggestion: Suggestion, names: Mapping[str, str] | None = None) -> tuple[Told, ...]:
    """Sentences with the values for their places; `names` are translated topic names by slug.

    A topic without a name there is told as "something you named", and so is every tender one.
    """
    wishes = suggestion.part(Part.ASKED).share
    told = [
        _hill(suggestion.footings, names or {}),
        None if wishes is None else _plain(ALL_WISHES if wishes >= 1 else SOME_WISHES if wishes else NO_WISHES),
        _plain(ALIKE) if suggestion.part(Part.IDENTITY).share else None,
        _style(suggestion.part(Part.STYLE).share),
    ]
    first = [sentence for sentence in told if sentence is not None][: MOST_SENTENCES - 1]
    return (*first, _plain(_time(suggestion)))


def peer_sentences(suggestion: Suggestion, names: Mapping[str, str] | None = None) -> tuple[Told, ...]:
    """Why this peer, for the peer: nothing about wishes that are not met, and nothing about who the member is."""
    met = _best(suggestion.footings)
    told = [
        _plain(CLOSE_BY_TO_PEER) if met is None else _met(met, names or {}, NAMED_TO_PEER, UNNAMED_TO_PEER),
        _plain(WISHED_FOR) if (suggestion.part(Part.ASKED).share or 0) >= 1 else None,
        _style(suggestion.part(Part.STYLE).share),
        _plain(_time(suggestion)),
    ]
    return tuple(sentence for sentence in told if sentence is not None)


def sentences_without_name(suggestion: Suggestion, names: Mapping[str, str]) -> tuple[Told, ...]:
    """Why this peer, before anybody is asked by name: nothing that only follows from a tender topic, no wish."""
    met = _best(tuple(footing for footing in suggestion.footings if not footing.tender))
    told = [
        _plain(CLOSE_BY_TO_PEER) if met is None else _met(met, names, NAMED_TO_PEER, UNNAMED_TO_PEER),
        _style(suggestion.part(Part.STYLE).share),
        _plain(_time(suggestion)),
    ]
    return tuple(sentence for sentence in told if sentence is not None)


def _hill(footings: tuple[Footing, ...], names: Mapping[str, str]) -> Told:
    met = _best(footings)
    return _plain(CLOSE_BY) if met is None else _met(met, names, NAMED, UNNAMED)


def _best(footings: tuple[Footing, ...]) -> Footing | None:
    shared = [footing for footing in footings if footing.standing is not None and not footing.sibling]
    return max(shared, key=lambda footing: (footing.share, -footing.rank), default=None)


def _met(
    met: Footing, names: Mapping[str, str], named: Mapping[Standing, str], unnamed: Mapping[Standing, str]
) -> Told:
    where = met.standing or Standing.ALONGSIDE
    if met.tender or met.slug not in names:
        return _plain(unnamed[where])
    return named[where], {"topic": names[met.slug]}


def _style(share: float | None) -> Told | None:
    if not share:
        return None
    return _plain(SAME_STYLE if share > MOSTLY else PARTLY_SAME_STYLE)


def _time(suggestion: Suggestion) -> str:
    if suggestion.soonest is None:
        return ASK_FOR_TIME
    wait: timedelta = suggestion.soonest - suggestion.at
    return SOON_TIME if wait <= SOON else LATER_TIME


def _plain(sentence: str) -> Told:
    return sentence, {}
