"""Weight and speed of pages, over HTTP against two gunicorn workers, beside a bare Flask answer of the same bytes.

Weight is what a phone receives with brotli allowed: the page alone, and the first visit with its styles and scripts.
Speed is the median and the 99th percentile of one client's request on loopback, in milliseconds; the ratio compares
it with `bare`: a Flask view that answers ready-made bytes of the same page, measured in the same run.
"""

import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from bench.report import Promise, Report
from portal.launch.places import ROOT
from portal.launch.ports import any_free
from tests.servers.databases import DEMO, release
from tests.servers.settings import environ_for
from tests.servers.site import Site

FIRST_VISIT_KB = 30.0
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|webmanifest)[^"]*)"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
Fetch = Callable[[str], bytes]


class Browser:
    """One client that keeps its connection and its cookie."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookie = ""

    def fetch(self, path: str, form: dict[str, str] | None = None) -> bytes:
        """Return the bytes of a page as they came over the line."""
        headers = {"Accept-Encoding": "br, gzip", "Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._ask("POST" if form is not None else "GET", path, urlencode(form or {}), headers)
        body = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = cookie.partition(";")[0]
        if answer.status >= 400:
            raise RuntimeError(f"{path} answers {answer.status}")
        return body

    def plain(self, path: str) -> str:
        """Return a page uncompressed, to read it."""
        return self._ask("GET", path, "", {"Cookie": self.cookie}).read().decode()

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        for last in (False, True):
            try:
                self.line.request(method, path, body, headers)
                return self.line.getresponse()
            except (http.client.RemoteDisconnected, BrokenPipeError):
                # The server ends a connection that rested for two seconds; the next request opens a new one.
                self.line.close()
                if last:
                    raise
        raise AssertionError("not reached")


def measure(quick: bool) -> Report:
    """Start a demo site and measure its pages."""
    times = 100 if quick else 600
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        var = Path(folder)
        url = f"sqlite:///{var / 'bench.sqlite'}"
        release(environ_for(url, var), DEMO)
        site = Site(url, var)
        site.start()
        try:
            return _measured(site, var, times)
        finally:
            site.stop()


def _measured(site: Site, var: Path, times: int) -> Report:
    rows: list[dict[str, str | float | int]] = []
    promises: list[Promise] = []
    for name, browser, path in _visits(site.port):
        page = browser.fetch(path)
        assets = sum(len(browser.fetch(asset)) for asset in sorted(set(ASSET.findall(browser.plain(path)))))
        first_visit = (len(page) + assets) / 1000
        bare = _bare_server(var, browser.plain(path).encode())
        try:
            ours, ceiling = _times(browser.fetch, path, times), _times(bare.browser.fetch, "/", times)
        finally:
            bare.process.terminate()
            bare.process.wait()
        rows.append(
            {
                "page": name,
                "page kB": round(len(page) / 1000, 1),
                "first visit kB": round(first_visit, 1),
                "median ms": round(statistics.median(ours), 2),
                "p99 ms": round(sorted(ours)[int(len(ours) * 0.99) - 1], 2),
                "bare median ms": round(statistics.median(ceiling), 2),
                "ratio": round(statistics.median(ours) / statistics.median(ceiling), 1),
            }
        )
        promises.append(Promise(f"first visit of {name}, kB", FIRST_VISIT_KB, round(first_visit, 1)))
    return Report("pages", rows, promises)


def _visits(port: int) -> list[tuple[str, Browser, str]]:
    stranger, member, peer, coordinator = (Browser(port) for _ in range(4))
    buttons = re.findall(r'action="(/demo/be/\d+)"', stranger.plain("/demo"))
    for browser, address in zip((member, peer, coordinator), buttons, strict=False):
        browser.fetch("/demo")  # for the cookie that the form's token belongs to
        token = TOKEN.search(browser.plain("/demo"))
        browser.fetch(address, {"csrf_token": token.group(1) if token else ""})
    return [
        ("front page", stranger, "/"),
        ("help lines", stranger, "/help"),
        ("sign in", stranger, "/sign-in"),
        ("member's home", member, "/"),
        ("peer's times", peer, "/times"),
        ("coordinator's board", coordinator, "/care"),
    ]


class _Bare:
    def __init__(self, process: subprocess.Popen[bytes], browser: Browser) -> None:
        self.process = process
        self.browser = browser


def _bare_server(var: Path, body: bytes) -> _Bare:
    (var / "bare.html").write_bytes(body)
    port = any_free()
    environ = {**os.environ, "BARE": str(var / "bare.html")}
    command = [sys.executable, "-m", "gunicorn", "bench.bare:app", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    process = subprocess.Popen(
        [*command, "--threads", "4", "--no-control-socket", "--log-level", "error"], cwd=ROOT, env=environ
    )
    deadline = time.monotonic() + 20
    while True:
        try:
            browser = Browser(port)
            browser.fetch("/")
            return _Bare(process, browser)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)  # between two looks whether it answers


def _times(fetch: Fetch, path: str, times: int) -> list[float]:
    for _ in range(10):
        fetch(path)
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        fetch(path)
        found.append((time.perf_counter() - begun) * 1000)
    return found
