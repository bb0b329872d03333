"""The record of deeds, and the keys of forms already used."""

from sqlalchemy import select

from portal.db import read
from portal.models import AuditEntry, RequestKey


def result_of_request(person_id: int, key: str) -> int | None:
    """Return what an earlier use of a form's key led to."""
    return read().scalar(
        select(RequestKey.result_id).where(RequestKey.person_id == person_id, RequestKey.key == key[:64])
    )


def last_sealed_entry() -> AuditEntry | None:
    """Return the newest entry of the audit that is part of the chain."""
    return read().scalar(
        select(AuditEntry).where(AuditEntry.sealed.is_not(None)).order_by(AuditEntry.id.desc()).limit(1)
    )


def unsealed_entries(count: int) -> list[AuditEntry]:
    """Return the oldest entries that are not part of the chain yet."""
    return list(
        read().scalars(select(AuditEntry).where(AuditEntry.sealed.is_(None)).order_by(AuditEntry.id).limit(count))
    )
