"""What the two told after a chat and no coordinator has opened yet: a light thought for the board, not an alarm."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from portal.db import plain
from portal.domain.matching.walk import Step
from portal.models import AuditEntry, Person, Reflection

WANTS_EYES = frozenset({Step.UNSURE, Step.SOMEONE_ELSE})


@dataclass(frozen=True)
class Wrote:
    """Somebody who is unsure, would rather meet someone else, or has added words; not what they said."""

    walk_id: int
    name: str
    at: datetime


def unread_reflections() -> tuple[Wrote, ...]:
    """Return who told something after a chat that nobody has opened since, the longest wait first."""
    rows = plain().execute(_UNREAD)
    return tuple(Wrote(row.walk_id, row.name, row.at) for row in rows if row.words or row.answer in WANTS_EYES)


# Stands ready: the board asks each time.
_OPENED = exists().where(
    AuditEntry.verb == "read",
    AuditEntry.subject == "reflection",
    AuditEntry.subject_id == Reflection.id,
    AuditEntry.at >= Reflection.at,
)
_UNREAD = (
    select(Reflection.walk_id, Reflection.at, Reflection.words, Reflection.answer, Person.name)
    .join(Person, Person.id == Reflection.person_id)
    .where(~_OPENED)
    .order_by(Reflection.at, Reflection.id)
)
