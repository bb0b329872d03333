"""Makes a person's words safe for one line of a header or a calendar file (letters.md, Invitations rule 9)."""

import re
import unicodedata

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


def one_line(text: str) -> str:
    """Return the text on one line: breaks become a space; C0 and C1 controls, lone surrogates and bidi overrides go."""
    if text.isascii() and text.isprintable():
        return text.strip()
    joined = _BREAKS.sub(" ", text)
    kept = (c for c in joined if c not in _BIDI and unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()
