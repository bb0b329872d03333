"""The parts of a site as real processes, each of which can be taken away at any instant and is then started again."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from portal.settings import load
from tests.jobs.programs import Program
from tests.jobs.test_notice_canary import everything_in
from tests.servers.databases import EMPTY, Databases, PostgresqlDatabases, SqliteDatabases
from tests.servers.postgresql import Cluster
from tests.servers.settings import environ_for
from tests.servers.smtp_sink import SmtpSink
from tests.servers.valkey import Valkey

WORKERS = 2


@dataclass
class Parts:
    """What runs. `cluster` is None on SQLite; `heard` collects what the broker held whenever somebody looked."""

    app: Flask
    valkey: Valkey
    sink: SmtpSink
    cluster: Cluster | None
    workers: list[Program]
    clock: Program
    heard: list[str]

    @property
    def programs(self) -> list[Program]:
        """Return the workers and the clock."""
        return [*self.workers, self.clock]

    def tend(self) -> None:
        """Start again what has ended, as the supervisor does."""
        for program in self.programs:
            if program.process is None or program.process.poll() is not None:
                program.start()

    def listen(self) -> None:
        """Keep what the broker holds now."""
        client = self.valkey.client()
        self.heard.append(everything_in(client))
        client.close()

    def said(self) -> str:
        """Return all that these parts have printed."""
        printed = [program.said() for program in self.programs]
        folders = [self.valkey.folder, *([self.cluster.folder] if self.cluster else [])]
        return "\n".join([*printed, *((folder / "log").read_text(errors="replace") for folder in folders)])


@contextmanager
def running(engine: str, sink_program: Path, postgresql_programs: Path | None) -> Iterator[Parts]:
    """Run a site without people on "sqlite" or "postgresql" until the block ends."""
    # Imported here, so that the verb answers --help at once.
    from portal.app import create_app

    with tempfile.TemporaryDirectory(prefix="portal-faults-") as name:
        folder = Path(name)
        cluster = Cluster(postgresql_programs, durable=True) if engine == "postgresql" and postgresql_programs else None
        databases: Databases = PostgresqlDatabases(cluster, folder) if cluster else SqliteDatabases(folder)
        valkey, sink = Valkey(), SmtpSink(sink_program)
        environ = environ_for(databases.fresh(EMPTY), folder, redis_url=valkey.url, smtp_url=sink.url)
        workers = [Program("worker", environ, folder / f"worker{number}.log") for number in range(WORKERS)]
        clock = Program("clock", environ, folder / "clock.log")
        parts = Parts(create_app(load(environ)), valkey, sink, cluster, workers, clock, [])
        try:
            yield parts
        finally:
            for program in parts.programs:
                program.kill()
            sink.stop()
            valkey.stop()
            if cluster:
                cluster.stop()
