"""What two people left for one another: the page both may write on while a walk ends, and keep ever after."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from portal.db import plain, read
from portal.domain.matching.ending import KEEPSAKE_OPEN_FOR
from portal.domain.matching.walk import Actor, State, Step
from portal.models import Apart, Keepsake, Person, Walk, WalkStep

KEEPS = frozenset({State.ENDING, State.ENDED})


@dataclass(frozen=True)
class Kept:
    """A keepsake as one of the two sees it: their own lines, and the other's; `over` once the walk has ended."""

    walk_id: int
    role: Actor
    other_name: str
    over: bool
    ends_on: date | None
    own_words: str
    own_at: datetime | None
    other_words: str
    open_until: datetime | None


@dataclass(frozen=True)
class Walked:
    """A walk that has ended well: with whom, from both yeses to the end, and whether there is something to read."""

    walk_id: int
    other_name: str
    began_at: datetime
    ended_at: datetime
    has_words: bool


def keepsake_of(actor_id: int, walk_id: int) -> Kept | None:
    """Return the keepsake of a walk that ends or has ended, for one of its two; None for anybody else."""
    statement = select(Walk).where(Walk.id == walk_id, _of(actor_id), Walk.state.in_(KEEPS))
    walk = read().scalar(_with_both(statement))
    if walk is None or walk.peer is None:
        return None
    other = walk.peer if walk.member_id == actor_id else walk.member
    kept = keepsakes_on(walk_id)
    own, others = kept.get(actor_id), kept.get(other.id)
    return Kept(
        walk_id=walk_id,
        role=Actor.MEMBER if walk.member_id == actor_id else Actor.PEER,
        other_name=other.name,
        over=walk.state is State.ENDED,
        ends_on=walk.ends_on,
        own_words=own.words if own is not None else "",
        own_at=own.updated_at if own is not None else None,
        other_words=others.words if others is not None and _shows(actor_id, other) else "",
        open_until=walk.since + KEEPSAKE_OPEN_FOR if walk.state is State.ENDED else None,
    )


def has_walked(person_id: int) -> bool:
    """Say whether somebody has walked a walk to its end."""
    return plain().execute(_WALKED, {"person_id": person_id}).first() is not None


def walked_by(person_id: int) -> tuple[Walked, ...]:
    """Return the walks of one person that have ended well, the newest first."""
    statement = (
        select(Walk).where(_of(person_id), Walk.state == State.ENDED).order_by(Walk.since.desc(), Walk.id.desc())
    )
    walks = list(read().scalars(_with_both(statement)))
    ids = [walk.id for walk in walks]
    began = dict(
        read()
        .execute(
            select(WalkStep.walk_id, func.max(WalkStep.at))
            .where(WalkStep.walk_id.in_(ids), WalkStep.step == Step.YES)
            .group_by(WalkStep.walk_id)
        )
        .all()
    )
    written = read().scalars(select(Keepsake).where(Keepsake.walk_id.in_(ids)))
    worded = {(kept.walk_id, kept.person_id) for kept in written if kept.words}
    others = [(walk, walk.peer if walk.member_id == person_id else walk.member) for walk in walks if walk.peer]
    return tuple(
        Walked(
            walk.id,
            other.name,
            began.get(walk.id, walk.asked_at),
            walk.since,
            (walk.id, person_id) in worded or ((walk.id, other.id) in worded and _shows(person_id, other)),
        )
        for walk, other in others
    )


def keepsakes_on(walk_id: int) -> dict[int, Keepsake]:
    """Return what each of the two has written, by person."""
    found = read().scalars(
        select(Keepsake).where(Keepsake.walk_id == walk_id).execution_options(populate_existing=True)
    )
    return {kept.person_id: kept for kept in found}


def keeps_apart(person_id: int, other: Person) -> bool:
    """Say whether somebody would rather not meet another: they get no more words from them, who cannot see it."""
    return read().scalar(select(Apart.id).where(Apart.person_id == person_id, Apart.email == other.email)) is not None


def _shows(person_id: int, other: Person) -> bool:
    return other.suspended_at is None and not keeps_apart(person_id, other)


def _of(person_id: int | BindParameter[int]) -> ColumnElement[bool]:
    return and_(Walk.peer_id.is_not(None), or_(Walk.member_id == person_id, Walk.peer_id == person_id))


def _with_both(statement: Select[Walk]) -> Select[Walk]:
    return statement.options(joinedload(Walk.member), joinedload(Walk.peer)).execution_options(populate_existing=True)


# Stands ready: everybody's page asks.
_WALKED = select(Walk.id).where(_of(bindparam("person_id")), Walk.state == State.ENDED).limit(1)
