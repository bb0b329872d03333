"""Public holidays as the library tells them, asked the way the house asks."""

import subprocess
import sys
from datetime import date

from portal.calendars.public_holidays import PublicHoliday, countries, public_holidays, regions


def test_a_country_has_its_days_in_order_and_between_the_two_dates_only() -> None:
    found = public_holidays("US", "", date(2026, 7, 3), date(2026, 11, 11))
    assert [each.day for each in found] == sorted(each.day for each in found)
    assert found[0] == PublicHoliday(date(2026, 7, 3), "Independence Day (observed)")
    assert found[-1] == PublicHoliday(date(2026, 11, 11), "Veterans Day")


def test_a_region_has_days_of_its_own() -> None:
    all_saints = PublicHoliday(date(2026, 11, 1), "All Saints' Day")
    assert all_saints in public_holidays("DE", "BY", date(2026, 1, 1), date(2026, 12, 31))
    assert all_saints not in public_holidays("DE", "BE", date(2026, 1, 1), date(2026, 12, 31))
    assert ("BY", "Bayern") in regions("DE")


def test_days_over_the_turn_of_a_year_belong_to_both_years() -> None:
    days = [each.day for each in public_holidays("GB", "SCT", date(2026, 12, 24), date(2027, 1, 3))]
    assert {date(2026, 12, 25), date(2027, 1, 1)} <= set(days)


def test_a_place_that_is_none_has_no_days() -> None:
    whole_year = (date(2026, 1, 1), date(2026, 12, 31))
    assert public_holidays("XX", "", *whole_year) == ()
    assert public_holidays("DE", "XX", *whole_year) == ()
    assert public_holidays("../etc", "", *whole_year) == ()
    assert regions("XX") == ()
    assert {"DE", "GB", "US", "NZ"} <= countries()


def test_every_region_fits_where_the_place_is_kept() -> None:
    for country in ("DE", "GB", "US", "AU", "BE"):
        assert [code for code, _name in regions(country) if len(f"{country}-{code}") > 8] == []


def test_nothing_of_the_library_is_loaded_before_somebody_asks() -> None:
    asked = "import sys, portal.calendars.public_holidays; print('holidays' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
