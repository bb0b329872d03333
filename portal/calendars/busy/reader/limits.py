"""What the reader may use of the machine, and how long one series may take."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

CPU_SECONDS = 5
MEMORY_BYTES = 256 * 1024 * 1024
OPEN_FILES = 32  # zones are read from files, one at a time
SERIES_SECONDS = 1.0


class TooLong(BaseException):
    """A series takes longer than any that somebody lives by; past what libraries catch."""


def lower() -> None:
    """Lower this process's limits for good: processor, memory, files; it can write none."""
    for kind, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):
            continue  # a system that knows no such limit, or has a lower one


@contextmanager
def so_long(seconds: float = SERIES_SECONDS) -> Iterator[None]:
    """Let what is done inside take so many seconds of the processor; then a TooLong."""
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TooLong
