"""The thread that an address names, for one of its two; for anybody else there is nothing here."""

from portal.domain.errors import NotFound
from portal.queries import checkin as queries
from portal.queries.checkin import Thread
from portal.web.access import me


def thread_of(walk_id: int) -> Thread:
    """Return the thread of a walk for who asks; NotFound for a stranger."""
    thread = queries.thread_for(me().id, walk_id)
    if thread is None:
        raise NotFound
    return thread
