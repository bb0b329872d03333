"""Fixtures for tests of pages."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from tests.booking_cast import signed_in
from tests.matching_cast import Hill, add_hill
from tests.servers.databases import DEMO, SqliteDatabases
from tests.web.access_round import Round, go_round, house_on, stillness
from tests.web.account_steps import Watch


@pytest.fixture
def watch(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """The clock that the pages look at: it stands still until it is turned."""
    made = Watch(now)
    monkeypatch.setattr(clock, "now", made.now)
    return made


@pytest.fixture
def no_tokens(app: Flask) -> None:
    """Forms go without their token: what a token does is told by tests of its own."""
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture(scope="session")
def round_of_doors(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Round:
    """Every address asked once by everybody, on the demo community; see tests/web/access_*.py."""
    url = sqlite_databases.fresh(DEMO)
    with stillness() as now:
        house = house_on(url, tmp_path_factory.mktemp("doors"), now)
        return Round(house, go_round(house))


@pytest.fixture
def hill(app: Flask, now: datetime) -> Hill:
    """A member, three peers who fit, and a coordinator; nobody has asked yet."""
    with app.app_context():
        return add_hill(now)


@pytest.fixture
def ana(app: Flask, hill: Hill, now: datetime) -> FlaskClient:
    """The browser of the member."""
    return signed_in(app, hill.member, now)


@pytest.fixture
def ben(app: Flask, hill: Hill, now: datetime) -> FlaskClient:
    """The browser of the first peer."""
    return signed_in(app, hill.peers[0], now)


@pytest.fixture
def cleo(app: Flask, hill: Hill, now: datetime) -> FlaskClient:
    """The browser of the second peer."""
    return signed_in(app, hill.peers[1], now)
