"""Fixtures for all tests. A test that asks for no server starts none; what could not run is said at the end."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from portal.launch import machine
from portal.settings import Settings, load
from tests.calendars import readers
from tests.compiled import keep_compiled
from tests.servers import postgresql
from tests.servers.browser import Phones, chromium_browser
from tests.servers.databases import DEMO, EMPTY, Databases, PostgresqlDatabases, SqliteDatabases
from tests.servers.missing import lacking
from tests.servers.settings import environ_for
from tests.servers.site import Site
from tests.servers.smtp import Sink
from tests.servers.twilio import Carrier
from tests.servers.valkey import Valkey

if TYPE_CHECKING:
    from tests.servers.push_service import PushService

ENGINES = ("sqlite", "postgresql")
pytest_plugins = ["tests.not_run"]
keep_compiled()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the snapshots of letters be written anew, to be read as a difference before they are committed."""
    parser.addoption("--rewrite-letters", action="store_true", help="write tests/mail/snapshots anew")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of the round of all doors first: side by side one process makes its costly round for them all."""
    items.sort(key=lambda item: "round_of_doors" not in getattr(item, "fixturenames", ()))


@pytest.fixture
def now() -> datetime:
    """A Monday in winter, ten o'clock UTC."""
    return datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _calendars_are_read() -> Iterator[None]:
    """Every calendar file that a test's letters and pages hand out is read by readers of others."""
    yield
    assert [(ics, found) for ics in readers.take_collected() if (found := readers.objections(ics))] == []


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Fresh SQLite files."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresqlDatabases]:
    """Fresh databases on a real PostgreSQL."""
    programs = postgresql.find_programs()
    if programs is None:
        lacking("PostgreSQL", machine.how_to_install("postgresql", "postgresql"))
    cluster = postgresql.Cluster(programs)
    try:
        yield PostgresqlDatabases(cluster, tmp_path_factory.mktemp("postgresql"))
    finally:
        cluster.stop()


@pytest.fixture(params=ENGINES)
def databases(request: pytest.FixtureRequest) -> Databases:
    """Databases of both engines, in turn; for one only: parametrize("databases", ["sqlite"], indirect=True)."""
    found: Databases = request.getfixturevalue(f"{request.param}_databases")
    return found


@pytest.fixture
def engine_url(databases: Databases) -> Iterator[str]:
    """The address of a migrated database without people, on both engines."""
    url = databases.fresh(EMPTY)
    yield url
    databases.drop(url)


@pytest.fixture
def demo_url(databases: Databases) -> Iterator[str]:
    """The address of a database with the demo community, on both engines."""
    url = databases.fresh(DEMO)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def _valkey() -> Iterator[Valkey]:
    server = Valkey()
    yield server
    server.stop()


@pytest.fixture
def valkey(_valkey: Valkey) -> Valkey:
    """A real, empty broker."""
    client = _valkey.client()
    client.flushall()
    client.close()
    return _valkey


@pytest.fixture
def smtp() -> Iterator[Sink]:
    """A real SMTP server that keeps what it gets; set its mood."""
    sink = Sink()
    yield sink
    sink.stop()


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    """A real server that speaks the API of the carrier of text messages; set its mood."""
    made = Carrier()
    yield made
    made.stop()


@pytest.fixture
def push_service(tmp_path: Path) -> Iterator["PushService"]:
    """A real server of signs on devices; make devices with it."""
    # Imported here so that tests of pure rules need not load the whole house.
    from tests.servers.push_service import PushService

    made = PushService(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def settings(engine_url: str, valkey: Valkey, smtp: Sink, tmp_path: Path) -> Settings:
    """Settings of a site on these servers."""
    return load(environ_for(engine_url, tmp_path, redis_url=valkey.url, smtp_url=smtp.url))


@pytest.fixture
def app(settings: Settings) -> Flask:
    """The application on a fresh database, on both engines; push app.app_context() to call verbs and queries."""
    # Imported here so that tests of pure rules need not load the whole house.
    from portal.app import create_app

    made = create_app(settings)
    made.testing = True
    made.after_request(_keep_calendar)
    return made


def _keep_calendar(answer: Response) -> Response:
    if answer.mimetype == "text/calendar" and answer.status_code == 200 and answer.get_data():
        readers.collect(answer.get_data())
    return answer


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen, signed in as nobody."""
    return app.test_client()


@pytest.fixture
def start_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """start_site(database_url, smtp_url=None, more=None): starts a whole site and returns it."""
    sites: list[Site] = []

    def start(database_url: str, smtp_url: str | None = None, more: Mapping[str, str] | None = None) -> Site:
        site = Site(database_url, tmp_path / f"site{len(sites)}", smtp_url, more)
        sites.append(site)
        site.start()
        return site

    yield start
    for site in sites:
        site.stop()
        for letter in site.letters():
            readers.collect_from_letter(letter.as_bytes())


@pytest.fixture
def site(start_site: Callable[..., Site], engine_url: str) -> Site:
    """A whole running site without people, on both engines."""
    return start_site(engine_url)


@pytest.fixture
def demo_site(start_site: Callable[..., Site], demo_url: str) -> Site:
    """A whole running site with the demo community, on both engines."""
    return start_site(demo_url)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    program = machine.chromium()
    if program is None:
        lacking("Chromium", machine.how_to_install("chromium", "--cask chromium"))
    with chromium_browser(program) as found:
        yield found


@pytest.fixture
def phones(browser: Browser) -> Iterator[Phones]:
    """Phones to open pages on: phones.open(site.address, javascript=False)."""
    drawer = Phones(browser)
    yield drawer
    drawer.close()
