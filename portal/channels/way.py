"""What every way to somebody has in common: a line that takes one notice after the other."""

from contextlib import AbstractContextManager
from typing import Protocol

from portal.domain.notice import Channel


class Line(Protocol):
    """A line that was opened for many notices; used by one thread at a time."""

    def send(self, to: str, raw: bytes) -> str | None:
        """Hand one over; back means taken. Returns the carrier's own name for it where it gives one.

        Raises Refused, Unreachable or Doubtful of portal.mail.errors, and nothing else.
        """


class Way(Protocol):
    """A way to somebody; one that a site has not set up is simply not there."""

    @property
    def channel(self) -> Channel:
        """Which way this is."""

    def line(self) -> AbstractContextManager[Line]:
        """Return a line; it is opened when it is first used."""
