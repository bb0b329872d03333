"""A peer answers, or lets the time pass: yes, "not now" without a reason, or silence, which is never a yes."""

from datetime import datetime

from portal.db import retry_once, transaction
from portal.domain.errors import Stale
from portal.domain.matching.walk import MOVED_ON, Actor, State, Step
from portal.queries import matching as matching_queries
from portal.services import once
from portal.services.matching.agreeing import both_said_yes
from portal.services.matching.inviting import pass_on, took_question_back
from portal.services.matching.whose import walk_of_peer
from portal.services.one_by_one import one_by_one


@retry_once
def say_yes(walk_id: int, peer_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """Both have said yes: from now on they know each other's names, and a first chat can be booked.

    Stale, and the walk goes on to the next one, where the two may not meet any more: nobody learns who it was.
    """
    with transaction() as session:
        form = once.form(peer_id, key, "yes", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk = walk_of_peer(walk_id, peer_id, Step.YES, revision)
        moved_on = took_question_back(session, walk, now=now)
        if not moved_on:
            both_said_yes(session, walk, peer_id, now)
            form.remember(session, walk_id, now)
    if moved_on:
        raise Stale(MOVED_ON)
    return walk_id


@retry_once
def not_now(walk_id: int, peer_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """Leave the question to the next one the member chose; nobody asks why, and nobody is told."""
    with transaction() as session:
        form = once.form(peer_id, key, "not now", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk = walk_of_peer(walk_id, peer_id, Step.NOT_NOW, revision)
        pass_on(session, walk, Step.NOT_NOW, Actor.PEER, actor_id=peer_id, now=now)
        form.remember(session, walk_id, now)
        return walk_id


def lapse_due(*, now: datetime) -> int:
    """Go on where a peer has let 48 hours pass, or somebody was suspended; returns how many walks went on."""
    lapsed = one_by_one("walk", matching_queries.lapsed_walks(now), lambda walk_id: _lapse(walk_id, now=now))
    return lapsed + one_by_one(
        "walk", matching_queries.questions_of_suspended(), lambda walk_id: _let_go(walk_id, now=now)
    )


@retry_once
def _lapse(walk_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        walk = matching_queries.walk_to_change(walk_id)
        if walk is None or walk.state is not State.INVITED or walk.answer_by is None or walk.answer_by > now:
            return False
        pass_on(session, walk, Step.LAPSE, Actor.PORTAL, actor_id=None, now=now)
        return True


@retry_once
def _let_go(walk_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        return took_question_back(session, matching_queries.walk_to_change(walk_id), now=now)
