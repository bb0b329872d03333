"""What gunicorn does before it opens its door, and each worker before its first page; the rest stands in `web`."""

import fcntl
import gc
import os

# A page leaves a few hundred objects that point at one another; with the default of 700 they are looked through
# several times within a page, and now and then everything the application consists of along with them.
YOUNG, OLDER, OLDEST = 20_000, 20, 50


def on_starting(server: object) -> None:
    """Wait, with the application loaded, until nobody holds the file that RELEASE_LOCK names, where it names one."""
    if held := os.environ.get("RELEASE_LOCK"):
        with open(held) as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)


def post_worker_init(worker: object) -> None:
    """Take what the application consists of out of what is looked through for garbage, time and again for nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDEST)
