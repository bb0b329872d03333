"""The site's own programs, each in a process of its own, which can be killed at any instant."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from portal.launch import processes
from portal.launch.places import ROOT


class Program:
    """A verb of the portal, as a site runs it."""

    def __init__(self, verb: str, environ: Mapping[str, str], log: Path) -> None:
        self.verb, self.environ, self.log = verb, environ, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it."""
        with open(self.log, "ab") as output:
            command = [sys.executable, "-m", "portal.cli", self.verb]
            self.process = processes.start(command, self.environ, ROOT, output)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def said(self) -> str:
        """Return all that it printed."""
        return self.log.read_text() if self.log.exists() else ""


def wait_until(true: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Wait until something is so; a test fails with these words when it does not become so."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(what)
        time.sleep(0.02)  # between two looks, until the deadline
