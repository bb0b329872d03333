"""The whole view from a database: the peer's rows written once, then free_time as a page asks for it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from bench.slots.case import NOW, WEEK, ZONE, Case
from portal.app import create_app
from portal.db import db, read, transaction
from portal.domain.account import PeerState, Role
from portal.domain.experience import Format
from portal.domain.matching.walk import State
from portal.domain.slots import BusyKind, Slot
from portal.models import Booking, BusyCalendar, BusyTime, Hold, PeerProfile, Person, Walk, WeeklyHours
from portal.queries.slots import free_time
from portal.services.account import add_person
from portal.settings import load
from tests.servers.databases import EMPTY, PostgresqlDatabases, SqliteDatabases
from tests.servers.postgresql import Cluster, find_programs
from tests.servers.settings import environ_for


@contextmanager
def on_sqlite() -> Iterator[Flask]:
    """An application on a database file of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        databases = SqliteDatabases(Path(folder))
        yield from _application(databases.fresh(EMPTY), Path(folder))


@contextmanager
def on_postgresql() -> Iterator[Flask]:
    """An application on a real PostgreSQL of its own."""
    programs = find_programs()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed")
    cluster = Cluster(programs)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            databases = PostgresqlDatabases(cluster, Path(folder))
            yield from _application(databases.fresh(EMPTY), Path(folder))
    finally:
        cluster.stop()


def written(case: Case) -> tuple[int, int]:
    """Write the case's peer and a member who looks; return their ids."""
    peer_id = add_person("peer@example.org", [Role.PEER], name="Maya", now=NOW)
    member_id = add_person("member@example.org", [Role.MEMBER], name="Robin", now=NOW)
    other_id = add_person("other@example.org", [Role.MEMBER], name="Sam", now=NOW)
    wishes = case.policy
    with transaction() as session:
        session.get_one(Person, peer_id).zone = ZONE
        session.add(
            PeerProfile(
                person_id=peer_id,
                state=PeerState.APPROVED,
                updated_at=NOW,
                length_minutes=wishes.length_minutes,
                step_minutes=wishes.step_minutes,
                rest_before_minutes=wishes.rest_before_minutes,
                rest_after_minutes=wishes.rest_after_minutes,
                notice_hours=wishes.notice_minutes // 60,
                horizon_days=wishes.horizon_days,
            )
        )
        session.add_all(
            WeeklyHours(peer_id=peer_id, weekday=weekday, starts=starts, ends=ends)
            for weekday, windows in WEEK.items()
            for starts, ends in windows
        )
        walk = Walk(member_id=other_id, peer_id=peer_id, state=State.FIRST_COFFEE, asked_at=NOW, since=NOW)
        calendar = BusyCalendar(peer_id=peer_id, created_at=NOW)
        session.add_all([walk, calendar])
        session.flush()
        for busy in case.busy:
            if busy.kind is BusyKind.TAKEN:
                times = {"starts_at": busy.starts_at, "ends_at": busy.ends_at}
                chat = Booking(
                    walk_id=walk.id,
                    member_id=other_id,
                    peer_id=peer_id,
                    format=Format.PHONE,
                    booked_by=other_id,
                    created_at=NOW,
                    **times,
                )
                session.add(chat)
                session.flush()
                session.add(
                    Hold(
                        booking_id=chat.id,
                        person_id=peer_id,
                        rest_before_minutes=busy.rest_before_minutes,
                        rest_after_minutes=busy.rest_after_minutes,
                        **times,
                    )
                )
            else:
                session.add(
                    BusyTime(calendar_id=calendar.id, peer_id=peer_id, starts_at=busy.starts_at, ends_at=busy.ends_at)
                )
    return peer_id, member_id


def view(peer_id: int, member_id: int) -> Callable[[], tuple[Slot, ...]]:
    """Return the whole view as a call."""
    return lambda: free_time(peer_id, member_id, NOW).slots


def statements(work: Callable[[], object]) -> int:
    """Return how many statements a piece of work sends."""
    count = 0

    def listen(*_: object) -> None:
        nonlocal count
        count += 1

    read().connection()
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    return count


def _application(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(load(environ_for(url, folder)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def told(starts: list[datetime]) -> list[str]:
    """Return starts as plain words, to hand to another program."""
    return [start.astimezone(UTC).isoformat() for start in starts]
