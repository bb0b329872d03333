"""Countries that texts go to, by the name a reader knows them by."""

from collections.abc import Sequence

from flask_babel import get_locale


def country_choices(countries: Sequence[str]) -> list[tuple[str, str]]:
    """Return (code, name) of each country in the reader's language."""
    names = get_locale().territories
    return [(country, str(names.get(country, country))) for country in countries]
