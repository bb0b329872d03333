"""Whose walk it is: its row, locked, for whoever may take a step on it; nobody else learns that it exists."""

from portal.domain.errors import NotAllowed, NotFound, Stale
from portal.domain.matching.walk import MOVED_ON, NOT_YOURS, Actor, State, Step, take
from portal.models import Walk
from portal.queries import matching as matching_queries
from portal.services.walk import check_revision, locked_walk


def walk_of_member(walk_id: int, member_id: int, step: Step, revision: int | None) -> Walk:
    """Return the member's own walk, if it stands where they saw it and the step is theirs."""
    walk = locked_walk(walk_id)
    if walk.member_id != member_id:
        raise NotFound
    return _ready(walk, Actor.MEMBER, step, revision)


def walk_of_peer(walk_id: int, peer_id: int, step: Step, revision: int | None) -> Walk:
    """Return the walk a peer is asked for; whoever was asked before and is not any more is told that it moved on."""
    walk = locked_walk(walk_id)
    if walk.peer_id != peer_id:
        asked = any(
            one.peer_id == peer_id and one.asked_at is not None for one in matching_queries.suggestions_of(walk_id)
        )
        raise Stale(MOVED_ON) if asked else NotFound
    return _ready(walk, Actor.PEER, step, revision)


def walk_of_coordinator(walk_id: int, coordinator_id: int, step: Step, revision: int | None) -> Walk:
    """Return any walk, for a coordinator."""
    if not matching_queries.is_staff(coordinator_id):
        raise NotAllowed(NOT_YOURS)
    return _ready(locked_walk(walk_id), Actor.COORDINATOR, step, revision)


def walk_of_the_two(walk_id: int, person_id: int, step: Step, revision: int | None) -> tuple[Walk, Actor]:
    """Return a walk and which of its two this person is; a coordinator has doors of their own."""
    walk = locked_walk(walk_id)
    if walk.member_id == person_id:
        actor = Actor.MEMBER
    elif walk.peer_id == person_id and (walk.open or walk.state is State.ENDED):
        actor = Actor.PEER
    else:
        raise NotFound
    return _ready(walk, actor, step, revision), actor


def other_of(walk: Walk, person_id: int) -> int | None:
    """Return the other of the two."""
    return walk.peer_id if walk.member_id == person_id else walk.member_id


def _ready(walk: Walk, actor: Actor, step: Step, revision: int | None) -> Walk:
    check_revision(walk, revision)
    take(actor, walk.state, step)
    return walk
