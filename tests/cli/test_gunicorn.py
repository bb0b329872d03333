"""The door opens once the release is over; a worker looks for garbage in what pages leave, not in the application."""

import fcntl
import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from portal.cli import gunicorn
from portal.launch.places import ROOT

ASKED = """
import gc
from portal.cli.gunicorn import post_worker_init
kept = [[] for _ in range(1000)]
post_worker_init(None)
print(gc.get_freeze_count() > 1000, any(one is kept[0] for one in gc.get_objects()), gc.isenabled())
"""

DOOR = """
from portal.cli.gunicorn import on_starting
print("at the door", flush=True)
on_starting(None)
print("open")
"""


def test_the_door_opens_when_the_release_lets_go(tmp_path: Path) -> None:
    lock = tmp_path / "release.lock"
    environ = {**os.environ, "RELEASE_LOCK": str(lock)}
    with open(lock, "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        web = subprocess.Popen([sys.executable, "-c", DOOR], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        assert web.stdout is not None
        assert web.stdout.readline() == "at the door\n"
        with pytest.raises(subprocess.TimeoutExpired):
            web.wait(0.3)
    assert web.communicate(timeout=30)[0] == "open\n"


def test_a_door_without_a_release_opens_at_once() -> None:
    environ = {name: value for name, value in os.environ.items() if name != "RELEASE_LOCK"}
    done = subprocess.run(
        [sys.executable, "-c", DOOR], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=30
    )
    assert done.stdout == "at the door\nopen\n"


def test_what_stands_when_a_worker_begins_is_never_looked_through_again() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "True"]


class Loop:
    """Something that points at itself, so that only the collector can take it away."""

    def __init__(self) -> None:
        self.me = self


def test_what_pages_leave_in_circles_is_still_taken_away() -> None:
    before = gc.get_threshold()
    try:
        gunicorn.post_worker_init(None)
        left = weakref.ref(Loop())
        rest = [Loop() for _ in range(gunicorn.YOUNG)]
        del rest
        assert [Loop() for _ in range(gunicorn.YOUNG)]
        assert left() is None
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
