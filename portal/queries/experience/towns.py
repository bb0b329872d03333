"""Towns, found by the beginning of their name."""

from collections.abc import Collection

from sqlalchemy import func, or_, select

from portal.db import read
from portal.domain.towns import MOST_FOUND, Town, asked_for
from portal.models import Town as TownRow

# Behind every letter and figure that a searched name is made of.
BEHIND_ALL = "\x7f"


def find_towns(words: str, countries: Collection[str] = ()) -> tuple[Town, ...]:
    """Return the largest towns whose name begins like this; after a comma may follow a region or a country's code.

    `countries` are the codes of those that the words after the comma may mean by name.
    """
    name, where = asked_for(words)
    if not name:
        return ()
    found = select(TownRow).where(TownRow.search >= name, TownRow.search < name + BEHIND_ALL)
    if where:
        region = func.lower(TownRow.region).startswith(where, autoescape=True)
        found = found.where(or_(region, TownRow.country.in_([where.upper(), *countries])))
    largest = found.order_by(TownRow.population.desc(), TownRow.id).limit(MOST_FOUND)
    return tuple(_town(row) for row in read().scalars(largest))


def town_of(town_id: int) -> Town | None:
    """Return one town."""
    row = read().get(TownRow, town_id)
    return None if row is None else _town(row)


def no_towns_yet() -> bool:
    """Say whether the towns have still to be brought in."""
    return read().scalar(select(TownRow.id).limit(1)) is None


def _town(row: TownRow) -> Town:
    return Town(row.id, row.name, row.region, row.country, row.lat, row.lon, row.population, row.zone)
