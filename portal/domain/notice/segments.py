"""How many segments a text message takes (3GPP TS 23.038 and 23.040), and words that are made to fit."""

from collections.abc import Iterable

MOST_SEGMENTS = 2
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These go behind an escape, which takes a place of its own.
EXTENDED = frozenset("\f^{}\\[~]|€")
SEPTETS_ALONE, SEPTETS_JOINED = 160, 153
UNITS_ALONE, UNITS_JOINED = 70, 67
# One mark outside of the small alphabet more than halves a text: these have a twin inside.
TWINS = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "…": "...",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
    }
)
CUT = "..."


def segments(text: str) -> int:
    """Return how many segments a text takes: 160 septets or 70 units of UTF-16 in one, 153 or 67 in each of several."""
    if all(sign in BASIC or sign in EXTENDED for sign in text):
        return _count((2 if sign in EXTENDED else 1 for sign in text), SEPTETS_ALONE, SEPTETS_JOINED)
    return _count((2 if ord(sign) > 0xFFFF else 1 for sign in text), UNITS_ALONE, UNITS_JOINED)


def plain_marks(words: str) -> str:
    """Return the words with marks that text messages have a cheap twin for."""
    return words.translate(TWINS)


def text_of(words: str, link: str) -> str:
    """Return the words and the link in at most two segments; words that are too long are cut after a whole word.

    Raises ValueError when the link alone does not fit.
    """
    plain = plain_marks(words)
    whole = f"{plain} {link}"
    if segments(whole) <= MOST_SEGMENTS:
        return whole
    if segments(f"{CUT} {link}") > MOST_SEGMENTS:
        raise ValueError("the link is too long for a text")
    return f"{_longest(plain, link)}{CUT} {link}"


def _longest(words: str, link: str) -> str:
    few, many = 0, len(words)
    while few < many:
        middle = (few + many + 1) // 2
        few, many = (middle, many) if segments(f"{words[:middle]}{CUT} {link}") <= MOST_SEGMENTS else (few, middle - 1)
    kept = words[:few]
    return (kept.rpartition(" ")[0] or kept).rstrip(" ,;:-")


def _count(sizes: Iterable[int], alone: int, joined: int) -> int:
    units = list(sizes)
    if sum(units) <= alone:
        return 1
    # What takes two places stands whole in one segment, so that the place before it may stay empty.
    found, left = 1, joined
    for size in units:
        if size > left:
            found, left = found + 1, joined
        left -= size
    return found
