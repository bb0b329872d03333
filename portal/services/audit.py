"""The record of who did what, when: no content, only ids and kinds; sealed later into a chain of hashes."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from portal.db import transaction
from portal.models import AuditEntry
from portal.queries import account as account_queries

FIRST_SEAL = "0" * 64
SEALED_AT_ONCE = 500


def record(session: Session, verb: str, subject: str, subject_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Write down one deed inside the verb that does it."""
    session.add(AuditEntry(at=now, actor_id=actor_id, verb=verb, subject=subject, subject_id=subject_id))


def seal_of(entry: AuditEntry, before: str) -> str:
    """Return the hash of an entry and the seal before it."""
    plain = (
        f"{before}|{entry.id}|{entry.at.isoformat()}|{entry.actor_id}|{entry.verb}|{entry.subject}|{entry.subject_id}"
    )
    return sha256(plain.encode()).hexdigest()


def seal() -> int:
    """Chain what is not sealed yet, oldest first; returns how many. By the clock, so that verbs need not queue."""
    with transaction():
        last = account_queries.last_sealed_entry()
        before = last.sealed if last is not None and last.sealed else FIRST_SEAL
        entries = account_queries.unsealed_entries(SEALED_AT_ONCE)
        for entry in entries:
            before = entry.sealed = seal_of(entry, before)
        return len(entries)
