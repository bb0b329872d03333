"""What the tests of faults share: an app context, and the site's own programs, not yet started."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.jobs.programs import Program
from tests.servers.settings import environ_for
from tests.servers.smtp import Sink
from tests.servers.valkey import Valkey


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """The application with its context."""
    with app.app_context():
        yield app


@pytest.fixture
def environ(engine_url: str, valkey: Valkey, smtp: Sink, tmp_path: Path) -> dict[str, str]:
    """The settings of `app`, for other processes."""
    return environ_for(engine_url, tmp_path, redis_url=valkey.url, smtp_url=smtp.url)


@pytest.fixture
def worker(environ: dict[str, str], tmp_path: Path) -> Iterator[Program]:
    """A real worker."""
    made = Program("worker", environ, tmp_path / "worker.log")
    yield made
    made.kill()


@pytest.fixture
def clockwork(environ: dict[str, str], tmp_path: Path) -> Iterator[Program]:
    """A real clock."""
    made = Program("clock", environ, tmp_path / "clock.log")
    yield made
    made.kill()
