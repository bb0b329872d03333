"""A walk ends: somebody else, in one tap and without a reason, or not looking any more."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.matching.promises import WAITING
from portal.domain.matching.walk import Actor, Step
from portal.models import Walk
from portal.services import once
from portal.services.booking.ending import end_chats
from portal.services.matching.asking import open_walk
from portal.services.matching.seats import free_seat
from portal.services.matching.telling import tell
from portal.services.matching.whose import walk_of_member, walk_of_the_two
from portal.services.walk import take_step


@retry_once
def someone_else(walk_id: int, person_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """End the walk and ask anew for its member, who is never suggested this peer again; returns the new walk."""
    with transaction() as session:
        form = once.form(person_id, key, "someone else", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk, actor = walk_of_the_two(walk_id, person_id, Step.SOMEONE_ELSE, revision)
        new_id = rematch(session, walk, actor, actor_id=person_id, now=now)
        form.remember(session, new_id, now)
        return new_id


@retry_once
def stop(walk_id: int, member_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """End a member's own walk; they are not looking any more and can ask again whenever they like."""
    with transaction() as session:
        form = once.form(member_id, key, "stop", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk = walk_of_member(walk_id, member_id, Step.STOP, revision)
        _end(session, walk, Step.STOP, Actor.MEMBER, actor_id=member_id, now=now)
        form.remember(session, walk_id, now)
        return walk_id


def rematch(session: Session, walk: Walk, actor: Actor, *, actor_id: int, now: datetime) -> int:
    """End a walk and open the next one; whoever has not had a first chat keeps their place among those who wait."""
    waited_since = walk.asked_at if walk.state in WAITING else now
    _end(session, walk, Step.SOMEONE_ELSE, actor, actor_id=actor_id, now=now)
    return open_walk(session, walk.member_id, asked_at=waited_since, actor_id=actor_id, now=now).id


def _end(session: Session, walk: Walk, step: Step, actor: Actor, *, actor_id: int, now: datetime) -> None:
    take_step(session, walk, step, actor, actor_id=actor_id, now=now)
    walk.answer_by = None
    free_seat(session, walk)
    end_chats(session, walk.id, by=actor_id, now=now)
    tell(session, walk, now=now)
