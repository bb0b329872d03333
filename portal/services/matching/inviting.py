"""Asking a peer, and the next one when a peer cannot: used inside the verbs that lead there."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.domain.matching.promises import ANSWER_HOURS
from portal.domain.matching.walk import Actor, State, Step, after_no_answer
from portal.domain.notice import Kind
from portal.models import Suggestion, Walk
from portal.queries import matching as matching_queries
from portal.services.matching.agreeing import yes_by_offer
from portal.services.matching.seats import free_seat, took_seat
from portal.services.matching.shortlists import look_again
from portal.services.matching.telling import tell
from portal.services.walk import take_step


def invited(
    session: Session, walk: Walk, row: Suggestion, step: Step, actor: Actor, *, actor_id: int | None, now: datetime
) -> bool:
    """Ask this peer; False, and nothing is changed, when they have no room left or no longer fit."""
    if not matching_queries.still_fits(walk.member_id, row.peer_id, now) or not took_seat(session, walk, row.peer_id):
        return False
    walk.peer_id = row.peer_id
    walk.answer_by = now + timedelta(hours=ANSWER_HOURS)
    row.asked_at = now
    take_step(session, walk, step, actor, actor_id=actor_id, now=now)
    return True


def let_go(session: Session, walk: Walk) -> None:
    """The peer is no longer asked: their room is free again, and nothing of the walk is theirs to see."""
    free_seat(session, walk)
    walk.peer_id = None
    walk.answer_by = None


def pass_on(session: Session, walk: Walk, step: Step, actor: Actor, *, actor_id: int | None, now: datetime) -> None:
    """After "not now" or silence: ask the next one the member chose, or look for more people."""
    rows = matching_queries.suggestions_of(walk.id)
    for row in rows:
        if row.peer_id == walk.peer_id:
            row.closed_at = now
    take_step(session, walk, step, actor, actor_id=actor_id, now=now)
    let_go(session, walk)
    chosen = [row for row in matching_queries.live(rows) if row.rank is not None and walk.choice_approved]
    while after_no_answer(len(chosen)) is Step.ASK_NEXT:
        row = chosen.pop(0)
        if invited(session, walk, row, Step.ASK_NEXT, Actor.PORTAL, actor_id=None, now=now):
            if not yes_by_offer(session, walk, row, now=now):
                tell(session, walk, (Kind.ASKED_PEER, walk.peer_id), (Kind.NEXT_ASKED, walk.member_id), now=now)
            return
    look_again(session, walk, now=now)


def take_questions_back(session: Session, person_id: int, *, now: datetime) -> None:
    """Inside the verb that parts somebody from others: let go of each question whose two may not meet any more."""
    session.flush()
    for walk_id in matching_queries.questions_of(person_id):
        took_question_back(session, matching_queries.walk_to_change(walk_id), now=now)


def took_question_back(session: Session, walk: Walk | None, *, now: datetime) -> bool:
    """Take the question on this walk (its row locked) back and go on, if its two may not meet; says whether it was."""
    if walk is None or walk.state is not State.INVITED or walk.peer_id is None:
        return False
    if matching_queries.may_meet(walk.member_id, walk.peer_id):
        return False
    pass_on(session, walk, Step.LET_GO, Actor.PORTAL, actor_id=None, now=now)
    return True
