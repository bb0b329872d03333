"""Taking one step of the walk inside a verb: checked against the rules, written down, never over a newer decision."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.db import plain
from portal.domain.errors import NotFound, Stale
from portal.domain.matching.walk import FINAL, MOVED_ON, Actor, Step, take
from portal.models import Walk, WalkStep, table_of
from portal.queries import matching as matching_queries
from portal.services import audit

_STEP = insert(table_of(WalkStep))


def locked_walk(walk_id: int) -> Walk:
    """Return a walk as it is now, held until the verb ends; NotFound where there is none."""
    walk = matching_queries.walk_to_change(walk_id)
    if walk is None:
        raise NotFound
    return walk


def take_step(
    session: Session,
    walk: Walk,
    step: Step,
    actor: Actor,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Move a walk (its row locked) on by one step; raises Stale or NotAllowed and then changes nothing."""
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
    walk.state = became
    walk.since = now
    walk.revision += 1
    walk.open = became not in FINAL
    plain().execute(_STEP, taken)
    audit.record(session, f"walk {step.value}", "walk", walk.id, actor_id=actor_id, now=now)


def check_revision(walk: Walk, seen: int | None) -> None:
    """Raise Stale when the screen that was answered showed an older state of the walk; None asks for no check."""
    if seen is not None and seen != walk.revision:
        raise Stale(MOVED_ON)
