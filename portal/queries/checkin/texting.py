"""Who has a thread by text message as well: only where both agreed, and one thread at a time."""

from sqlalchemy import or_, select

from portal.db import read
from portal.domain.matching.walk import TOGETHER
from portal.models import Person, Phone, SafeContact, Thread, ThreadReader, Walk


def texts_reach(person_id: int) -> bool:
    """Say whether somebody has a phone that takes texts, has not said that texts are unsafe, and is not suspended."""
    phone = (
        select(Phone.person_id)
        .join(Person, Person.id == Phone.person_id)
        .outerjoin(SafeContact, SafeContact.person_id == Phone.person_id)
        .where(
            Phone.person_id == person_id,
            Person.suspended_at.is_(None),
            Phone.confirmed_at.is_not(None),
            Phone.stopped_at.is_(None),
            or_(SafeContact.may_text.is_(None), SafeContact.may_text.is_(True)),
        )
    )
    return read().scalar(phone) is not None


def by_text(walk_id: int) -> frozenset[int]:
    """Return who of the two has agreed to have the thread by text message as well."""
    agreed = select(ThreadReader.person_id).where(ThreadReader.walk_id == walk_id, ThreadReader.by_text)
    return frozenset(read().scalars(agreed))


def texted_threads(person_id: int) -> list[int]:
    """Return the walks, still walked and their thread open, whose thread somebody has agreed to have by text."""
    theirs = (
        select(ThreadReader.walk_id)
        .join(Walk, Walk.id == ThreadReader.walk_id)
        .join(Thread, Thread.walk_id == Walk.id)
        .where(
            ThreadReader.person_id == person_id,
            ThreadReader.by_text,
            Walk.open,
            Walk.state.in_(TOGETHER),
            Thread.ended_at.is_(None),
        )
    )
    return list(read().scalars(theirs.order_by(ThreadReader.walk_id)))
