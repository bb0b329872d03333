"""Empty databases of either engine for a measurement, as durable as a real site's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import postgresql
from tests.servers.databases import Databases, PostgresqlDatabases, SqliteDatabases


@contextmanager
def databases_of(engine: str, folder: Path) -> Iterator[tuple[Databases, postgresql.Cluster | None]]:
    """Yield what makes databases on the disk of this folder, and the server behind them where there is one."""
    if engine == "sqlite":
        yield SqliteDatabases(folder), None
        return
    programs = postgresql.find_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is missing")
    cluster = postgresql.Cluster(programs, durable=True)
    try:
        yield PostgresqlDatabases(cluster, folder), cluster
    finally:
        cluster.stop()
