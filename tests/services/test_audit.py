"""The record of deeds: sealed into one chain whatever order its entries come in, and found out where it was touched."""

from datetime import datetime
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.db import read, transaction
from portal.models import AuditEntry
from portal.services import audit
from portal.services.audit import Chain

STAYS_DELETE = "audit_entry_stays_delete"
STAYS_UPDATE = "audit_entry_stays_update"


def written(now: datetime, *ids: int) -> None:
    """Write entries down under these ids; PostgreSQL gives ids out before the verb that got one has committed."""
    with transaction() as session:
        session.add_all(AuditEntry(id=id_, at=now, verb=f"verb {id_}", subject="person", subject_id=1) for id_ in ids)


def in_order_of_seals() -> list[int]:
    entries = read().query(AuditEntry).order_by(AuditEntry.seal_number)
    return [entry.id for entry in entries]


def unguarded(statement: str, guard: str) -> None:
    """Change the record as somebody who owns the database could."""
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text(f"ALTER TABLE audit_entry DISABLE TRIGGER {guard}"))
        else:
            session.execute(text(f"DROP TRIGGER {guard}"))
        session.execute(text(statement))


def test_an_entry_that_commits_late_is_chained_to_the_last_seal(inside: Flask, now: datetime) -> None:
    for ids in ([1], [3], [2], [4]):
        written(now, *ids)
        assert audit.seal() == 1
    assert in_order_of_seals() == [1, 3, 2, 4]
    assert (audit.verify().length, audit.verify().broken_at) == (4, None)


def test_two_clocks_make_one_chain(inside: Flask, now: datetime) -> None:
    written(now, *range(1, 41))
    start, done = Barrier(2), []

    def clock() -> None:
        with inside.app_context():
            start.wait()
            done.append(audit.seal())

    clocks = [Thread(target=clock) for _ in range(2)]
    for each in clocks:
        each.start()
    for each in clocks:
        each.join()
    chain = audit.verify()
    assert (sorted(done), chain.length, chain.broken_at) == ([0, 40], 40, None)


def test_a_record_without_entries_is_whole(inside: Flask) -> None:
    assert audit.verify() == Chain(0, audit.FIRST_SEAL)


@pytest.mark.parametrize(
    ("statement", "guard", "broken_at"),
    [
        ("DELETE FROM audit_entry WHERE seal_number = 2", STAYS_DELETE, 2),
        ("UPDATE audit_entry SET verb = 'read' WHERE seal_number = 2", STAYS_UPDATE, 2),
        ("UPDATE audit_entry SET seal_number = 9 WHERE seal_number = 2", STAYS_UPDATE, 2),
        ("UPDATE audit_entry SET seal_number = NULL WHERE seal_number = 2", STAYS_UPDATE, 2),
    ],
)
def test_an_entry_that_is_gone_or_changed_breaks_the_chain(
    inside: Flask, now: datetime, statement: str, guard: str, broken_at: int
) -> None:
    written(now, 1, 2, 3)
    audit.seal()
    unguarded(statement, guard)
    assert audit.verify().broken_at == broken_at


@pytest.mark.parametrize(
    "change", ["sealed = NULL", "seal_number = NULL", "seal_number = 7", "verb = 'read'", "subject_id = 2"]
)
def test_the_database_lets_nobody_change_a_sealed_entry(inside: Flask, now: datetime, change: str) -> None:
    written(now, 1)
    audit.seal()
    with pytest.raises(DBAPIError, match="audit_entry_stays"), transaction() as session:
        session.execute(text(f"UPDATE audit_entry SET {change}"))


@pytest.mark.parametrize("change", ["sealed = 'x'", "seal_number = 1", "sealed = 'x', seal_number = 1, verb = 'read'"])
def test_only_the_whole_seal_and_nothing_else_may_be_set(inside: Flask, now: datetime, change: str) -> None:
    written(now, 1)
    with pytest.raises(DBAPIError, match="audit_entry_stays"), transaction() as session:
        session.execute(text(f"UPDATE audit_entry SET {change}"))
