"""What a booking would cost alone: its rows (the chat, both holds, both invitations' and reminders' notices) in one
transaction on one connection, by the driver's own statements and through the ORM's objects; nothing is checked."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flask import Flask

from portal.db import db, transaction
from portal.domain.booking import BookingState
from portal.domain.experience import Format
from portal.domain.notice import Kind, NoticeState
from portal.models import Booking, Hold, Notice

HALF_HOUR = timedelta(minutes=30)
KINDS = (Kind.INVITATION, Kind.REMINDER_DAY)
FAR = timedelta(days=400)  # no chat of the benchmark lies there, and no reminder is due
_BOOKING = """INSERT INTO booking
 (walk_id, member_id, peer_id, starts_at, ends_at, format, place, state, revision, booked_by, created_at)
 VALUES (?, ?, ?, ?, ?, 'phone', '', 'booked', 0, ?, ?)"""
_HOLD = """INSERT INTO hold (booking_id, person_id, starts_at, ends_at, rest_before_minutes, rest_after_minutes, active)
 VALUES (?, ?, ?, ?, 0, 0, true)"""
_NOTICE = """INSERT INTO notice
 (about, person_id, booking_id, walk_id, kind, channel, revision, due_at, state, attempts, doubts, created_at)
 VALUES (?, ?, ?, ?, ?, 'email', 0, ?, 'due', 0, 0, ?)"""
_TOGETHER = """WITH
 chat AS (INSERT INTO booking
   (walk_id, member_id, peer_id, starts_at, ends_at, format, place, state, revision, booked_by, created_at)
   VALUES (%(walk)s, %(member)s, %(peer)s, %(starts)s, %(ends)s, 'phone', '', 'booked', 0, %(member)s, %(now)s)
   RETURNING id),
 held AS (INSERT INTO hold
   (booking_id, person_id, starts_at, ends_at, rest_before_minutes, rest_after_minutes, active)
   SELECT chat.id, who.id, %(starts)s, %(ends)s, 0, 0, true
   FROM chat, unnest(ARRAY[%(member)s, %(peer)s]::int[]) AS who (id))
INSERT INTO notice
   (about, person_id, booking_id, walk_id, kind, channel, revision, due_at, state, attempts, doubts, created_at)
   SELECT 'bare-' || chat.id, who.id, chat.id, %(walk)s, kind.name, 'email', 0, %(starts)s, 'due', 0, 0, %(now)s
   FROM chat, unnest(ARRAY[%(member)s, %(peer)s]::int[]) AS who (id), unnest(%(kinds)s::text[]) AS kind (name)"""


def per_second(write: Callable[[int], None], times: int) -> float:
    """Return how often this was done in a second, after a few tries that do not count."""
    warm = 20
    for number in range(warm):
        write(number)
    begun = time.perf_counter()
    for number in range(warm, warm + times):
        write(number)
    return times / (time.perf_counter() - begun)


def bare_statement(app: Flask, walks: Sequence[tuple[int, int, int]], now: datetime, times: int) -> float:
    """Return bookings a second by the driver alone: (walk, member, peer) in turn, each time at another time."""
    with app.app_context():
        connection = db.engine.raw_connection()
        try:
            on_sqlite = db.engine.dialect.name == "sqlite"
            cursor = connection.cursor()

            def write(number: int) -> None:
                walk, member, peer = walks[number % len(walks)]
                starts = now + FAR + HALF_HOUR * number
                ends = starts + HALF_HOUR
                if on_sqlite:
                    times_of = (str(starts), str(ends))
                    cursor.execute("BEGIN IMMEDIATE")
                    cursor.execute(_BOOKING, (walk, member, peer, *times_of, member, str(now)))
                    chat = cursor.lastrowid
                    cursor.executemany(_HOLD, [(chat, who, *times_of) for who in (member, peer)])
                    about = f"bare-{chat}"
                    cursor.executemany(
                        _NOTICE,
                        [
                            (about, who, chat, walk, kind.value, str(starts), str(now))
                            for who in (member, peer)
                            for kind in KINDS
                        ],
                    )
                    cursor.execute("COMMIT")
                else:
                    names = {"walk": walk, "member": member, "peer": peer, "starts": starts, "ends": ends, "now": now}
                    cursor.execute(_TOGETHER, names | {"kinds": [kind.value for kind in KINDS]})
                    connection.commit()

            return per_second(write, times)
        finally:
            connection.close()


def through_objects(app: Flask, walks: Sequence[tuple[int, int, int]], now: datetime, times: int) -> float:
    """Return bookings a second with the same rows as objects of the ORM, in the house's transaction."""

    def write(number: int) -> None:
        walk, member, peer = walks[number % len(walks)]
        starts = now + 2 * FAR + HALF_HOUR * number
        ends = starts + HALF_HOUR
        with transaction() as session:
            chat = Booking(
                walk_id=walk,
                member_id=member,
                peer_id=peer,
                starts_at=starts,
                ends_at=ends,
                format=Format.PHONE,
                place="",
                state=BookingState.BOOKED,
                booked_by=member,
                created_at=now,
            )
            session.add(chat)
            session.flush()
            for who in sorted((member, peer)):
                session.add(Hold(booking_id=chat.id, person_id=who, starts_at=starts, ends_at=ends))
            session.add_all(
                Notice(
                    about=f"objects-{chat.id}",
                    person_id=who,
                    booking_id=chat.id,
                    walk_id=walk,
                    kind=kind,
                    state=NoticeState.DUE,
                    due_at=starts,
                    created_at=now,
                )
                for who in (member, peer)
                for kind in KINDS
            )

    with app.app_context():
        return per_second(write, times)
