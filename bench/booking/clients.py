"""The clients: one process of their own, on plain sockets, so that they take as little as can be of what they measure.

Reads a file of JSON lines, one for each client: the requests it sends one after the other on a connection it keeps.
Where `until` is given, a client stops at the first answer with that status. Prints one JSON object.
"""

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Client:
    """One client: what it still has to send, and what it has seen."""

    port: int
    requests: list[bytes]
    until: int
    line: socket.socket | None = None
    received: bytes = b""
    begun: float = 0.0
    at: int = 0
    milliseconds: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def send(self, waiting: selectors.BaseSelector) -> None:
        """Send the next request whole; they are small."""
        self.begun = time.perf_counter()
        if self.line is None:
            self.line = socket.create_connection(("127.0.0.1", self.port))
            self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting.register(self.line, selectors.EVENT_READ, self)
        self.line.sendall(self.requests[self.at])

    def hear(self, waiting: selectors.BaseSelector) -> bool:
        """Take what has come; returns whether this client is through."""
        line = self.line
        if line is None:
            raise RuntimeError("there is no line to hear from")
        part = line.recv(65536)
        if not part:
            # The server ends a connection that has rested: what was sent into it was not read, and is sent again.
            self._hang_up(waiting)
            self.send(waiting)
            return False
        self.received += part
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return False
        self.milliseconds.append((time.perf_counter() - self.begun) * 1000)
        self.statuses.append(int(head[9:12]))
        self.received = b""
        self.at += 1
        if b"connection: close" in head.lower():
            self._hang_up(waiting)
        if self.at == len(self.requests) or self.statuses[-1] == self.until:
            self._hang_up(waiting)
            return True
        self.send(waiting)
        return False

    def _hang_up(self, waiting: selectors.BaseSelector) -> None:
        if self.line is not None:
            waiting.unregister(self.line)
            self.line.close()
            self.line = None


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


def run(port: int, lines: list[list[str]], until: int) -> dict[str, Any]:
    """Let all clients send what they have; returns times and statuses by client, seconds, and the processor's."""
    clients = [Client(port, [request.encode() for request in requests], until) for requests in lines]
    begun, worked = time.perf_counter(), time.process_time()
    with selectors.DefaultSelector() as waiting:
        for client in clients:
            client.send(waiting)
        open_clients = len(clients)
        while open_clients:
            for key, _ in waiting.select(60):
                open_clients -= key.data.hear(waiting)
    return {
        "seconds": time.perf_counter() - begun,
        "worked": time.process_time() - worked,
        "milliseconds": [client.milliseconds for client in clients],
        "statuses": [client.statuses for client in clients],
    }


def main() -> None:
    """`clients port file until`."""
    port, path, until = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    print(json.dumps(run(port, lines, until)))


if __name__ == "__main__":
    main()
