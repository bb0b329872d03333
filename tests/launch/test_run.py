"""`run` as a new user meets it: one sentence when it cannot, a site when it can, nothing left when it stops."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.launch.places import ROOT
from tests.launch.process_table import descendants, wait_until_gone
from tests.servers.ports import any_free

TAKEN_BY_TESTS = ("PORTAL_MODE", "SECRET_KEY", "ENCRYPTION_KEYS", "DATABASE_URL", "REDIS_URL", "SMTP_URL", "BASE_URL")


class Run:
    """One `python3 -m portal run`, on a port and a data folder of its own."""

    def __init__(self, var: Path, port: int) -> None:
        environ = {name: value for name, value in os.environ.items() if name not in TAKEN_BY_TESTS}
        environ |= {"PORTAL_VAR": str(var), "PORTAL_VENV": sys.prefix}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal", "run", "--port", str(port)],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_for_address(self) -> str:
        """Read what it says until it names the address to open."""
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.strip().startswith("Open http"):
                return line.split()[1]
        raise AssertionError("".join(said))

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal; returns the exit code and what it said since."""
        self.process.send_signal(number)
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said


@pytest.fixture
def runs() -> Iterator[list[Run]]:
    started: list[Run] = []
    yield started
    for run in started:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)
        assert run.process.stdout is not None
        run.process.stdout.close()


def people(var: Path) -> int:
    with sqlite3.connect(var / "portal.sqlite") as connection:
        count: int = connection.execute("SELECT count(*) FROM person").fetchone()[0]
    return count


def test_a_site_starts_stops_without_a_trace_and_keeps_its_data(tmp_path: Path, runs: list[Run]) -> None:
    port = any_free()
    runs.append(Run(tmp_path, port))
    address = runs[0].wait_for_address()
    assert address == f"http://localhost:{port}"
    with urllib.request.urlopen(f"{address}/healthz", timeout=10) as answer:
        assert answer.status == 200
    family = descendants(runs[0].process.pid)
    assert len(family) >= 5
    code, said = runs[0].end(signal.SIGINT)
    assert (code, said.splitlines()[-1]) == (0, "Stopping.")
    assert wait_until_gone(family) == set()
    before = people(tmp_path)
    assert before > 0

    runs.append(Run(tmp_path, port))
    runs[1].wait_for_address()
    assert people(tmp_path) == before

    second = Run(tmp_path, any_free())
    runs.append(second)
    said, _ = second.process.communicate(timeout=30)
    assert (second.process.returncode, said) == (
        1,
        f"The portal already runs with the data in {tmp_path}: {address}. "
        "For a second one set PORTAL_VAR to another folder.\n",
    )

    family = descendants(runs[1].process.pid)
    assert runs[1].end(signal.SIGKILL)[0] == -signal.SIGKILL
    if sys.platform.startswith("linux"):
        assert wait_until_gone(family) == set()


def test_a_taken_port_is_one_sentence(tmp_path: Path, runs: list[Run]) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        runs.append(Run(tmp_path, port))
        said, _ = runs[0].process.communicate(timeout=30)
    assert runs[0].process.returncode == 1
    assert said.startswith(f"Port {port} is taken by another program. Try: python3 -m portal run --port ")
    assert len(said.splitlines()) == 1
