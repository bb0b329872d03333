"""Servers that fall are started again after a growing pause; none outlives the launcher."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.launch.places import ROOT
from portal.launch.supervisor import Supervisor, pause_after
from tests.launch.process_table import descendants, wait_until_gone

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]  # ended by the test
# Prints once it no longer hears SIGTERM, and has a child that left the process group.
DEAF = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "print('up', flush=True)\n"
    "time.sleep(600)",
]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    found = Supervisor(dict(os.environ), ROOT, tmp_path)
    yield found
    found.stop()


def wait_for(condition: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # between two looks, until the deadline


@pytest.mark.parametrize(("falls", "seconds"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (40, 60)])
def test_the_pause_grows_up_to_a_minute(falls: int, seconds: float) -> None:
    assert pause_after(falls) == seconds


def test_a_fallen_server_is_started_again_and_said(supervisor: Supervisor, capfd: pytest.CaptureFixture[str]) -> None:
    server = supervisor.start("sleeper", SLEEPER)
    first = server.process
    assert first is not None
    first.kill()
    first.wait()
    supervisor.tend()
    assert capfd.readouterr().err == (
        f"The sleeper was ended by signal 9; it is started again in 1 s. See {supervisor.log_of('sleeper')}\n"
    )

    def is_up_again() -> bool:
        supervisor.tend()
        return server.process is not first

    wait_for(is_up_again)
    assert server.process is not None
    assert server.process.poll() is None


def test_stopping_ends_a_server_that_does_not_listen_and_its_children(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.launch.supervisor.PATIENCE", 0.1)
    server = supervisor.start("deaf", DEAF)
    wait_for(lambda: supervisor.last_lines("deaf") == "up")
    assert server.process is not None
    family = {server.process.pid} | descendants(server.process.pid)
    assert len(family) == 2
    supervisor.stop()
    assert wait_until_gone(family) == set()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_servers_go_when_the_launcher_is_gone(number: signal.Signals, tmp_path: Path) -> None:
    program = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from portal.launch.supervisor import Supervisor\n"
        f"Supervisor(dict(os.environ), Path({str(ROOT)!r}), Path({str(tmp_path)!r})).start('sleeper', {SLEEPER!r})\n"
        "time.sleep(600)\n"
    )
    launcher = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    log = tmp_path / "sleeper.log"
    wait_for(lambda: log.exists() and log.read_text() == "up\n")
    family = descendants(launcher.pid)
    assert len(family) == 1
    launcher.send_signal(number)
    launcher.wait()
    if sys.platform.startswith("linux"):
        assert wait_until_gone(family) == set()
    else:  # only Linux tells a child that its parent is gone
        os.kill(family.pop(), signal.SIGTERM)
