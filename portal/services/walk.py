"""Taking one step of the walk inside a verb: checked against the rules, written down, never over a newer decision."""

from datetime import datetime

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from portal.db import plain
from portal.domain.errors import NotFound, Stale
from portal.domain.matching.walk import FINAL, MOVED_ON, Actor, Step, take
from portal.models import Walk, WalkStep, table_of
from portal.queries import matching as matching_queries
from portal.queries.booking import Standing
from portal.services import audit

_STEP = insert(table_of(WalkStep))
_WALK = table_of(Walk)
_STANDS = (
    update(_WALK)
    .where(_WALK.c.id == bindparam("walk_id"))
    .values({name: bindparam(name) for name in ("state", "since", "revision", "open")})
)


def locked_walk(walk_id: int) -> Walk:
    """Return a walk as it is now, held until the verb ends; NotFound where there is none."""
    walk = matching_queries.walk_to_change(walk_id)
    if walk is None:
        raise NotFound
    return walk


def take_step(
    session: Session,
    walk: Walk | Standing,
    step: Step,
    actor: Actor,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Move a walk (its row locked) on by one step; raises Stale or NotAllowed and then changes nothing.

    Its row among the session's objects moves with it; how it stood before, where that was read alone, stays as it was.
    """
    became = take(actor, walk.state, step)
    taken = {
        "walk_id": walk.id,
        "step": step,
        "was": walk.state,
        "became": became,
        "actor_id": actor_id,
        "peer_id": walk.peer_id,
        "reason": reason,
        "at": now,
    }
    stands = {"state": became, "since": now, "revision": walk.revision + 1, "open": became not in FINAL}
    plain().execute(_STEP, taken)
    plain().execute(_STANDS, stands | {"walk_id": walk.id})
    if isinstance(walk, Walk):
        for name, value in stands.items():
            set_committed_value(walk, name, value)
    audit.record(session, f"walk {step.value}", "walk", walk.id, actor_id=actor_id, now=now)


def check_revision(walk: Walk, seen: int | None) -> None:
    """Raise Stale when the screen that was answered showed an older state of the walk; None asks for no check."""
    if seen is not None and seen != walk.revision:
        raise Stale(MOVED_ON)
