"""A whole running site for journeys, races and faults: two gunicorn workers, worker, clock, mailbox, broker."""

import os
import signal
import sys
import time
import urllib.request
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from portal.launch.places import ROOT
from portal.launch.run import page_answers
from portal.launch.supervisor import Server, Supervisor
from tests.servers.ports import any_free
from tests.servers.settings import environ_for
from tests.servers.valkey import Valkey

PROGRAMS = ("mailbox", "web", "worker", "clock")
LONGEST_START = 60.0


class Site:
    """A site on a port of its own; its programs can be killed and started again one by one."""

    def __init__(
        self, database_url: str, var: Path, smtp_url: str | None = None, more: Mapping[str, str] | None = None
    ) -> None:
        self.port = any_free()
        self.address = f"http://localhost:{self.port}"
        self.mailbox = var / "mailbox"
        self.valkey = Valkey()
        mail_port = any_free()
        self.environ = environ_for(
            database_url,
            var,
            redis_url=self.valkey.url,
            smtp_url=smtp_url or f"smtp://127.0.0.1:{mail_port}",
            base_url=self.address,
        ) | {"DEMO_MAILBOX": str(self.mailbox), "WEB_CONCURRENCY": "2", "PYTHONUNBUFFERED": "1"}
        self.environ |= more or {}
        self._arguments = {
            "web": ["--host", "127.0.0.1", "--port", str(self.port)],
            "mailbox": ["--port", str(mail_port), "--maildir", str(self.mailbox)],
        }
        self._programs = PROGRAMS if smtp_url is None else PROGRAMS[1:]
        self.supervisor = Supervisor(self.environ, ROOT, var / "logs")

    def start(self, *names: str) -> None:
        """Start everything, or these programs only (web among them), and wait until pages are answered."""
        for name in names or self._programs:
            self.start_one(name)
        deadline = time.monotonic() + LONGEST_START
        while not page_answers("127.0.0.1", self.port):
            if self._server("web").process.poll() is not None or time.monotonic() > deadline:  # type: ignore[union-attr]
                raise RuntimeError(f"the web server does not start:\n{self.supervisor.last_lines('web', 40)}")
            time.sleep(0.05)  # between two looks whether it answers

    def start_one(self, name: str) -> None:
        """Start one of web, worker, clock, mailbox."""
        self.supervisor.start(name, [sys.executable, "-m", "portal.cli", name, *self._arguments.get(name, [])])

    def pid(self, name: str) -> int:
        """Return the process of a running program; gunicorn's workers are children of it."""
        process = self._server(name).process
        if process is None:
            raise RuntimeError(f"{name} does not run")
        return process.pid

    def kill(self, name: str) -> None:
        """End a program and all of its children by kill -9."""
        server = self._server(name)
        if server.process is not None and server.process.poll() is None:
            os.killpg(server.process.pid, signal.SIGKILL)
            server.process.wait()
        self.supervisor.servers.remove(server)

    def stop_one(self, name: str) -> None:
        """Stop a program as a deployment would."""
        self.supervisor.stop([self._server(name)])

    def stop(self) -> None:
        """Stop everything, the broker last."""
        self.supervisor.stop()
        self.valkey.stop()

    def log(self, name: str) -> str:
        """Return the end of what a program printed."""
        return self.supervisor.last_lines(name, 200)

    def get(self, path: str) -> tuple[int, str]:
        """Fetch a page as a stranger; returns the status and the text."""
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:
            return answer.status, answer.read().decode()

    def letters(self, to: str | None = None) -> list[EmailMessage]:
        """Return the letters in the mailbox, oldest first, or only those to one address."""
        files = [path for part in ("new", "cur") for path in (self.mailbox / part).glob("*")]
        files.sort(key=lambda path: path.stat().st_mtime_ns)
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
        return [letter for letter in found if to is None or to in str(letter["To"])]

    def wait_for_letter(self, to: str, count: int = 1, seconds: float = 20.0) -> EmailMessage:
        """Wait until this many letters to an address have come and return the last of them."""
        deadline = time.monotonic() + seconds
        while len(found := self.letters(to)) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} of {count} letters to {to} came; worker: {self.log('worker')}")
            time.sleep(0.05)  # between two looks into the mailbox
        return found[count - 1]

    def _server(self, name: str) -> Server:
        return next(server for server in self.supervisor.servers if server.name == name)
