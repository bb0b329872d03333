"""Two people who may book, as one of them sees it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, select
from sqlalchemy.orm import aliased

from portal.db import plain
from portal.domain.booking import room_ahead
from portal.domain.experience import Format
from portal.domain.matching.walk import Actor, State
from portal.models import Person, Walk
from portal.queries.booking.chats import chats_ahead
from portal.queries.booking.terms import Terms, terms_of
from portal.queries.booking.two import Two, formats_of, two_of_walk


@dataclass(frozen=True)
class Pair:
    """The other's name and clock, how both like to meet, the peer's terms, the chats ahead and the room for more."""

    two: Two
    viewer: Actor
    state: State
    other_name: str
    other_zone: str
    formats: tuple[Format, ...]
    terms: Terms
    ahead: tuple[int, ...]

    @property
    def room(self) -> int:
        """How many more chats may be set."""
        return room_ahead(self.state, len(self.ahead))

    @property
    def is_full(self) -> bool:
        """Whether it is the chats ahead that leave no room for one more."""
        return bool(self.ahead) and self.room == 0


_OTHERS = aliased(Person)
_OTHER = (
    select(_OTHERS.name, _OTHERS.zone, Walk.state)
    .join(_OTHERS, _OTHERS.id == case((Walk.member_id == bindparam("actor_id"), Walk.peer_id), else_=Walk.member_id))
    .where(Walk.id == bindparam("walk_id"))
)


def pair_for(actor_id: int, walk_id: int, now: datetime) -> Pair | None:
    """Return what the pages of booking need to know about the two; None for anybody else."""
    two = two_of_walk(actor_id, walk_id)
    if two is None:
        return None
    name, zone, state = plain().execute(_OTHER, {"actor_id": actor_id, "walk_id": walk_id}).one()
    return Pair(
        two,
        two.as_actor(actor_id),
        state,
        name,
        zone,
        formats_of(two),
        terms_of(two.peer_id),
        chats_ahead(walk_id, now),
    )
