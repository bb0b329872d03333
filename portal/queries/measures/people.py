"""Names beside the numbers, for coordinators."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from portal.db import read
from portal.models import Person


def names_of(person_ids: Collection[int]) -> Mapping[int, str]:
    """Return the names of these people by id."""
    return dict(read().execute(select(Person.id, Person.name).where(Person.id.in_(person_ids))).all())
