"""What a peer does with a calendar that is here: another name, reading it again now, taking it away."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from portal import queue
from portal.db import after_commit, retry_once
from portal.domain.errors import NotFound
from portal.models import BusyTime
from portal.queries.busy_calendars import letter_about
from portal.services import once
from portal.services.busy_calendars.keeping import UNLINKED
from portal.services.busy_calendars.own import name_of, own, own_change
from portal.services.notice.owe import void

RENAMED = "calendar renamed"
ASKED = "calendar read again"
REMOVED = "calendar removed"
A_MOMENT = timedelta(minutes=1)


@retry_once
def rename(peer_id: int, calendar_id: int, name: str, *, key: str, now: datetime) -> int:
    """Give a calendar another name."""
    called = name_of(name)
    with own_change(once.form(peer_id, key, "rename calendar", calendar_id, called), RENAMED, now) as change:
        if change is not None:
            own(peer_id, calendar_id).name = called
            change.calendar_id = calendar_id
    return peer_id


@retry_once
def read_again(peer_id: int, calendar_id: int, *, key: str, now: datetime) -> int:
    """Ask for a calendar to be read as soon as a worker has time; one that was tried a moment ago is left in peace."""
    with own_change(once.form(peer_id, key, "read again", calendar_id), ASKED, now) as change:
        if change is not None:
            calendar = own(peer_id, calendar_id)
            if calendar.address is None:
                raise NotFound
            if calendar.tried_at is None or calendar.tried_at <= now - A_MOMENT:
                calendar.due_at = now
                after_commit(lambda: queue.post_readings([calendar_id]))
            change.calendar_id = calendar_id
    return peer_id


@retry_once
def remove(peer_id: int, calendar_id: int, *, key: str, now: datetime) -> int:
    """Take a calendar away, its address and its busy times with it."""
    with own_change(once.form(peer_id, key, "remove calendar", calendar_id), REMOVED, now) as change:
        if change is not None:
            calendar = own(peer_id, calendar_id)
            times = delete(BusyTime).where(BusyTime.calendar_id == calendar_id)
            change.session.execute(times, execution_options=UNLINKED)
            change.session.delete(calendar)
            void(change.session, letter_about(calendar_id), now=now)
            change.calendar_id = calendar_id
    return peer_id
