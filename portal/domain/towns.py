"""Towns: how a typed name finds one, how precisely a place is kept, and how far somebody would go."""

import re
from dataclasses import dataclass
from unicodedata import combining, normalize

from portal.domain.errors import BadInput
from portal.domain.words import N_

# In km, offered with the miles beside; both are round, as people say them.
RADII: dict[int, str] = {
    5: N_("5 km, about 3 miles"),
    10: N_("10 km, about 6 miles"),
    25: N_("25 km, about 15 miles"),
    50: N_("50 km, about 30 miles"),
    100: N_("100 km, about 60 miles"),
}
MOST_FOUND = 8
TYPED_LENGTH = 80
NO_SUCH_TOWN = N_("We do not have that town. Please look for one near it.")
NO_SUCH_RADIUS = N_("Please choose from the answers on the page.")
# Letters that no Unicode decomposition takes apart.
PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

INSIDE_WORDS = re.compile("['’ʻ‘.]")
BETWEEN_WORDS = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Town:
    """A town by its number at GeoNames; `country` as in ISO 3166, degrees rounded to a tenth (about 10 km)."""

    id: int
    name: str
    region: str
    country: str
    lat: float
    lon: float
    population: int
    zone: str


def plain(words: str) -> str:
    """Return words as they are searched: small letters of the alphabet and figures, one space between words."""
    small = words.casefold()
    if not small.isascii():
        small = "".join(each for each in normalize("NFKD", small.translate(PLAIN)) if not combining(each))
    return BETWEEN_WORDS.sub(" ", INSIDE_WORDS.sub("", small)).strip()


def asked_for(words: str) -> tuple[str, str]:
    """Return the town and, after a comma, the region or country of "Springfield, Illinois", as they are searched."""
    town, _, where = words[:TYPED_LENGTH].partition(",")
    return plain(town), plain(where)


def checked_radius(value: str) -> int | None:
    """Return one of RADII, or None where nothing was said."""
    if value and value not in {str(km) for km in RADII}:
        raise BadInput("radius", NO_SUCH_RADIUS)
    return int(value) if value else None
