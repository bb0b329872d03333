"""What each of gunicorn's workers does before its first page; the rest of its settings stand in `serve`."""

import gc

# A page leaves a few hundred objects that point at one another; with the default of 700 they are looked through
# several times within a page, and now and then everything the application consists of along with them.
YOUNG, OLDER, OLDEST = 20_000, 20, 50


def post_worker_init(worker: object) -> None:
    """Take what the application consists of out of what is looked through for garbage, time and again for nothing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, OLDER, OLDEST)
