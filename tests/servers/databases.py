"""Fresh databases for tests: each engine is migrated once, and every test gets a copy of its own."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, text

from portal.launch.places import ROOT
from tests.servers.postgresql import Cluster
from tests.servers.settings import environ_for

EMPTY = "empty"
DEMO = "demo"
LARGE_TOWN = 100_000


class Databases(Protocol):
    """One engine's databases."""

    def fresh(self, content: str = EMPTY) -> str:
        """Return the address of a database nobody has used: migrated and empty, or with the demo community."""

    def drop(self, url: str) -> None:
        """Take it away again."""


class SqliteDatabases:
    """Copies of a migrated file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def fresh(self, content: str = EMPTY) -> str:
        """Copy the file of this content."""
        template = self.folder / f"{content}.sqlite"
        if not template.exists():
            making = self.folder / f"{content}.making"
            making.unlink(missing_ok=True)
            release(environ_for(f"sqlite:///{making}", self.folder), content)
            making.rename(template)
        self.count += 1
        copy = self.folder / f"t{self.count}.sqlite"
        shutil.copyfile(template, copy)
        return f"sqlite:///{copy}"

    def drop(self, url: str) -> None:
        """Remove the file, with what SQLite lays beside it."""
        path = url.removeprefix("sqlite:///")
        for ending in ("", "-journal", "-wal", "-shm", "-next", "-turn"):
            Path(path + ending).unlink(missing_ok=True)


class PostgresqlDatabases:
    """Copies of a migrated database by CREATE DATABASE … TEMPLATE."""

    def __init__(self, cluster: Cluster, folder: Path) -> None:
        self.cluster = cluster
        self.folder = folder
        self.ready: set[str] = set()
        self.count = 0

    def fresh(self, content: str = EMPTY) -> str:
        """Copy the database of this content."""
        if content not in self.ready:
            self.cluster.drop(content)
            release(environ_for(self.cluster.create(content), self.folder), content)
            self.ready.add(content)
        self.count += 1
        return self.cluster.create(f"t{self.count}", content)

    def drop(self, url: str) -> None:
        """Drop the database."""
        self.cluster.drop(url.partition("@/")[2].partition("?")[0])


def release(environ: Mapping[str, str], content: str) -> None:
    """Bring a database up to date by the verb that real sites use, and fill it where the demo is asked for."""
    command = [sys.executable, "-m", "portal.cli", "release", *(["--demo"] if content == DEMO else [])]
    done = subprocess.run(command, cwd=ROOT, env=dict(environ), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"release failed:\n{done.stdout}{done.stderr}")
    _keep_large_towns(environ["DATABASE_URL"])


def _keep_large_towns(url: str) -> None:
    """Leave out the small towns: thirty thousand rows more would make each copy three times as slow."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DELETE FROM town WHERE population < :most"), {"most": LARGE_TOWN})
        connection.execute(text("VACUUM FULL town" if engine.dialect.name == "postgresql" else "VACUUM"))
    engine.dispose()
