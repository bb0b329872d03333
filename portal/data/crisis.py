"""The help lines of each country, as delivered; a human checks every number before a site opens."""

from functools import cache
from typing import Any

from portal.data.files import HOME, WEEKDAYS, minutes, read
from portal.domain.crisis import Country, Line, OpenHours, SendsHelp, Way, WayKind


@cache
def countries() -> tuple[Country, ...]:
    """Return every delivered country, by its code."""
    names = sorted(entry.name for entry in HOME.joinpath("crisis").iterdir() if entry.name.endswith(".toml"))
    return tuple(_country(read("crisis", name)) for name in names)


def country(code: str) -> Country:
    """Return the lines of one country by its two-letter code; KeyError for one that is not delivered."""
    return {each.code: each for each in countries()}[code.upper()]


def _country(table: dict[str, Any]) -> Country:
    return Country(
        code=table["country"],
        name=table["name"],
        emergency=_way(table["emergency"]),
        lines=tuple(_line(row) for row in table["line"]),
    )


def _way(row: dict[str, Any]) -> Way:
    return Way(WayKind(row["kind"]), row["shown"], row["href"], row.get("note", ""))


def _line(row: dict[str, Any]) -> Line:
    if row.get("always", False) == bool(row.get("hours")):
        raise ValueError(f"{row['id']}: either always = true or hours")
    return Line(
        id=row["id"],
        name=row["name"],
        ways=tuple(_way(way) for way in row["ways"]),
        audience=row["audience"],
        cost=row["cost"],
        languages=tuple(row["languages"]),
        hours_shown=row["hours_shown"],
        sends_help=SendsHelp(row["sends_help"]),
        source=row["source"],
        hours=tuple(
            OpenHours(WEEKDAYS.index(day), minutes(hours["from"]), minutes(hours["to"]))
            for hours in row.get("hours", ())
            for day in hours["days"]
        ),
        zone=row.get("zone", "UTC"),
        verified_on=row.get("verified_on"),
        review_by=row.get("review_by"),
    )
