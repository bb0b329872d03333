"""People and their roles: made at the first sign-in or by hand, and taken up by themselves."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from sqlalchemy.orm import Session

from portal.db import transaction
from portal.domain.account import Role, looks_like_email, tidy_email
from portal.domain.errors import BadInput, NotAllowed, NotFound
from portal.domain.words import N_
from portal.models import Person, PersonRole
from portal.queries import account as account_queries
from portal.services import audit

OPEN_ROLES = frozenset({Role.MEMBER, Role.PEER})
ZONE_UNKNOWN = "UTC"


@cache
def zones() -> frozenset[str]:
    """Return every time zone's name, old ones too: browsers still report those."""
    return frozenset(available_timezones())


def locked(session: Session, person_id: int) -> Person:
    """Return somebody inside a verb, held until it ends, so that two taps on one form come one after the other."""
    # NO KEY UPDATE: whoever only refers to a person (a letter on its way) does not wait, and no deadlock comes of it.
    person = session.get(Person, person_id, with_for_update={"key_share": True})
    if person is None:
        raise NotFound
    return person


def new_person(session: Session, email: str, *, now: datetime, zone: str = "", name: str = "") -> Person:
    """Add somebody inside a verb; a zone that nobody knows becomes UTC."""
    person = Person(email=email, name=name, zone=zone if zone in zones() else ZONE_UNKNOWN, created_at=now)
    session.add(person)
    session.flush()
    return person


def add_person(email: str, roles: Iterable[Role], *, name: str = "", now: datetime) -> int:
    """Add somebody by hand, or give more roles to who is there; returns their id. They consent when they sign in."""
    address = tidy_email(email)
    if not looks_like_email(address):
        raise BadInput("email", N_("Please write an e-mail address, such as name@example.org."))
    with transaction() as session:
        person = account_queries.person_by_email(address)
        held = {role.role for role in person.roles} if person is not None else set()
        if person is None:
            person = new_person(session, address, now=now, name=name.strip())
        elif name.strip():
            person.name = name.strip()
        for role in sorted(set(roles) - held):
            _give(session, person.id, role, None, now)
        return person.id


def take_role(person_id: int, role: Role, *, now: datetime) -> None:
    """Let somebody take up a role that is open to all; a peer still has to be approved before they meet anybody."""
    if role not in OPEN_ROLES:
        raise NotAllowed(N_("Nothing is wrong."))
    with transaction() as session:
        locked(session, person_id)
        if session.get(PersonRole, (person_id, role)) is None:
            _give(session, person_id, role, person_id, now)


def _give(session: Session, person_id: int, role: Role, actor_id: int | None, now: datetime) -> None:
    session.add(PersonRole(person_id=person_id, role=role, since=now))
    audit.record(session, f"became {role}", "person", person_id, actor_id=actor_id, now=now)
