"""The running site of the tests: it answers, its programs can fall and come back, databases are not shared."""

import json

from sqlalchemy import create_engine, text

from tests.servers.databases import Databases
from tests.servers.site import Site


def count(url: str, table: str) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return int(found)


def test_every_test_gets_a_database_of_its_own(databases: Databases) -> None:
    first, second = databases.fresh(), databases.fresh()
    assert first != second
    assert (count(first, "person"), count(second, "person")) == (0, 0)
    databases.drop(first)
    databases.drop(second)


def test_the_demo_database_holds_the_community(demo_url: str) -> None:
    assert count(demo_url, "person") > 70


def test_a_site_answers_and_a_killed_program_can_be_started_again(site: Site) -> None:
    status, page = site.get("/healthz")
    assert status == 200
    assert isinstance(json.loads(page), dict)
    site.kill("worker")
    site.start_one("worker")
    assert site.get("/healthz")[0] == 200
