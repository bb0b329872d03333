"""Keeping what a calendar told: the busy times, and what could not be read; nothing silently turns free."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.notice import Kind
from portal.domain.slots import Span, merge
from portal.domain.slots.calendars import (
    BEHIND,
    READ_EVERY,
    TOLD_AGAIN_AFTER,
    Reading,
    Trouble,
    next_reading,
    tell_at,
    told_of,
)
from portal.models import BusyCalendar, BusyTime
from portal.queries import busy_calendars as queries
from portal.services.notice.owe import owe

UNLINKED = {"synchronize_session": False}


def keep(session: Session, calendar: BusyCalendar, reading: Reading, now: datetime) -> None:
    """Take over a reading. Where an entry could not be read, all that was busy stays so, and what is new is added."""
    calendar.tried_at = now
    if calendar.address is not None:
        calendar.due_at = now + READ_EVERY
    if not reading.unread:
        calendar.read_at, calendar.trouble, calendar.trouble_detail = now, None, None
        put_times(session, calendar, reading.busy)
        return
    _note_trouble(session, calendar, Trouble.SOME, told_of(reading.unread), now)
    # Asked by this mark the next time, an unchanged calendar would look as if it had been read wholly.
    calendar.etag = calendar.last_modified = None
    put_times(session, calendar, merge([*queries.busy_spans(calendar.id), *reading.busy]))


def keep_trouble(session: Session, calendar: BusyCalendar, trouble: Trouble, now: datetime) -> None:
    """Note that nothing could be read, and try again later; the last good copy stays."""
    calendar.tried_at = now
    _note_trouble(session, calendar, trouble, None, now)
    if calendar.address is not None:
        calendar.due_at = next_reading(now, calendar.read_at or calendar.created_at)


def _note_trouble(
    session: Session, calendar: BusyCalendar, trouble: Trouble, detail: str | None, now: datetime
) -> None:
    # Whoever has just sent a file reads it on the page; of what is read by itself nobody would know.
    begins = calendar.trouble is None and calendar.address is not None
    calendar.trouble, calendar.trouble_detail = trouble, detail
    if begins and not queries.told_since(calendar.id, now - TOLD_AGAIN_AFTER):
        about, minute = queries.letter_about(calendar.id), int(now.timestamp()) // 60
        due_at = tell_at(trouble, now)
        owe(session, Kind.CALENDAR_LOOK, calendar.peer_id, about=about, revision=minute, due_at=due_at, now=now)


def put_times(session: Session, calendar: BusyCalendar, spans: Iterable[Span]) -> None:
    """Put these busy times in the place of those there were."""
    session.execute(delete(BusyTime).where(BusyTime.calendar_id == calendar.id), execution_options=UNLINKED)
    whose = {"calendar_id": calendar.id, "peer_id": calendar.peer_id}
    rows = [{**whose, "starts_at": starts_at, "ends_at": ends_at} for starts_at, ends_at in spans]
    if rows:
        session.execute(insert(BusyTime), rows)


def read_in_full(session: Session, peer_id: int, now: datetime) -> None:
    """Have somebody's calendars read anew, for they live by another clock: whole days are others now."""
    theirs = update(BusyCalendar).where(BusyCalendar.peer_id == peer_id, BusyCalendar.address.is_not(None))
    session.execute(theirs.values(etag=None, last_modified=None, due_at=now), execution_options=UNLINKED)


def forget_past(*, now: datetime) -> int:
    """Forget busy times a day after they have passed; returns how many."""
    with transaction() as session:
        past = delete(BusyTime).where(BusyTime.ends_at <= now - BEHIND).returning(BusyTime.id)
        return len(session.execute(past, execution_options=UNLINKED).all())
