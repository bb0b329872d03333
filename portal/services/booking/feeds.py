"""Somebody's own chats for a calendar that reads them by itself: an address that is a key, made, renewed, ended."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy.orm import Session

from portal.calendars.feed import feed as written_feed
from portal.calendars.feed import tag_of
from portal.db import retry_once, transaction
from portal.domain.errors import NotFound
from portal.models import CalendarFeed
from portal.queries import notice as notice_queries
from portal.queries.account import hash_of
from portal.queries.booking import feeds as queries
from portal.services import audit
from portal.services.account.people import locked
from portal.services.notice.event import entry_stamp, event_of, summary_for
from portal.services.notice.office import office

KEY_BYTES = 32
# That it was read is told to its owner; a program that reads each minute need not write each minute.
READ_IS_NOTED_AFTER = timedelta(minutes=15)


@retry_once
def make_feed(person_id: int, *, now: datetime) -> str:
    """Make an address and return its key, which is not kept; an earlier one ends."""
    key = token_urlsafe(KEY_BYTES)
    with transaction() as session:
        locked(session, person_id)
        renewed = _end(session, person_id, now)
        session.add(CalendarFeed(person_id=person_id, token_hash=hash_of(key), created_at=now))
        verb = "calendar renewed" if renewed else "calendar opened"
        audit.record(session, verb, "person", person_id, actor_id=person_id, now=now)
    return key


@retry_once
def end_feed(person_id: int, *, now: datetime) -> None:
    """Take the address back: from now on it opens nothing; where there is none, nothing is done."""
    with transaction() as session:
        locked(session, person_id)
        if _end(session, person_id, now):
            audit.record(session, "calendar closed", "person", person_id, actor_id=person_id, now=now)


def read_feed(key: str, *, now: datetime) -> tuple[bytes, str]:
    """Return what a calendar reads under this key, and its tag; NotFound for a key that opens nothing."""
    found = queries.feed_behind(key)
    if found is None:
        raise NotFound
    if found.read_at is None or now - found.read_at >= READ_IS_NOTED_AFTER:
        _note_read(found.id, now)
    person = notice_queries.person(found.person_id)
    if person is None:
        raise NotFound
    summary = summary_for(person)
    events = [
        event_of(booking, entry, person, office(), now=entry_stamp(booking, entry), summary=summary)
        for booking, entry in queries.chats_of(person.id, now)
    ]
    content = written_feed(summary, events)
    return content, tag_of(content)


def _note_read(feed_id: int, now: datetime) -> None:
    with transaction() as session:
        row = session.get(CalendarFeed, feed_id)
        if row is not None:
            row.read_at = now


def _end(session: Session, person_id: int, now: datetime) -> bool:
    ended = queries.rows_of(person_id)
    for row in ended:
        row.revoked_at = now
    session.flush()
    return bool(ended)
