"""Walks that are over: what each of the two is told of it, and nothing of who said so or why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.db import plain, read
from portal.domain.matching.ending import PARTING_TOLD_FOR
from portal.domain.matching.walk import FINAL, TOGETHER, Actor, State
from portal.models import Walk
from portal.queries.listed import one_of
from portal.queries.matching.cards import name_used
from portal.queries.matching.keepsakes import keeps_apart


@dataclass(frozen=True)
class Parting:
    """A walk that is over as one of its two hears of it, with the first name they knew."""

    walk_id: int
    role: Actor
    other_name: str
    state: State


def partings_of(person_id: int, now: datetime) -> list[Parting]:
    """Return the walks of one person that lately came to their end by somebody else's word, the newest first."""
    since = now - PARTING_TOLD_FOR
    if plain().execute(_ANY, {"person_id": person_id, "since": since}).first() is None:
        return []
    lately = _over(person_id).where(Walk.since > since).order_by(Walk.since.desc(), Walk.id.desc())
    others = [walk for walk in read().scalars(lately) if walk.steps and walk.steps[-1].actor_id != person_id]
    return [told for walk in others if (told := _told(walk, person_id)) is not None]


def parting(person_id: int, walk_id: int) -> Parting | None:
    """Return a walk that is over for one of the two who walked it; None for anybody else."""
    walk = read().scalar(_over(person_id).where(Walk.id == walk_id))
    return _told(walk, person_id) if walk is not None else None


def _over(person_id: int) -> Select[Walk]:
    of_the_two = or_(Walk.member_id == person_id, Walk.peer_id == person_id)
    return (
        select(Walk)
        .where(of_the_two, Walk.peer_id.is_not(None), Walk.state.in_(FINAL))
        .options(joinedload(Walk.member), joinedload(Walk.peer), selectinload(Walk.steps))
        .execution_options(populate_existing=True)
    )


def _told(walk: Walk, person_id: int) -> Parting | None:
    role, other = (Actor.MEMBER, walk.peer) if walk.member_id == person_id else (Actor.PEER, walk.member)
    # Before both yeses nobody knew the other; and whoever keeps the other apart reads nothing of them.
    knew = bool(walk.steps) and walk.steps[-1].was in TOGETHER
    if other is None or not knew or keeps_apart(person_id, other):
        return None
    return Parting(walk.id, role, name_used(other.name or ""), walk.state)


# Stands ready: hardly anybody has one, and everybody's page asks.
_ANY = (
    select(Walk.id)
    .where(or_(Walk.member_id == bindparam("person_id"), Walk.peer_id == bindparam("person_id")))
    .where(Walk.peer_id.is_not(None), one_of(Walk.state, FINAL), Walk.since > bindparam("since"))
    .limit(1)
)
