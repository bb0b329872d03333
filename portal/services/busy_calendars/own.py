"""What the verbs on a peer's own calendars share: the peer's row held, the form's key, the deed in the record."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.errors import BadInput, NotFound
from portal.domain.words import N_
from portal.models import BusyCalendar
from portal.queries import booking as booking_queries
from portal.queries import busy_calendars as queries
from portal.services import audit, once

LONGEST_NAME = 60
LONG_NAME = N_("Please use at most %(most)d characters.")


@dataclass
class Change:
    """An open change of a peer's calendars; set the calendar it was about."""

    session: Session
    calendar_id: int = 0


@contextmanager
def own_change(form: once.Form, verb: str, now: datetime) -> Iterator[Change | None]:
    """Open a verb on a peer's calendars; gives None when this form was used before, else keeps it and the deed."""
    peer_id = form.person_id
    with transaction() as session:
        # The bookings lock the same row: a chat is booked wholly before a change or by the times after it.
        booking_queries.lock_people(peer_id)
        if form.result() is not None:
            yield None
            return
        change = Change(session)
        yield change
        audit.record(session, verb, "person", peer_id, actor_id=peer_id, now=now)
        form.remember(session, change.calendar_id, now)


def own(peer_id: int, calendar_id: int) -> BusyCalendar:
    """Return a peer's calendar; NotFound for a stranger's."""
    found = queries.own_calendar(peer_id, calendar_id)
    if found is None:
        raise NotFound
    return found


def name_of(typed: str) -> str:
    """Return the name somebody gave, in one line; BadInput for a very long one."""
    name = " ".join(typed.split())
    if len(name) > LONGEST_NAME:
        raise BadInput("name", LONG_NAME, most=LONGEST_NAME)
    return name
