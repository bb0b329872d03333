"""Where pages are measured: a site on a database where thousands wait, its ceiling beside it, and who looks at them."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from bench.community import community
from bench.pages.ceiling import PAGES
from bench.pages.client import Client
from bench.pages.waiting import Cast, write_waiting
from portal import clock
from portal.app import create_app
from portal.cli.web import gunicorn_command
from portal.db import db, transaction
from portal.launch.places import ROOT
from portal.launch.ports import any_free
from portal.services.account import begin_sign_in
from portal.settings import load
from tests.servers.databases import EMPTY, SqliteDatabases
from tests.servers.site import Site

WAITING = 10_000
CEILING = "/ceiling/{}"
# So many are told in full, with topics, wishes and hours; the others only wait.
TOLD, PEERS = 400, 200
LONGEST_START = 60.0


@dataclass(frozen=True)
class Page:
    """A page, and who looks at it; `promised` where it is one of those whose speed is promised."""

    name: str
    path: str
    cookie: str = ""
    promised: bool = False


@dataclass(frozen=True)
class Host:
    """Two servers that run: the site and its ceiling, each with the process that began it."""

    pages: list[Page]
    port: int
    process: int
    ceiling_port: int
    ceiling_process: int


@contextmanager
def host(folder: Path) -> Iterator[Host]:
    """Start everything on SQLite, on the disk of this folder."""
    site = Site(SqliteDatabases(folder).fresh(EMPTY), folder)
    try:
        app = create_app(load(site.environ))
        with app.app_context():
            with transaction() as session:
                told = community(TOLD, PEERS)
                cast = write_waiting(session, told, WAITING - TOLD, clock.now())
            db.engine.dispose()
        pages = _pages(app, cast)
        port = any_free()
        process = _ceiling(site.environ, pages, port)
        try:
            site.start("web")
            _wait_for_ceiling(process, port)
            yield Host(pages, site.port, site.pid("web"), port, process.pid)
        finally:
            process.terminate()
            process.wait()
    finally:
        site.stop()


def _pages(app: Flask, cast: Cast) -> list[Page]:
    member, booker, coordinator = (
        _cookie(app, person, staff=person == cast.coordinator)
        for person in (cast.walker, cast.booker, cast.coordinator)
    )
    return [
        Page("front page", "/"),
        Page("sign in", "/sign-in"),
        Page("days and times", f"/book/{cast.walk}", booker, promised=True),
        Page("member's home", "/", member, promised=True),
        Page("coordinator's queue", "/care", coordinator, promised=True),
        Page("coordinator's queue, everybody", "/care?show=all", coordinator),
    ]


def _cookie(app: Flask, person_id: int, *, staff: bool) -> str:
    with app.app_context():
        token = begin_sign_in(person_id, now=clock.now(), second_factor=staff)
        db.engine.dispose()
    with app.test_client() as client:
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    if cookie is None:
        raise RuntimeError("no cookie was made")
    return f"{cookie.key}={cookie.value}"


def _ceiling(environ: dict[str, str], pages: list[Page], port: int) -> subprocess.Popen[bytes]:
    told = json.dumps([{"path": page.path, "cookie": page.cookie} for page in pages])
    command = gunicorn_command("bench.pages.ceiling:ceiling()", "127.0.0.1", port, 2)
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environ, PAGES: told})


def _wait_for_ceiling(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + LONGEST_START
    while True:
        try:
            Client(port).get(CEILING.format(0))
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)  # between two looks whether it answers
