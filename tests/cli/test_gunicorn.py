"""A worker looks through what pages leave behind, not through the application itself, and still finds garbage."""

import gc
import subprocess
import sys
import weakref

from portal.cli import gunicorn
from portal.launch.places import ROOT

ASKED = """
import gc
from portal.cli.gunicorn import post_worker_init
kept = [[] for _ in range(1000)]
post_worker_init(None)
print(gc.get_freeze_count() > 1000, any(one is kept[0] for one in gc.get_objects()), gc.isenabled())
"""


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
