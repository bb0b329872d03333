"""Where letters are measured: a database as durable as in earnest, a broker, the server, the site's own workers."""

import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from rq import Worker
from sqlalchemy import text

from bench.databases import databases_of
from bench.letters import rivals
from bench.work import seconds_worked
from portal import clock
from portal.app import create_app
from portal.db import db
from portal.launch.places import ROOT
from portal.launch.ports import any_free
from portal.models.types import keyring
from portal.services.notice.sweep import sweep
from portal.settings import load
from tests.servers.databases import EMPTY
from tests.servers.settings import environ_for
from tests.servers.valkey import Valkey

SWEEP_SECONDS = 5.0  # as the clock does
LONGEST_SECONDS = 900.0


@dataclass
class Running:
    """A worker of the site."""

    process: subprocess.Popen[bytes]
    before: float = 0.0

    def peak_mb(self) -> float:
        """Return the most memory it has held."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))

    def seconds(self) -> float:
        """Return how long it has worked since it was ready."""
        return seconds_worked(self.process.pid) - self.before


@dataclass
class Host:
    """A site without its web."""

    engine: str
    app: Flask
    url: str
    environ: dict[str, str]
    valkey: Valkey
    port: int
    asked: int = 0
    _sink: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def sink(self, late_ms: int) -> None:
        """Start the server anew, with a count of nothing."""
        self.stop()
        self._sink = subprocess.Popen(
            [sys.executable, "-m", "bench.letters.sink", str(self.port), str(late_ms)], cwd=ROOT
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                break
            time.sleep(0.05)  # between two looks whether it answers
        self.asked = self.lines()

    def stop(self) -> None:
        """Stop the server."""
        if self._sink is not None:
            self._sink.terminate()
            self._sink.wait()
            self._sink = None

    @contextmanager
    def workers(self, count: int) -> Iterator[list[Running]]:
        """Start so many workers, and wait until they listen."""
        client = self.valkey.client()
        client.flushall()
        command = [sys.executable, "-m", "portal.cli", "worker"]
        running = [Running(subprocess.Popen(command, cwd=ROOT, env=self.environ)) for _ in range(count)]
        try:
            deadline = time.monotonic() + 60
            while Worker.count(connection=client) < count:
                if time.monotonic() > deadline:
                    raise RuntimeError("the workers do not come up")
                time.sleep(0.05)  # between two looks whether they are up
            for worker in running:
                worker.before = seconds_worked(worker.process.pid)
            yield running
        finally:
            client.close()
            for worker in running:
                worker.process.terminate()
            for worker in running:
                worker.process.wait()

    def sweep_until(self, letters: int) -> float:
        """Sweep as the clock does until all letters are there; returns when the last one was."""
        began, swept = time.monotonic(), 0.0
        while True:
            if time.monotonic() - swept > SWEEP_SECONDS:
                swept = time.monotonic()
                with self.app.app_context():
                    sweep(now=clock.now())
            count, last, _ = self._told()
            if count >= letters and self.not_sent() == 0:
                return last
            if time.monotonic() - began > LONGEST_SECONDS:
                raise RuntimeError(f"only {count} of {letters} letters came")
            time.sleep(0.2)  # between two looks how many came

    def lines(self) -> int:
        """Return how many lines the server has been spoken to by, this question's included."""
        return int(self._told()[2])

    def _told(self) -> tuple[int, float, int]:
        self.asked += 1
        with smtplib.SMTP("127.0.0.1", self.port) as line:
            count, last, lines = line.noop()[1].split()
        return int(count), float(last), int(lines)

    def not_sent(self) -> int:
        """Return how many letters are not marked as sent."""
        with self.app.app_context():
            return int(self._ask("SELECT count(*) FROM notice WHERE state <> 'sent'")[0][0])

    def ids(self) -> list[int]:
        """Return all letters, invitations and reminders in turn."""
        with self.app.app_context():
            return [row[0] for row in self._ask("SELECT id FROM notice ORDER BY booking_id, id")]

    def written(self, count: int) -> list[tuple[str, bytes]]:
        """Return letters as they were sent, with whom they go to."""
        with self.app.app_context():
            rows = self._ask(
                "SELECT p.email, n.rendered FROM notice n JOIN person p ON p.id = n.person_id"
                f" ORDER BY n.booking_id, n.id LIMIT {count}"
            )
        return [(row[0], keyring.open(row[1], "notice.rendered")) for row in rows]

    def _ask(self, statement: str) -> Sequence[Any]:
        with db.engine.connect() as connection:
            return connection.execute(text(statement)).all()

    def by_queue(self, ids: list[int], together: int) -> float:
        """Let a SimpleWorker send these by the rivals' job; returns the seconds."""
        self.valkey.client().flushall()
        before, url = self._told()[0], self.url
        rivals.enqueue(self.valkey.url, url, self.port, ids, together)
        command = [sys.executable, "-m", "bench.letters.rivals", self.valkey.url]
        # Its start is not counted: the first letter is when it begins.
        working = subprocess.Popen(command, cwd=ROOT, env=os.environ | self.environ)
        while self._told()[0] == before:
            time.sleep(0.005)  # between two looks whether the first came
        began = time.time()
        first = self._told()[0] - before
        working.wait()
        count, last, _ = self._told()
        if count - before != len(ids):
            raise RuntimeError("the rivals did not send all")
        return (last - began) * len(ids) / (len(ids) - first)

    def stream(self, raw: list[tuple[str, bytes]]) -> float:
        """Send all letters at once without waiting for answers: what the server can take at most."""
        before = self._told()[0]
        head = b"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
        whole = b"".join(head + content + b"\r\n.\r\n" for _, content in raw)
        began = time.time()
        with socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(whole)
            line.shutdown(socket.SHUT_WR)
            while line.recv(65536):
                pass
        count, last, _ = self._told()
        if count - before != len(raw):
            raise RuntimeError("the server did not count all")
        return last - began


@contextmanager
def host(engine: str, folder: Path) -> Iterator[Host]:
    """Start what letters need on an empty database of this engine, on the disk of this folder."""
    with databases_of(engine, folder) as (databases, _cluster):
        valkey, port = Valkey(), any_free()
        try:
            url = databases.fresh(EMPTY)
            environ = environ_for(url, folder, redis_url=valkey.url, smtp_url=f"smtp://127.0.0.1:{port}")
            there = Host(engine, create_app(load(environ)), url, environ, valkey, port)
            try:
                yield there
            finally:
                there.stop()
                with there.app.app_context():
                    db.engine.dispose()
        finally:
            valkey.stop()
