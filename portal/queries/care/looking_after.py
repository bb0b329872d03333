"""Who looks after which peer, and how many each coordinator carries."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select

from portal.db import read
from portal.domain.account import PeerState, Role
from portal.domain.matching.wellbeing import Load, load_of
from portal.models import LooksAfter, PeerProfile, Person, PersonRole


@dataclass(frozen=True)
class Carer:
    """A coordinator, and how many peers they look after."""

    person_id: int
    name: str
    peers: int

    @property
    def load(self) -> Load:
        """Return whether that is well, as many as is good, or more."""
        return load_of(self.peers)


def carers() -> list[Carer]:
    """Return every coordinator who is here, and whoever else looks after a peer, by name."""
    looked_after = (
        select(LooksAfter.coordinator_id, func.count())
        .join(PeerProfile, PeerProfile.person_id == LooksAfter.peer_id)
        .where(PeerProfile.state != PeerState.APPLIED)
        .group_by(LooksAfter.coordinator_id)
    )
    counts: dict[int, int] = dict(read().execute(looked_after).all())
    here = set(read().scalars(_coordinators()))
    people = read().execute(select(Person.id, Person.name).where(Person.id.in_(here | set(counts))))
    found = [Carer(person_id, name, counts.get(person_id, 0)) for person_id, name in people]
    return sorted(found, key=lambda one: (one.name.casefold(), one.person_id))


def may_look_after(person_id: int) -> bool:
    """Say whether this is a coordinator who is here."""
    return read().scalar(_coordinators().where(PersonRole.person_id == person_id)) is not None


def _coordinators() -> Select[int]:
    return (
        select(PersonRole.person_id)
        .join(Person, Person.id == PersonRole.person_id)
        .where(PersonRole.role == Role.COORDINATOR, Person.suspended_at.is_(None))
    )
