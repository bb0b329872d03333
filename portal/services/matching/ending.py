"""A walk ends: well, at a pace one of the two chose; or somebody else, in one tap; or not looking any more."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.matching.ending import Taper, is_over, last_day
from portal.domain.matching.promises import WAITING
from portal.domain.matching.walk import Actor, State, Step
from portal.domain.notice import Kind
from portal.models import Walk
from portal.queries import booking as booking_queries
from portal.queries import matching as matching_queries
from portal.services import once
from portal.services.booking.ending import end_chats
from portal.services.matching.asking import open_walk
from portal.services.matching.seats import free_seat, taper_seat
from portal.services.matching.telling import tell
from portal.services.matching.whose import other_of, walk_of_member, walk_of_the_two
from portal.services.one_by_one import one_by_one
from portal.services.walk import take_step


@retry_once
def end(walk_id: int, person_id: int, taper: Taper, *, revision: int | None, key: str, now: datetime) -> int:
    """Bring a walk to its end at this pace; until its last day it can be taken up again. The other is told."""
    with transaction() as session:
        form = once.form(person_id, key, "end", walk_id, str(taper))
        if (earlier := form.result()) is not None:
            return earlier
        walk, actor = walk_of_the_two(walk_id, person_id, Step.END, revision)
        take_step(session, walk, Step.END, actor, actor_id=person_id, now=now)
        walk.ends_on = last_day(taper, matching_queries.zone_of_member(walk), now)
        if taper is Taper.TODAY:
            _farewell(session, walk, actor, actor_id=person_id, now=now)
        else:
            taper_seat(session, walk)
            tell(session, walk, (Kind.WALK_ENDING, other_of(walk, person_id)), now=now)
        form.remember(session, walk_id, now)
        return walk_id


@retry_once
def farewell(walk_id: int, person_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """End a walk that is coming to its end before its last day; a chat that is still ahead is called off."""
    with transaction() as session:
        form = once.form(person_id, key, "farewell", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk, actor = walk_of_the_two(walk_id, person_id, Step.FAREWELL, revision)
        _farewell(session, walk, actor, actor_id=person_id, now=now)
        form.remember(session, walk_id, now)
        return walk_id


def end_due(*, now: datetime) -> int:
    """End the walks whose last day has gone by and that have no chat ahead any more; returns how many."""
    return one_by_one("walk", matching_queries.endings_over(now), lambda walk_id: _end_due(walk_id, now=now))


@retry_once
def _end_due(walk_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        walk = matching_queries.walk_to_change(walk_id)
        if walk is None or walk.state is not State.ENDING or walk.ends_on is None:
            return False
        if not is_over(walk.ends_on, matching_queries.zone_of_member(walk), now):
            return False
        if booking_queries.chats_ahead(walk_id, now):
            return False
        _farewell(session, walk, Actor.PORTAL, actor_id=None, now=now)
        return True


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
        _over(session, walk, Step.STOP, Actor.MEMBER, actor_id=member_id, now=now)
        form.remember(session, walk_id, now)
        return walk_id


def rematch(session: Session, walk: Walk, actor: Actor, *, actor_id: int, now: datetime) -> int:
    """End a walk and open the next one; whoever has not had a first chat keeps their place among those who wait."""
    waited_since = walk.asked_at if walk.state in WAITING | {State.FIRST_COFFEE} else now
    _over(session, walk, Step.SOMEONE_ELSE, actor, actor_id=actor_id, now=now)
    return open_walk(session, walk.member_id, asked_at=waited_since, actor_id=actor_id, now=now).id


def _farewell(session: Session, walk: Walk, actor: Actor, *, actor_id: int | None, now: datetime) -> None:
    letters = ((Kind.KEEPSAKE, walk.member_id), (Kind.KEEPSAKE, walk.peer_id))
    _over(session, walk, Step.FAREWELL, actor, *letters, actor_id=actor_id, now=now)


def _over(
    session: Session,
    walk: Walk,
    step: Step,
    actor: Actor,
    *letters: tuple[Kind, int | None],
    actor_id: int | None,
    now: datetime,
) -> None:
    take_step(session, walk, step, actor, actor_id=actor_id, now=now)
    walk.answer_by = None
    free_seat(session, walk)
    end_chats(session, walk.id, by=actor_id, now=now)
    tell(session, walk, *letters, now=now)
