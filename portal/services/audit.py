"""The record of who did what, when: no content, only ids and kinds; sealed later into a chain of hashes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.db import plain, transaction
from portal.models import AuditEntry, table_of
from portal.queries import account as account_queries

FIRST_SEAL = "0" * 64
SEALED_AT_ONCE = 500

TOGETHER = "deeds"
_DEED = insert(table_of(AuditEntry))


@dataclass(frozen=True)
class Chain:
    """How many entries hang together, the seal of the newest of them, and the number of the first that does not fit."""

    length: int
    newest: str
    broken_at: int | None = None


def record(session: Session, verb: str, subject: str, subject_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Write down one deed inside the verb that does it."""
    deed: dict[str, object] = {
        "at": now,
        "actor_id": actor_id,
        "verb": verb,
        "subject": subject,
        "subject_id": subject_id,
    }
    together: list[dict[str, object]] | None = session.info.get(TOGETHER)
    if together is None:
        plain().execute(_DEED, deed)
    else:
        together.append(deed)


@contextmanager
def recorded_together(session: Session) -> Iterator[None]:
    """Write down all deeds of this block in one go at its end, in their order."""
    deeds: list[dict[str, object]] = []
    session.info[TOGETHER] = deeds
    yield
    del session.info[TOGETHER]
    if deeds:
        plain().execute(_DEED, deeds)


def seal_of(entry: AuditEntry, before: str) -> str:
    """Return the hash of an entry, its number in the chain, and the seal before it."""
    told = (entry.seal_number, entry.id, entry.at.isoformat(), entry.actor_id)
    plain = "|".join(str(part) for part in (before, *told, entry.verb, entry.subject, entry.subject_id))
    return sha256(plain.encode()).hexdigest()


def seal() -> int:
    """Chain what is not sealed yet, oldest first; returns how many. By the clock, so that verbs need not queue."""
    with transaction():
        account_queries.hold_chain()
        last = account_queries.last_sealed_entry()
        sealed, before = (last.seal_number or 0, last.sealed or "") if last is not None else (0, FIRST_SEAL)
        entries = account_queries.unsealed_entries(SEALED_AT_ONCE)
        for number, entry in enumerate(entries, sealed + 1):
            entry.seal_number = number
            before = entry.sealed = seal_of(entry, before)
        return len(entries)


def verify() -> Chain:
    """Walk the chain from its first seal on. What was taken off its end leaves no gap: keep `newest` elsewhere too."""
    number, before = 0, FIRST_SEAL
    for entry in account_queries.sealed_entries():
        if entry.seal_number != number + 1 or entry.sealed != seal_of(entry, before):
            return Chain(number, before, broken_at=number + 1)
        number, before = number + 1, entry.sealed
    return Chain(number, before)
