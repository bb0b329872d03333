"""It is getting heavy: one of the two asks for a coordinator, who is told who asks, and none of the words."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.errors import NotFound, Stale
from portal.domain.words import N_
from portal.queries import checkin as queries
from portal.queries.account.choices import READ
from portal.services import audit
from portal.services.checkin.whose import thread_of, walk_of_two
from portal.services.walk import locked_walk

NOT_ASKED = N_("Somebody has been in touch with them already.")


@retry_once
def bring_in(walk_id: int, person_id: int, *, now: datetime) -> None:
    """Ask for a coordinator; asked by the other already, it stays theirs. The other of the two is not told."""
    with transaction() as session:
        thread = thread_of(session, walk_of_two(walk_id, person_id), now)
        if thread.heavy_at is None:
            thread.heavy_at, thread.heavy_by = now, person_id
        audit.record(session, "coordinator asked for", "walk", walk_id, actor_id=person_id, now=now)


def look_how_to_reach(walk_id: int, coordinator_id: int, *, both: bool = False, now: datetime) -> None:
    """Record that a coordinator looked how whoever asked may be reached, or both; each of these can see it.

    NotFound where there is no thread, Stale where nobody asks any more.
    """
    with transaction() as session:
        if queries.thread_row(walk_id) is None:
            raise NotFound
        two = queries.reach_of_both(walk_id)
        if two is None:
            raise Stale(NOT_ASKED)
        for one in two if both else two[:1]:
            audit.record(session, READ, "safe_contact", one.id, actor_id=coordinator_id, now=now)


@retry_once
def in_touch(walk_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Keep that a coordinator has been in touch; a second time nothing changes."""
    with transaction() as session:
        locked_walk(walk_id)
        thread = queries.thread_row(walk_id)
        if thread is None:
            raise NotFound
        if thread.heavy_at is not None:
            thread.heavy_at = thread.heavy_by = None
            audit.record(session, "coordinator in touch", "walk", walk_id, actor_id=coordinator_id, now=now)
