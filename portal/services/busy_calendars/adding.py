"""Adding a calendar: an address is only kept and read later, a file is read at once and not kept."""

from datetime import datetime
from hashlib import sha256

from portal import queue
from portal.calendars.busy import address_of, read
from portal.db import after_commit, retry_once
from portal.domain.errors import BadInput, NotFound
from portal.domain.slots.calendars import AHEAD_OF_FILE, BEHIND, MOST_CALENDARS, Reading, Unreadable
from portal.domain.words import N_
from portal.models import BusyCalendar
from portal.queries import busy_calendars as queries
from portal.services import once
from portal.services.busy_calendars.keeping import keep
from portal.services.busy_calendars.own import name_of, own, own_change

ADDED = "calendar added"
REPLACED = "calendar replaced"
ENOUGH = N_("You have %(most)d calendars here, which is as many as there is room for. Remove one first.")
THERE = N_("This calendar is here already.")


@retry_once
def add_address(peer_id: int, name: str, typed: str, *, key: str, now: datetime) -> int:
    """Keep a secret address and ask for it to be read."""
    called = name_of(name)
    try:
        address = address_of(typed).text
    except Unreadable as error:
        raise BadInput("address", error.trouble.sentence) from None
    with own_change(once.form(peer_id, key, "add calendar", called, address), ADDED, now) as change:
        if change is not None:
            held = queries.addresses_of(peer_id)
            if address in held:
                raise BadInput("address", THERE)
            _check_room(held, "address")
            calendar = BusyCalendar(peer_id=peer_id, name=called, address=address, due_at=now, created_at=now)
            change.session.add(calendar)
            change.session.flush()
            change.calendar_id = calendar_id = calendar.id
            after_commit(lambda: queue.post_readings([calendar_id]))
    return peer_id


@retry_once
def add_file(peer_id: int, name: str, raw: bytes, *, key: str, now: datetime) -> int:
    """Keep when a file says its peer is busy, for a year from now, and nothing else of it."""
    called = name_of(name)
    reading = _read(peer_id, raw, now)
    with own_change(once.form(peer_id, key, "add file", called, _mark(raw)), ADDED, now) as change:
        if change is not None:
            _check_room(queries.addresses_of(peer_id), "file")
            calendar = BusyCalendar(peer_id=peer_id, name=called, created_at=now)
            change.session.add(calendar)
            change.session.flush()
            change.calendar_id = calendar.id
            keep(change.session, calendar, reading, now)
    return peer_id


@retry_once
def replace_file(peer_id: int, calendar_id: int, raw: bytes, *, key: str, now: datetime) -> int:
    """Take a newer file for a calendar that came as one."""
    found = queries.own_calendar(peer_id, calendar_id)
    if found is None or found.address is not None:
        raise NotFound
    reading = _read(peer_id, raw, now)
    with own_change(once.form(peer_id, key, "replace file", calendar_id, _mark(raw)), REPLACED, now) as change:
        if change is not None:
            change.calendar_id = calendar_id
            keep(change.session, own(peer_id, calendar_id), reading, now)
    return peer_id


def _mark(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def _read(peer_id: int, raw: bytes, now: datetime) -> Reading:
    try:
        return read(raw, (now - BEHIND, now + AHEAD_OF_FILE), queries.zone_of(peer_id))
    except Unreadable as error:
        raise BadInput("file", error.trouble.sentence) from None


def _check_room(held: list[str | None], field: str) -> None:
    if len(held) >= MOST_CALENDARS:
        raise BadInput(field, ENOUGH, most=MOST_CALENDARS)
