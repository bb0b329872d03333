"""Small builders for tests of the outbox: two people, their chat, and what became of its letters."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import read, transaction
from portal.domain.account import Role
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind, NoticeState
from portal.models import Booking, Notice, Person, PersonRole, Walk
from portal.services.notice.chat import owe_chat_cancellation, owe_chat_letters, owe_chat_update
from portal.services.notice.deliver import deliver
from portal.services.notice.owe import owe

HALF_HOUR = timedelta(minutes=30)


def add_person(name: str, now: datetime, *roles: Role, zone: str = "America/New_York") -> int:
    """Add somebody whose address is their name at example.org."""
    with transaction() as session:
        person = Person(email=f"{name.lower()}@example.org", name=name, zone=zone, created_at=now)
        session.add(person)
        session.flush()
        session.add_all(PersonRole(person_id=person.id, role=role, since=now) for role in roles)
        return person.id


def add_walk(member_id: int, peer_id: int, state: State, now: datetime, **more: object) -> int:
    """Add a walk in this state."""
    with transaction() as session:
        walk = Walk(member_id=member_id, peer_id=peer_id, state=state, asked_at=now, since=now, **more)
        session.add(walk)
        session.flush()
        return walk.id


def book(walk_id: int, member_id: int, peer_id: int, starts_at: datetime, now: datetime) -> int:
    """Book a chat, as the booking's verb does."""
    with transaction() as session:
        booking = Booking(
            walk_id=walk_id,
            member_id=member_id,
            peer_id=peer_id,
            starts_at=starts_at,
            ends_at=starts_at + HALF_HOUR,
            format=Format.COFFEE,
            place="Juniper Café",
            booked_by=member_id,
            created_at=now,
        )
        session.add(booking)
        session.flush()
        owe_chat_letters(session, booking, now=now)
        return booking.id


def move(booking_id: int, starts_at: datetime, now: datetime, by: int | None = None) -> None:
    """Move a chat, as the booking's verb does."""
    with transaction() as session:
        booking = session.get_one(Booking, booking_id)
        before, booking.starts_at, booking.ends_at = booking.starts_at, starts_at, starts_at + HALF_HOUR
        booking.revision += 1
        owe_chat_update(session, booking, before=before, now=now, by=by)


def cancel(booking_id: int, now: datetime, by: int | None = None) -> None:
    """Cancel a chat, as the booking's verb does."""
    with transaction() as session:
        booking = session.get_one(Booking, booking_id)
        booking.state = BookingState.CANCELLED
        booking.revision += 1
        owe_chat_cancellation(session, booking, now=now, by=by)


def owe_walk_letter(kind: Kind, person_id: int, walk_id: int, now: datetime) -> int:
    """Owe a letter of the walk; returns its id."""
    with transaction() as session:
        return owe(session, kind, person_id, about=f"walk-{walk_id}", walk_id=walk_id, due_at=now, now=now).id


def row(notice_id: int) -> Notice:
    """Return a letter's row as it is in the database."""
    (found,) = [notice for notice in rows() if notice.id == notice_id]
    return found


def rows(kinds: Iterable[Kind] | None = None) -> list[Notice]:
    """Return all letters of these kinds, oldest first; lets the database go, since an open reader stops a writer."""
    session = read()
    session.rollback()
    found = session.scalars(select(Notice).order_by(Notice.id)).all()
    session.expunge_all()
    session.rollback()
    wanted = set(kinds) if kinds is not None else set(Kind)
    return [notice for notice in found if notice.kind in wanted]


def one(kind: Kind, person_id: int, state: NoticeState | None = None) -> Notice:
    """Return the one letter of this kind to this person."""
    (found,) = [each for each in rows([kind]) if each.person_id == person_id and state in (None, each.state)]
    return found


def deliver_due(now: datetime) -> None:
    """Do what the workers do with all that is due now."""
    for notice in rows():
        if notice.state is NoticeState.DUE and notice.due_at <= now:
            deliver(notice.id, now=now)
