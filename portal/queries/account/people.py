"""People with their roles."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.db import read
from portal.models import Person


def person(person_id: int) -> Person | None:
    """Return somebody with their roles."""
    return read().scalar(select(Person).where(Person.id == person_id).options(selectinload(Person.roles)))


def own_choices(person_id: int) -> Person:
    """Return somebody who is signed in, with what they set for themselves."""
    return read().get_one(Person, person_id)


def person_by_email(email: str) -> Person | None:
    """Return somebody by their tidy address, with their roles."""
    return read().scalar(select(Person).where(Person.email == email).options(selectinload(Person.roles)))


def nobody_yet() -> bool:
    """Say whether the database holds no person at all."""
    return read().scalar(select(Person.id).limit(1)) is None
