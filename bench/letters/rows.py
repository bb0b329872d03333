"""The rows of a morning: chats whose invitations and reminders are all due at one minute."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, text

from portal.db import transaction
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.models import Booking, Invitation, Notice, Person, Walk

ZONES = ("America/New_York", "America/Chicago", "America/Denver", "Europe/London")
HALF_HOUR = timedelta(minutes=30)
SLOTS_OF_A_DAY = 16


def fill(app: Flask, letters: int, now: datetime, first: int = 1) -> None:
    """Add chats of two people each, half of their letters invitations, half reminders of the day before, all due;
    chats are numbered from `first` on."""
    chats = range(first, first + letters // 4)
    with app.app_context(), transaction() as session:
        for model, rows in _rows(chats, now).items():
            session.execute(insert(model), rows)
        if session.get_bind().dialect.name == "postgresql":
            for name in ("person", "walk", "booking", "notice"):
                session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))
            # As its own autovacuum does in time; nothing does it on SQLite.
            session.execute(text("ANALYZE"))


def refill(app: Flask, now: datetime) -> None:
    """Let all letters be due again, as if none had been written."""
    with app.app_context(), transaction() as session:
        session.execute(
            text(
                "UPDATE notice SET state = 'due', attempts = 0, rendered = NULL, message_id = NULL, lease_until = NULL,"
                " settled_at = NULL, details = NULL"
            )
        )
        session.execute(text("DELETE FROM unsubscribe"))
        session.execute(text("UPDATE invitation SET invited_at = NULL"))


def _rows(numbers: range, now: datetime) -> dict[type, list[dict[str, object]]]:
    starts = {
        chat: (now + timedelta(days=2 + chat % 5)).replace(minute=0, second=0, microsecond=0)
        + HALF_HOUR * (chat % SLOTS_OF_A_DAY)
        for chat in numbers
    }
    both = [(chat, person) for chat in numbers for person in (2 * chat - 1, 2 * chat)]
    return {
        Person: [
            {
                "id": person,
                "email": f"person{person}@example.org",
                "name": f"Person {person}",
                "zone": ZONES[person % len(ZONES)],
                "created_at": now,
            }
            for _, person in both
        ],
        Walk: [
            {
                "id": chat,
                "member_id": 2 * chat - 1,
                "peer_id": 2 * chat,
                "state": State.FIRST_COFFEE,
                "asked_at": now,
                "since": now,
            }
            for chat in numbers
        ],
        Booking: [
            {
                "id": chat,
                "walk_id": chat,
                "member_id": 2 * chat - 1,
                "peer_id": 2 * chat,
                "starts_at": starts[chat],
                "ends_at": starts[chat] + HALF_HOUR,
                "format": Format.COFFEE,
                "place": "Juniper Café",
                "state": BookingState.BOOKED,
                "booked_by": 2 * chat - 1,
                "created_at": now,
            }
            for chat in numbers
        ],
        Invitation: [
            {"booking_id": chat, "person_id": person, "uid": str(UUID(int=person, version=4)), "changed_at": now}
            for chat, person in both
        ],
        Notice: [
            {
                "about": f"booking-{chat}" if kind is Kind.INVITATION else f"reminder-{chat}",
                "person_id": person,
                "booking_id": chat,
                "walk_id": chat,
                "kind": kind,
                "lead": "" if kind is Kind.INVITATION else "1d",
                "due_at": now,
                "created_at": now,
            }
            for kind in (Kind.INVITATION, Kind.REMINDER_DAY)
            for chat, person in both
        ],
    }
