"""The public holidays ahead in a place, for a suggestion: nothing is closed by looking at them."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.calendars.public_holidays import PublicHoliday, countries, public_holidays, regions

AHEAD = timedelta(days=183)


@dataclass(frozen=True)
class HolidaysAhead:
    """The holidays of a place in the next six months; country and region are empty where there is no such place."""

    country: str
    region: str
    days: tuple[PublicHoliday, ...]
    countries: frozenset[str]
    regions: tuple[tuple[str, str], ...]

    @property
    def place(self) -> str:
        """The place as it is remembered."""
        return f"{self.country}-{self.region}" if self.region else self.country


def holidays_ahead(country: str, region: str, today: date) -> HolidaysAhead:
    """Return the holidays of the coming six months in a country, or in a region of it where that is known."""
    known = country if country in countries() else ""
    part = region if region in dict(regions(known)) else ""
    days = public_holidays(known, part, today, today + AHEAD)
    return HolidaysAhead(known, part, days, countries(), regions(known))
