"""When the largest part of a page is drawn: Chromium with nothing kept, 150 ms away, 1.6 Mbit/s, a processor four times
slower; beside a bare page, text alone in one answer of as many bytes as the whole first visit."""

import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Browser

from bench.pages.client import Client, assets_of
from bench.pages.host import Host
from bench.report import Promise
from portal.launch import machine
from tests.servers.browser import chromium_browser

LATENCY_MS, BYTES_A_SECOND, SLOWER = 150, 1_600_000 // 8, 4
PROMISED_MS = 450.0
# Asked once the page has loaded: the last of the entries is the largest.
LARGEST = """() => new Promise(resolve => new PerformanceObserver(list =>
    resolve(list.getEntries().at(-1).startTime)).observe({type: "largest-contentful-paint", buffered: true}))"""
SENTENCE = "<p>A lamp in a window, two people at a kitchen table, and a path that goes up and down.</p>\n"
Row = dict[str, str | float | int]


def painted(running: Host, times: int) -> tuple[list[Row], list[Promise]]:
    """Draw every page so many times, in turns with its bare page; tells the medians. One at a time: two browsers at
    once make each other half again as slow."""
    program = machine.chromium()
    if program is None:
        return [{"page": "no Chromium on this machine", "largest paint ms": "–", "bare page ms": "–"}], []
    rows: list[Row] = []
    promises = []
    with chromium_browser(program) as browser:
        for page in running.pages:
            weight = _first_visit(Client(running.port, page.cookie), page.path)
            with _bare(weight) as bare:
                both = [
                    (
                        _largest(browser, f"http://localhost:{running.port}{page.path}", page.cookie),
                        _largest(browser, bare, ""),
                    )
                    for _ in range(times)
                ]
            ours, beside = (round(statistics.median(one)) for one in zip(*both, strict=True))
            rows.append({"page": page.name, "largest paint ms": ours, "bare page ms": beside})
            promises.append(Promise(f"largest paint of {page.name}, ms", PROMISED_MS, ours))
    return rows, promises


def _first_visit(client: Client, path: str) -> int:
    return client.get(path).weight + sum(client.get(asset).weight for asset in assets_of(client.text(path)))


def _largest(browser: Browser, address: str, cookie: str) -> float:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    try:
        if cookie:
            name, _, value = cookie.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATENCY_MS,
                "downloadThroughput": BYTES_A_SECOND,
                "uploadThroughput": BYTES_A_SECOND,
            },
        )
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(address, wait_until="load")
        return float(page.evaluate(LARGEST))
    finally:
        context.close()


@contextmanager
def _bare(weight: int) -> Iterator[str]:
    """Serve a page of so many bytes, headers left out of account; yields its address."""
    head = "<!doctype html><title>Bare</title><meta name=viewport content='width=device-width'>\n"
    body = (head + SENTENCE * (weight // len(SENTENCE)))[:weight].encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the library's name
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)) if self.path == "/" else "0")
            self.end_headers()
            if self.path == "/":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
