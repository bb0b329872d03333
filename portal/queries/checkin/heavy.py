"""Threads in which one of the two has asked for a coordinator: who and when, never the words."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from portal.db import plain, read
from portal.models import Person, SafeContact, Thread, Walk

SHOWN = 50
BOTH = 2


@dataclass(frozen=True)
class Reached:
    """One of the two, and how they may be reached: an address only where they did not say it is unsafe."""

    id: int
    name: str
    email: str = field(repr=False)
    reach: str = field(repr=False)
    hours: str
    name_to_use: str


@dataclass(frozen=True)
class Asked:
    """Somebody asked for a coordinator; the other of the two is not told."""

    walk_id: int
    at: datetime
    by_name: str
    other_name: str


def asked_for() -> list[Asked]:
    """Return where a coordinator was asked for and has not been in touch yet, the longest first."""
    rows = plain().execute(_ASKED_FOR)
    return [Asked(walk_id, at, by, other) for walk_id, at, by, other in rows if at is not None]


def reach_of_both(walk_id: int) -> tuple[Reached, Reached] | None:
    """Return how the two of a walk may be reached, who asked first; None where nobody asks for a coordinator."""
    rows = (
        read()
        .execute(
            select(Person, SafeContact, Thread.heavy_by)
            .join(Walk, or_(Walk.member_id == Person.id, Walk.peer_id == Person.id))
            .join(Thread, Thread.walk_id == Walk.id)
            .outerjoin(SafeContact, SafeContact.person_id == Person.id)
            .where(Walk.id == walk_id, Thread.heavy_at.is_not(None))
        )
        .all()
    )
    asker, other = sorted(rows, key=lambda row: row[0].id != row[2]) if len(rows) == BOTH else (None, None)
    return (_reached(asker[0], asker[1]), _reached(other[0], other[1])) if asker and other else None


def _reached(person: Person, safe: SafeContact | None) -> Reached:
    may_email = safe is None or safe.may_email is not False
    return Reached(
        person.id,
        person.name,
        person.email if may_email else "",
        person.reach,
        safe.hours if safe is not None else "",
        safe.name_to_use if safe is not None else "",
    )


# Stands ready: the board asks each time.
_asker, _other = aliased(Person), aliased(Person)
_ASKED_FOR = (
    select(Thread.walk_id, Thread.heavy_at, _asker.name, _other.name.label("other_name"))
    .join(Walk, Walk.id == Thread.walk_id)
    .join(_asker, _asker.id == Thread.heavy_by)
    .join(_other, and_(or_(_other.id == Walk.member_id, _other.id == Walk.peer_id), _other.id != _asker.id))
    .where(Thread.heavy_at.is_not(None))
    .order_by(Thread.heavy_at, Thread.walk_id)
    .limit(SHOWN)
)
