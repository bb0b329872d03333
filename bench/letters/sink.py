"""An SMTP server that takes everything and keeps nothing: `python -m bench.letters.sink port late_ms`.

It tells its count to whoever asks by NOOP, so that a benchmark knows when the last letter was there.
"""

import asyncio
import sys
import time

STATE = {"letters": 0, "bytes": 0, "last": 0.0, "lines": 0}


class Line(asyncio.Protocol):
    """One line: reads commands, swallows letters, answers at once or `late` seconds later."""

    late = 0.0

    def __init__(self) -> None:
        self._held, self._in_letter = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = transport
        STATE["lines"] += 1
        self._say(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        """Take what came; answer all commands in it together."""
        held, answers = self._held + data, []
        while held:
            if self._in_letter:
                end = held.find(b"\r\n.\r\n")
                if end < 0:
                    break
                STATE["letters"] += 1
                STATE["bytes"] += end
                STATE["last"] = time.time()
                held, self._in_letter = held[end + 5 :], False
                answers.append(b"250 taken\r\n")
                continue
            line, found, rest = held.partition(b"\r\n")
            if not found:
                break
            held = rest
            answers.append(self._answer(line[:4].upper()))
        self._held = held
        if answers:
            self._say(b"".join(answers))

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"EHLO":
            return b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
        if verb == b"DATA":
            self._in_letter = True
            return b"354 go on\r\n"
        if verb == b"NOOP":
            return f"250 {STATE['letters']} {STATE['last']:.6f} {STATE['lines']}\r\n".encode()
        return b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n"

    def _say(self, answer: bytes) -> None:
        if self.late:
            asyncio.get_running_loop().call_later(self.late, self._transport.write, answer)  # type: ignore[attr-defined]
        else:
            self._transport.write(answer)  # type: ignore[attr-defined]


async def serve(port: int, late: float) -> None:
    """Serve until ended."""
    Line.late = late
    server = await asyncio.get_running_loop().create_server(Line, "127.0.0.1", port, backlog=200)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
