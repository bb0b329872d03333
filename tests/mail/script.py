"""A server that speaks from a script, for the moods in which a real one cannot be put."""

import socket
import threading
from collections.abc import Sequence

from portal.mail.smtp import Line, Server


def send(server: Server, sender: str, to: str, raw: bytes, seconds: float = 60.0) -> None:
    """Hand over one letter by a line of its own."""
    with Line(server, sender, seconds) as line:
        line.send(to, raw)


class ScriptedServer:
    """Greets with the first answer, gives the next after each line it reads, and then closes or stays silent."""

    def __init__(self, answers: Sequence[str], silent: bool = False) -> None:
        self.answers, self.silent = answers, silent
        self.heard: list[bytes] = []
        self._over = threading.Event()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)
        self._door.close()

    def _serve(self) -> None:
        line, _ = self._door.accept()
        with line, line.makefile("rb") as lines:
            for number, answer in enumerate(self.answers):
                if number:
                    self.heard.append(lines.readline())
                line.sendall(answer.encode() + b"\r\n")
            if self.silent:
                self._over.wait(30)
