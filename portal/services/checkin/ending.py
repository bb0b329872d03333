"""Each of the two may end their thread, and whoever ended it may open it again; the walk goes on."""

from datetime import datetime

from sqlalchemy import update

from portal.db import retry_once, transaction
from portal.domain.checkin import CheckInState
from portal.domain.errors import NotAllowed
from portal.domain.words import N_
from portal.models import ThreadReader
from portal.queries import checkin as queries
from portal.services import audit
from portal.services.checkin.rhythm import end_check_in
from portal.services.checkin.telling import about
from portal.services.checkin.whose import thread_of, walk_of_two
from portal.services.notice.owe import void

THEIRS_TO_OPEN = N_("Whoever closed this thread can open it again.")


@retry_once
def end_thread(walk_id: int, person_id: int, *, now: datetime) -> None:
    """End a thread without a reason; its check-in ends with it. Ended already, it stays as it is."""
    with transaction() as session:
        walk = walk_of_two(walk_id, person_id)
        thread = thread_of(session, walk, now)
        if thread.ended_at is not None:
            return
        thread.ended_at, thread.ended_by = now, person_id
        row = queries.check_in_row(walk_id)
        if row is not None and row.state is not CheckInState.OVER:
            end_check_in(session, walk, row, now=now)
        void(session, about(walk_id), now=now)
        # Opened again, it may not be the one thread by text any more: each of the two is asked anew.
        by_text = update(ThreadReader).where(ThreadReader.walk_id == walk_id).values(by_text=False)
        session.execute(by_text, execution_options={"synchronize_session": False})
        audit.record(session, "thread ended", "walk", walk_id, actor_id=person_id, now=now)


@retry_once
def open_again(walk_id: int, person_id: int, *, now: datetime) -> None:
    """Open a thread again that one has ended oneself; a check-in has to be set anew. NotAllowed for the other."""
    with transaction() as session:
        walk = walk_of_two(walk_id, person_id)
        thread = thread_of(session, walk, now)
        if thread.ended_at is None:
            return
        if thread.ended_by != person_id:
            raise NotAllowed(THEIRS_TO_OPEN)
        thread.ended_at = thread.ended_by = None
        audit.record(session, "thread opened again", "walk", walk_id, actor_id=person_id, now=now)
