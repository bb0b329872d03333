"""Whether words suggest that a help line close by would be kind. English only, few and careful: a mistake either way
costs its writer one quiet card, nobody is told, and nothing of it is kept."""

import re

_MY = r"my (?:own )?life"
_NO_MORE = r"(?:any ?more|any longer)"
PATTERNS: tuple[str, ...] = (
    r"suicid(?:e|al)",
    r"kill(?:ing)? myself",
    rf"(?:end|ending|take|taking) {_MY}",
    r"end(?:ing)? it all",
    r"(?:want|wanted|wanting|ready|rather) (?:to )?die",
    r"wish(?:ed)? (?:that )?i (?:was|were) (?:dead|never born)",
    r"better off (?:dead|without me)",
    rf"(?:don'?t|do not|didn'?t) want to (?:live|exist|be alive|wake up|be here {_NO_MORE})",
    rf"(?:can'?t|cannot|can not) (?:go on|live like this|do this {_NO_MORE})",
    r"(?:no|not any) (?:reason|point) (?:to live|in living|to go on|in going on|in being here)",
    r"self[- ]?harm(?:ed|ing)?",
    r"(?:want(?:ed)? to|going to|might|will) hurt myself",
    r"hurting myself",
    r"(?:cutting|cut|hurt) myself (?:again|on purpose|last night|tonight)",
    r"overdos(?:e|ed|ing)",
    r"(?:going to|gonna|will|wants to|threatened to|threatens to|tried to) kill me",
    r"(?:he|she) (?:hits|hit) me(?! up\b)",
    r"(?:he|she) (?:beats|beat) me(?! (?:at|to|in)\b)",
    r"(?:he|she) (?:chokes|choked) me",
)
_SAID = re.compile(r"\b(?:" + "|".join(PATTERNS) + r")\b", re.IGNORECASE)
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'"})


def suggests_lines(text: str) -> bool:
    """Say whether the writer is shown the help lines beside what they wrote."""
    return _SAID.search(" ".join(text.translate(_APOSTROPHES).split())) is not None
