"""What the two told after a chat and no coordinator has opened yet: a light thought for the board, not an alarm."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from portal.db import read
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
    opened = exists().where(
        AuditEntry.verb == "read",
        AuditEntry.subject == "reflection",
        AuditEntry.subject_id == Reflection.id,
        AuditEntry.at >= Reflection.at,
    )
    rows = read().execute(
        select(Reflection, Person.name)
        .join(Person, Person.id == Reflection.person_id)
        .where(~opened)
        .order_by(Reflection.at, Reflection.id)
    )
    return tuple(Wrote(told.walk_id, name, told.at) for told, name in rows if told.words or told.answer in WANTS_EYES)
