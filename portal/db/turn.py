"""A fair turn for those who write to one SQLite file, in any thread of any process: first come, first served.

SQLite itself lets writers that wait sleep and try again, so that some of them wait for seconds. Here the kernel wakes
the next one, and it frees the turn of a process that dies; one that stands still has the others refused after a while.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from time import monotonic

from sqlalchemy.exc import OperationalError

LONGEST_WAIT = 15.0
# Those who have given up leave a thread behind until whoever stands still goes on: so many, and no more.
_places = threading.BoundedSemaphore(64)
_held = threading.local()


@contextmanager
def turn(database: str, seconds: float = LONGEST_WAIT) -> Iterator[None]:
    """Wait until it is one's turn to write to this file, and keep the turn for the block; is not nested.

    OperationalError, as from SQLite's own waiting, where it does not come in these seconds.
    """
    if getattr(_held, "database", None) == database:
        raise RuntimeError("this thread writes already, and would wait for itself")
    # Only the first of those who wait stands at the turn itself: whoever gives it back and comes again, comes last.
    until = monotonic() + seconds
    with _locked(f"{database}-next", until):
        turn_of_mine = _lock(f"{database}-turn", until)
    _held.database = database
    try:
        yield
    finally:
        _held.database = None
        _free(turn_of_mine)


@contextmanager
def _locked(path: str, until: float) -> Iterator[None]:
    lock = _lock(path, until)
    try:
        yield
    finally:
        _free(lock)


def _lock(path: str, until: float) -> int:
    # Opened anew each time: a lock belongs to what was opened, and a fork would share that.
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _waited_for(lock, until)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _waited_for(lock: int, until: float) -> int:
    # The kernel's waiting keeps the order but cannot be broken off, and trying again and again would lose the order:
    # so a thread waits in one's place, and whatever it is given too late it gives back.
    if not _places.acquire(timeout=max(0.0, until - monotonic())):
        os.close(lock)
        raise _refusal()
    given: Future[int] = Future()
    threading.Thread(target=_wait, args=(lock, given), daemon=True).start()
    try:
        return given.result(until - monotonic())
    except TimeoutError:
        if given.cancel():
            raise _refusal() from None
        return given.result()  # it came at the last moment
    except BaseException:
        if not given.cancel() and given.exception() is None:
            _free(lock)
        raise


def _wait(lock: int, given: Future[int]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        os.close(lock)
        if given.set_running_or_notify_cancel():
            given.set_exception(error)
    else:
        if given.set_running_or_notify_cancel():
            given.set_result(lock)
        else:
            _free(lock)
    finally:
        _places.release()


def _refusal() -> OperationalError:
    return OperationalError("BEGIN IMMEDIATE", None, TimeoutError("database is locked"), hide_parameters=True)


def _free(lock: int) -> None:
    # By word as well: a process that was forked meanwhile may hold it open.
    fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)
