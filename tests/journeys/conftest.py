"""A harmless page on this machine to leave to, and a site that leaves there."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.servers.site import Site

WEATHER = b'<!doctype html><html lang="en"><title>Weather</title><h1>Weather</h1></html>'


class Harmless(BaseHTTPRequestHandler):
    """Answers everything with the weather."""

    def do_GET(self) -> None:
        """Show the weather."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(WEATHER)

    def log_message(self, *_line: object) -> None:
        """Keep quiet."""


@pytest.fixture
def harmless() -> Iterator[str]:
    """The address of a page that says nothing about anybody."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Harmless)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def quiet_site(demo_url: str, harmless: str, tmp_path: Path) -> Iterator[Site]:
    """A running demo site whose way out leads to the harmless page."""
    site = Site(demo_url, tmp_path / "quiet")
    site.environ["LEAVE_TO"] = harmless
    try:
        site.start()
        yield site
    finally:
        site.stop()
