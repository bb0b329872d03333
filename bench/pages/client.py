"""One client on loopback that keeps its connection and its cookies, and counts what comes over the line."""

import http.client
import re
import socket
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie

# What a browser of today asks for.
ENCODINGS = "gzip, deflate, br, zstd"
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Received:
    """One answer: its status, its headers, and how many bytes they and the body took on the line."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def weight(self) -> int:
        """Bytes, with the status line and the headers."""
        head = sum(len(name) + len(value) + 4 for name, value in self.headers.items())
        return len("HTTP/1.1 200 OK\r\n\r\n") + head + len(self.body)


class Client:
    """Asks a server on loopback; begins with this cookie and keeps those that it is given, as a browser does."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.headers = {"Accept-Encoding": ENCODINGS, "Sec-Fetch-Site": "same-origin"}
        self.cookies = SimpleCookie(cookie)
        self.line = self._connected()

    def get(self, path: str, **headers: str) -> Received:
        """Ask for a page; raises RuntimeError where the answer is none."""
        kept = {"Cookie": "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())}
        sent = self.headers | kept | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            received = self._asked(path, sent)
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server ends a connection that rested for two seconds; the next request opens a new one.
            self.line = self._connected()
            received = self._asked(path, sent)
        if received.status >= 400:
            raise RuntimeError(f"{path} answers {received.status}")
        for given in received.headers.get_all("Set-Cookie", []):
            self.cookies.load(given)
        return received

    def text(self, path: str) -> str:
        """Return a page uncompressed, to read it."""
        return self.get(path, Accept_Encoding="identity").body.decode()

    def timed(self, path: str, times: int) -> list[float]:
        """Return how long each of so many requests took, in milliseconds."""
        found = []
        for _ in range(times):
            begun = time.perf_counter()
            self.get(path)
            found.append((time.perf_counter() - begun) * 1000)
        return found

    def _asked(self, path: str, headers: dict[str, str]) -> Received:
        self.line.request("GET", path, headers=headers)
        answer = self.line.getresponse()
        return Received(answer.status, answer.headers, answer.read())

    def _connected(self) -> http.client.HTTPConnection:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.connect()
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line


def assets_of(page: str) -> list[str]:
    """Return the addresses of what a page loads from this site."""
    return sorted(set(ASSET.findall(page)))
