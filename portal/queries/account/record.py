"""The record of deeds, and the keys of forms already used."""

from collections.abc import Iterator

from sqlalchemy import bindparam, func, or_, select

from portal.db import plain, read
from portal.models import AuditEntry, RequestKey

CHAIN_LOCK = 7061  # any number that no other advisory lock of this database uses
PART = 500
# What an earlier use of a form's key asked for (its digest), and what it led to.
Used = tuple[str, int]


_USE = select(RequestKey.content, RequestKey.result_id).where(
    RequestKey.person_id == bindparam("person_id"), RequestKey.key == bindparam("key")
)


def request(person_id: int, key_hash: str) -> Used | None:
    """Return what an earlier use of a form's key asked for, and what it led to."""
    found = plain().execute(_USE, {"person_id": person_id, "key": key_hash}).one_or_none()
    return None if found is None else (found.content, found.result_id)


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
