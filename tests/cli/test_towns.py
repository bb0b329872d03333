"""The towns a site is set up with: all of them, once."""

from flask import Flask
from sqlalchemy import delete, func, select

from portal.cli.towns import delivered_towns
from portal.db import read, transaction
from portal.models import Town as TownRow
from portal.queries import experience as queries
from portal.services.experience.towns import seed_towns


def test_the_delivered_towns_are_whole_and_rounded() -> None:
    towns = list(delivered_towns())
    assert len(towns) > 30_000
    assert len({town.id for town in towns}) == len(towns)
    assert [town for town in towns if (round(town.lat, 1), round(town.lon, 1)) != (town.lat, town.lon)] == []
    assert [town for town in towns if not (town.name and town.zone and len(town.country) == 2)] == []
    assert {(town.name, town.region) for town in towns if town.name == "Halifax"} == {
        ("Halifax", "Nova Scotia"),
        ("Halifax", "England"),
    }


def test_they_are_brought_in_once_and_a_site_that_has_them_keeps_its_own(app: Flask) -> None:
    towns = list(delivered_towns())
    with app.app_context():
        with transaction() as session:
            session.execute(delete(TownRow))
        assert queries.no_towns_yet()
        assert seed_towns(towns) == len(towns)
        assert seed_towns(towns) == 0
        assert read().scalar(select(func.count()).select_from(TownRow)) == len(towns)
