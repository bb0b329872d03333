"""What every verb on a peer's own time shares: one change in one transaction, and days that lie ahead."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.errors import BadInput, NotFound
from portal.domain.slots import local_date
from portal.domain.words import N_
from portal.models import PeerProfile, Person
from portal.queries import booking as booking_queries
from portal.services import audit, once

T = TypeVar("T")

AHEAD = timedelta(days=366)
HOURS_CHANGED = "hours changed"

GONE_BY = N_("That day has gone by. Please choose a later one.")
TOO_FAR = N_("Please choose a day within the next year.")
BACKWARDS = N_("The last day lies before the first. Please choose a later one.")


@dataclass
class OwnChange:
    """A change of a peer's own time: `seen_before` where this form was used already; `result` is what to answer."""

    session: Session
    result: int
    seen_before: bool = False


@contextmanager
def own_change(form: once.Form, now: datetime, *, deed: str = HOURS_CHANGED) -> Iterator[OwnChange]:
    """Open a verb on a peer's own time; keeps the form and the deed, unless the form was used before."""
    peer_id = form.person_id
    with transaction() as session:
        # The bookings lock the same row: a chat is booked wholly before a change or by the hours after it.
        booking_queries.lock_people(peer_id)
        done = form.result()
        if done is not None:
            yield OwnChange(session, done, seen_before=True)
            return
        if session.get(PeerProfile, peer_id) is None:
            session.add(PeerProfile(person_id=peer_id, updated_at=now))
            session.flush()
        change = OwnChange(session, peer_id)
        yield change
        audit.record(session, deed, "person", peer_id, actor_id=peer_id, now=now)
        form.remember(session, change.result, now)


def found(row: T | None) -> T:
    """Return the row, or raise NotFound."""
    if row is None:
        raise NotFound
    return row


def home_zone(session: Session, peer_id: int) -> str:
    """Return the zone a peer lives in."""
    return session.get_one(Person, peer_id).zone


def today_of(session: Session, peer_id: int, now: datetime) -> date:
    """Return a peer's date at home."""
    return local_date(now, home_zone(session, peer_id))


def check_days(first: date, last: date, today: date) -> None:
    """Raise BadInput unless these days are in order, not gone by, and within a year; the first may have begun."""
    if last < first:
        raise BadInput("last", BACKWARDS)
    field = "first" if first == last else "last"
    if last < today:
        raise BadInput(field, GONE_BY)
    if last > today + AHEAD:
        raise BadInput(field, TOO_FAR)
