"""Robin, a database that is away, and applications with other settings."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from portal.app import create_app
from portal.domain.account import Role
from portal.queries import account as account_queries
from portal.settings import load
from tests.servers.databases import Databases, SqliteDatabases
from tests.servers.settings import environ_for
from tests.web.account_steps import Watch, add, come_in
from tests.web.test_headers.part import MAIL, SECRET


@pytest.fixture
def databases(sqlite_databases: SqliteDatabases) -> Databases:
    """What is asked here does not touch the database; one engine is enough."""
    return sqlite_databases


@pytest.fixture
def robin(app: Flask, client: FlaskClient, watch: Watch) -> int:
    """A member, signed in."""
    person_id = add(app, MAIL, Role.MEMBER, now=watch.time)
    come_in(app, client, MAIL)
    return person_id


@pytest.fixture
def away(robin: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away once Robin is signed in; what its driver says holds what was asked of it."""

    def gone(*_asked: object) -> None:
        raise OperationalError(f"SELECT '{SECRET}'", None, Exception("server closed the connection"))

    monkeypatch.setattr(account_queries, "actor_by_token", gone)


@pytest.fixture
def make_app(sqlite_databases: SqliteDatabases, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """make_app(mode=…, base_url=…): a site with these settings, on a fresh database."""
    urls: list[str] = []

    def make(**settings: str) -> Flask:
        urls.append(sqlite_databases.fresh())
        made = create_app(load(environ_for(urls[-1], tmp_path, **settings)))
        made.testing = True
        return made

    yield make
    for url in urls:
        sqlite_databases.drop(url)
