"""Shortlists: made when somebody asks, and again each minute for whoever still waits for one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.matching import explain
from portal.domain.matching.stored import to_json
from portal.domain.matching.walk import Actor, State, Step
from portal.domain.notice import Kind
from portal.models import Suggestion, Walk
from portal.queries import matching as matching_queries
from portal.services.matching.past import past_of
from portal.services.matching.telling import tell
from portal.services.one_by_one import one_by_one
from portal.services.walk import take_step


def make_shortlists(*, now: datetime) -> int:
    """Suggest up to three peers on every walk that waits for them, and anew where none of those suggested or chosen
    fits any more; returns how many walks moved on."""
    renewed = one_by_one("walk", matching_queries.worn_out(now), lambda walk_id: _renew(walk_id, now=now))
    return renewed + one_by_one("walk", matching_queries.findable(now), lambda walk_id: _make(walk_id, now=now))


@retry_once
def _make(walk_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        walk = matching_queries.walk_to_change(walk_id)
        return walk is not None and walk.state is State.ASKED and offer(session, walk, now=now)


@retry_once
def _renew(walk_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        walk = matching_queries.walk_to_change(walk_id)
        if walk is None or walk.state not in (State.SHORTLISTED, State.CHOSEN):
            return False
        if not matching_queries.nobody_fits(walk, now):
            return False
        if walk.state is State.SHORTLISTED:
            return offer(session, walk, now=now)
        look_again(session, walk, now=now)
        return True


def look_again(session: Session, walk: Walk, *, now: datetime) -> None:
    """Nobody the member chose is left to ask: suggest others at once where there are any; the place is kept."""
    take_step(session, walk, Step.NONE_LEFT, Actor.PORTAL, actor_id=None, now=now)
    walk.choose_with_me = walk.choice_approved = False
    tell(session, walk, now=now)
    offer(session, walk, now=now)


def offer(session: Session, walk: Walk, *, now: datetime) -> bool:
    """Suggest whoever fits an asking member now and tell them; False, and nothing is changed, where nobody does."""
    known = matching_queries.suggestions_of(walk.id)
    without = matching_queries.not_again(known, now)
    found = matching_queries.fitting(walk.member_id, now, without=without)
    if not found:
        return False
    put(session, walk, known, found, now=now)
    take_step(session, walk, Step.SHORTLIST, Actor.PORTAL, actor_id=None, now=now)
    tell(session, walk, (Kind.SHORTLIST_READY, walk.member_id), now=now)
    return True


def put(
    session: Session,
    walk: Walk,
    known: Sequence[Suggestion],
    found: Sequence[explain.Suggestion | Suggestion],
    *,
    now: datetime,
) -> None:
    """Make these the ones on offer, in this order and not yet chosen from; a row among them stays as it is.

    Of the others on offer until now, whoever was asked is closed; whoever never was is set aside, and may come again.
    """
    rows = {row.peer_id: row for row in known}
    offered = {suggestion.peer_id for suggestion in found}
    for row in known:
        row.rank = None
        if row.peer_id in offered or row.closed_at is not None:
            continue
        if row.asked_at is None:
            session.add(past_of(row, now))
            session.delete(row)
        else:
            row.closed_at = now
    for position, suggestion in enumerate(found, start=1):
        if isinstance(suggestion, Suggestion):
            suggestion.position = position
        else:
            refresh(session, walk, rows.get(suggestion.peer_id), suggestion, position=position, now=now)
    walk.choose_with_me = walk.choice_approved = False


def refresh(
    session: Session,
    walk: Walk,
    row: Suggestion | None,
    suggestion: explain.Suggestion,
    *,
    position: int,
    now: datetime,
) -> Suggestion:
    """Suggest a peer, anew where `row` is how they were suggested before on this walk; returns the row."""
    if row is not None:
        session.add(past_of(row, now))
        if row.closed_at is not None:
            row.offered_at = None  # they have read since that it is settled
    row = row or Suggestion(walk_id=walk.id, peer_id=suggestion.peer_id)
    row.position = position
    row.rank = row.shown_at = row.asked_at = row.closed_at = None
    row.why = to_json(suggestion)
    row.weights_version = int(suggestion.weights_version)
    row.made_at = now
    session.add(row)
    return row
