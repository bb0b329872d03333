"""Reading a calendar by its address, by the worker: claim the row, fetch and read outside of any transaction, keep."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import update

from portal import queue
from portal.calendars.busy import Address, Fetched, Fetcher, address_of, read
from portal.db import after_commit, transaction
from portal.domain.slots.calendars import AHEAD, BEHIND, READ_EVERY, Reading, Trouble, Unreadable
from portal.models import BusyCalendar
from portal.queries import booking as booking_queries
from portal.queries import busy_calendars as queries
from portal.services.busy_calendars.keeping import keep, keep_trouble

LEASE = timedelta(minutes=5)
POSTED_AT_ONCE = 200
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """A calendar that is being read; what is secret about it is not shown by any log."""

    calendar_id: int
    peer_id: int
    zone: str
    address: Address = field(repr=False)
    etag: str | None = field(repr=False)
    last_modified: str | None = field(repr=False)


@dataclass(frozen=True)
class Outcome:
    """What became of it: a reading, or None where nothing has changed, with the marks for the next time."""

    reading: Reading | None = field(repr=False)
    fetched: Fetched = field(repr=False)


def pick_up(*, now: datetime) -> int:
    """Post the calendars that are to be read by now; a lost queue loses nothing."""
    with transaction():
        due = queries.due_calendars(now, POSTED_AT_ONCE)
        after_commit(lambda: queue.post_readings(due))
    return len(due)


def refresh(calendar_id: int, *, now: datetime, fetcher: Fetcher | None = None) -> None:
    """Read this calendar if it is due and nobody else is at it; whatever happens, the row says so afterwards."""
    fault: str | None = None
    try:
        task = _claim(calendar_id, now)
        if task is not None:
            _settle(task, _outcome(task, fetcher or Fetcher(), now), now)
    except Exception as error:  # nothing foreign may reach the queue's record of failed jobs, not even as context
        fault = type(error).__name__
    if fault is not None:
        logger.error("calendar %s: %s", calendar_id, fault)


def _claim(calendar_id: int, now: datetime) -> Task | None:
    claim = update(BusyCalendar).where(BusyCalendar.id == calendar_id, BusyCalendar.due_at <= now)
    with transaction() as session:
        # Whoever dies at it lets the row come up again after the lease.
        values = claim.values(due_at=now + LEASE, tried_at=now).returning(BusyCalendar.id)
        if session.execute(values, execution_options={"synchronize_session": False}).scalar() is None:
            return None
        calendar = queries.calendar(calendar_id)
        if calendar is None or calendar.address is None:
            return None
        # Once a day it is read in full, for its days move on even where nothing in it changes.
        asks = calendar.read_at is not None and calendar.read_at.date() == now.date()
        return Task(
            calendar_id,
            calendar.peer_id,
            queries.zone_of(calendar.peer_id),
            address_of(calendar.address),
            calendar.etag if asks else None,
            calendar.last_modified if asks else None,
        )


def _outcome(task: Task, fetcher: Fetcher, now: datetime) -> Outcome | Trouble:
    try:
        fetched = fetcher.fetch(task.address, task.etag, task.last_modified)
        if fetched.body is None:
            return Outcome(None, fetched)
        return Outcome(read(fetched.body, (now - BEHIND, now + AHEAD), task.zone), fetched)
    except Unreadable as error:
        return error.trouble


def _settle(task: Task, outcome: Outcome | Trouble, now: datetime) -> None:
    with transaction() as session:
        booking_queries.lock_people(task.peer_id)
        calendar = queries.calendar(task.calendar_id)
        if calendar is None:
            return
        if isinstance(outcome, Trouble):
            keep_trouble(session, calendar, outcome, now)
            return
        if outcome.reading is None:
            calendar.read_at, calendar.due_at = now, now + READ_EVERY
            calendar.trouble = calendar.trouble_detail = None
            return
        calendar.etag, calendar.last_modified = outcome.fetched.etag, outcome.fetched.last_modified
        keep(session, calendar, outcome.reading, now)
