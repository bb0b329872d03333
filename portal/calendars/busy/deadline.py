"""A moment after which nothing is waited for, also when a little comes again and again."""

import socket
from io import RawIOBase
from time import monotonic
from typing import Any


class Deadline:
    """So many seconds from now, on the clock that is never set."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds left; a TimeoutError when there are none."""
        seconds = self._ends - monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class TimelyReader(RawIOBase):
    """What comes over a line, where each wait is only as long as the deadline allows."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._line, self._deadline = line, deadline

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there."""
        self._line.settimeout(self._deadline.left())
        return self._line.recv_into(buffer)
