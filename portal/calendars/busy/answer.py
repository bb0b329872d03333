"""One question by HTTP/1.1 (RFC 9112) and its answer, at most 1 MiB on the line and 1 MiB after decompression."""

import socket
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from io import BufferedReader
from typing import Any

from portal.calendars.busy.address import Address
from portal.calendars.busy.deadline import Deadline, TimelyReader
from portal.domain.slots.calendars import LARGEST_BYTES, Trouble, Unreadable

CHUNK = 64 * 1024
LONGEST_ETAG = 200
LONGEST_DATE = 80
GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; the body of anything but a 200 is not read."""

    status: int
    body: bytes = b""
    location: str = ""
    etag: str | None = None
    last_modified: str | None = None


class _Line:
    """A line as http.client wants it: something it can make a file of."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self._reader = BufferedReader(TimelyReader(line, deadline))

    def makefile(self, *_: Any) -> Any:
        """Return the reader with the deadline."""
        return self._reader


def ask(
    line: ssl.SSLSocket, address: Address, etag: str | None, last_modified: str | None, deadline: Deadline
) -> Answer:
    """Ask for a calendar, if it has changed since; raises Unreadable, OSError or HTTPException."""
    line.settimeout(deadline.left())
    line.sendall(_question(address, etag, last_modified))
    response = HTTPResponse(_Line(line, deadline), method="GET")  # type: ignore[arg-type]
    response.begin()
    return Answer(
        response.status,
        _body(response) if response.status == 200 else b"",
        response.getheader("Location", ""),
        _short(response.getheader("ETag"), LONGEST_ETAG),
        _short(response.getheader("Last-Modified"), LONGEST_DATE),
    )


def _question(address: Address, etag: str | None, last_modified: str | None) -> bytes:
    lines = [
        f"GET {address.target} HTTP/1.1",
        f"Host: {address.host}",
        "User-Agent: calendar-reader/1",
        "Accept: text/calendar, */*;q=0.1",
        "Accept-Encoding: gzip",
        "Connection: close",
    ]
    if etag:
        lines.append(f"If-None-Match: {etag}")
    if last_modified:
        lines.append(f"If-Modified-Since: {last_modified}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _short(header: str | None, longest: int) -> str | None:
    """Return a header that can be kept and sent again as it came, or nothing."""
    kept = header is not None and len(header) <= longest and header.isascii() and header.isprintable()
    return header if kept else None


def _body(response: HTTPResponse) -> bytes:
    packed = response.getheader("Content-Encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise Unreadable(Trouble.ODD)
    chunks = _chunks(response)
    body = _unpacked(chunks) if packed not in ("", "identity") else b"".join(chunks)
    if response.length:  # less came than was promised
        raise Unreadable(Trouble.CUT_SHORT)
    return body


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    size = 0
    while chunk := response.read(CHUNK):
        size += len(chunk)
        if size > LARGEST_BYTES:
            raise Unreadable(Trouble.TOO_LARGE)
        yield chunk


def _unpacked(chunks: Iterator[bytes]) -> bytes:
    body, machine = bytearray(), zlib.decompressobj(GZIP_OR_ZLIB)
    for chunk in chunks:
        rest = chunk
        while rest:
            if machine.eof:  # one packed part after another is one body (RFC 1952, 2.2)
                machine = zlib.decompressobj(GZIP_OR_ZLIB)
            try:
                body += machine.decompress(rest, LARGEST_BYTES + 1 - len(body))
            except zlib.error:
                raise Unreadable(Trouble.ODD) from None
            if len(body) > LARGEST_BYTES:
                raise Unreadable(Trouble.TOO_LARGE)
            rest = machine.unused_data or machine.unconsumed_tail
    if not machine.eof:
        raise Unreadable(Trouble.CUT_SHORT)
    return bytes(body)
