"""Where bookings are measured: a database with its durability as in earnest, a broker, two gunicorn workers; and what
each of them works, in seconds of processor time."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from bench.booking import clients
from bench.booking.people import Tap
from bench.databases import databases_of
from bench.work import seconds_worked
from portal.app import create_app
from portal.launch.places import ROOT
from portal.settings import load
from tests.servers.databases import EMPTY
from tests.servers.site import Site

WEB, DATABASE, BROKER = "web", "database", "broker"


@dataclass
class Host:
    """A running site, its application in this process too, and the processes that make it up."""

    site: Site
    app: Flask
    engine: str
    roots: dict[str, int]
    folder: Path
    _numbers: Iterator[int]

    def post(self, lines: Sequence[Sequence[Tap]], until: int = 0) -> dict[str, Any]:
        """Let each client send its taps, one after the other; adds `work`, the seconds each part of the site worked."""
        path = self.folder / f"taps{next(self._numbers)}"
        path.write_text("\n".join(json.dumps([self._request(tap) for tap in taps]) for taps in lines))
        before = self._work()
        # By its file: as a module of this package it would first bring in all that the measurement needs, for seconds.
        command = [sys.executable, clients.__file__, str(self.site.port), str(path), str(until)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the clients fell: {done.stderr}")
        after = self._work()
        found: dict[str, Any] = json.loads(done.stdout)
        found["work"] = {part: after[part] - before[part] for part in after}
        return found

    def _request(self, tap: Tap) -> str:
        body = urlencode(tap.fields)
        head = (
            f"POST /book/{tap.walk_id} HTTP/1.1",
            f"Host: localhost:{self.site.port}",
            f"Cookie: portal={tap.cookie}",
            "Sec-Fetch-Site: same-origin",
            "Accept-Encoding: gzip, br",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        )
        return "\r\n".join([*head, "", body])

    def _work(self) -> dict[str, float]:
        return {part: seconds_worked(root) for part, root in self.roots.items()}


@contextmanager
def hosts(engines: Sequence[str], folder: Path) -> Iterator[list[Host]]:
    """Start a site on an empty database of each engine, on the disk of this folder: side by side, as most of it is
    work of one process; one that waits for its turn works nothing."""
    # The threads stay until the sites are stopped: a server ends with the thread that started it.
    with ThreadPoolExecutor() as pool, ExitStack() as kept:
        started = [pool.submit(kept.enter_context, _site(engine, folder / engine)) for engine in engines]
        wait(started)
        yield [
            _host(engine, *of_engine.result(), folder / engine)
            for engine, of_engine in zip(engines, started, strict=True)
        ]


def _host(engine: str, site: Site, roots: dict[str, int], folder: Path) -> Host:
    return Host(site, create_app(load(site.environ)), engine, roots, folder, count())


@contextmanager
def _site(engine: str, folder: Path) -> Iterator[tuple[Site, dict[str, int]]]:
    folder.mkdir()
    with databases_of(engine, folder) as (databases, cluster):
        site = Site(databases.fresh(EMPTY), folder)
        try:
            site.start("web")
            roots = {WEB: site.pid("web"), BROKER: site.valkey.pid}
            if cluster is not None:
                roots[DATABASE] = cluster.process.pid
            yield site, roots
        finally:
            site.stop()
