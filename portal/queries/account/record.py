"""The record of deeds, and the keys of forms already used."""

from collections.abc import Iterator

from sqlalchemy import func, or_, select

from portal.db import read
from portal.models import AuditEntry, RequestKey

CHAIN_LOCK = 7061  # any number that no other advisory lock of this database uses
PART = 500


def request(person_id: int, key_hash: str) -> RequestKey | None:
    """Return the earlier use of a form's key."""
    return read().scalar(select(RequestKey).where(RequestKey.person_id == person_id, RequestKey.key == key_hash))


def hold_chain() -> None:
    """Let nobody else add to the chain until the transaction ends. SQLite has one writer at a time anyway."""
    session = read()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))


def last_sealed_entry() -> AuditEntry | None:
    """Return the end of the chain."""
    sealed = select(AuditEntry).where(AuditEntry.seal_number.is_not(None))
    return read().scalar(sealed.order_by(AuditEntry.seal_number.desc()).limit(1))


def sealed_entries() -> Iterator[AuditEntry]:
    """Return the chain from its beginning, a part at a time; one with a seal and no number stands where none fits."""
    sealed = select(AuditEntry).where(or_(AuditEntry.seal_number.is_not(None), AuditEntry.sealed.is_not(None)))
    in_order = sealed.order_by(AuditEntry.seal_number.nulls_last(), AuditEntry.id)
    return iter(read().scalars(in_order.execution_options(yield_per=PART)))


def unsealed_entries(count: int) -> list[AuditEntry]:
    """Return the oldest entries that are not part of the chain yet."""
    return list(
        read().scalars(select(AuditEntry).where(AuditEntry.sealed.is_(None)).order_by(AuditEntry.id).limit(count))
    )
