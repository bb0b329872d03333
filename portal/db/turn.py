"""A fair turn for those who write to one SQLite file, in any thread of any process: first come, first served.

SQLite itself lets writers that wait sleep and try again, so that some of them wait for seconds. Here the kernel wakes
the next one, and it frees the turn of a process that dies.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_held = threading.local()


@contextmanager
def turn(database: str) -> Iterator[None]:
    """Wait until it is one's turn to write to this file, and keep the turn for the block; is not nested."""
    if getattr(_held, "database", None) == database:
        raise RuntimeError("this thread writes already, and would wait for itself")
    # Only the first of those who wait stands at the turn itself: whoever gives it back and comes again, comes last.
    with _locked(f"{database}-next"):
        turn_of_mine = _lock(f"{database}-turn")
    _held.database = database
    try:
        yield
    finally:
        _held.database = None
        _free(turn_of_mine)


@contextmanager
def _locked(path: str) -> Iterator[None]:
    lock = _lock(path)
    try:
        yield
    finally:
        _free(lock)


def _lock(path: str) -> int:
    # Opened anew each time: a lock belongs to what was opened, and a fork would share that.
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _free(lock: int) -> None:
    # By word as well: a process that was forked meanwhile may hold it open.
    fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)
