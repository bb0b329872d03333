"""Two are kept apart by a coordinator: the card one has of the other goes at once, and whoever fits takes its place."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.matching.walk import TOGETHER, Actor, State, Step
from portal.domain.notice import Kind
from portal.models import Suggestion, Walk
from portal.queries import matching as matching_queries
from portal.services.matching.shortlists import look_again, refresh
from portal.services.matching.telling import tell
from portal.services.walk import take_step


def off_the_cards(session: Session, member_id: int, peer_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Inside the verb that keeps them apart: close that card, so that nobody can choose or approve it any more.

    A question that was put already is left to the clock, which takes it back.
    """
    session.flush()
    walk = matching_queries.walk_to_change(matching_queries.open_walk_of(member_id) or 0)
    if walk is None or walk.state in TOGETHER or walk.peer_id == peer_id:
        return
    known = matching_queries.suggestions_of(walk.id)
    card = next((row for row in known if row.peer_id == peer_id and row.closed_at is None), None)
    if card is None:
        return
    was_chosen = card.rank is not None
    card.closed_at = now
    card.rank = card.offered_at = None
    on_offer = [row for row in known if row.closed_at is None]
    if walk.state is State.SHORTLISTED:
        _instead(session, walk, card.position, known, coordinator_id, now)
    elif walk.state is State.CHOSEN and not matching_queries.chosen_of(walk, on_offer):
        look_again(session, walk, now=now)
    elif was_chosen:
        for place, row in enumerate((row for row in matching_queries.live(on_offer) if row.rank), start=1):
            row.rank = place


def _instead(
    session: Session, walk: Walk, position: int, known: list[Suggestion], coordinator_id: int, now: datetime
) -> None:
    on_offer = {row.peer_id for row in known if row.closed_at is None}
    without = matching_queries.not_again(known, now) | on_offer
    rows = {row.peer_id: row for row in known}
    for found in matching_queries.fitting(walk.member_id, now, without=without, count=1):
        refresh(session, walk, rows.get(found.peer_id), found, position=position, now=now)
        take_step(session, walk, Step.SHORTLIST, Actor.COORDINATOR, actor_id=coordinator_id, now=now)
        tell(session, walk, (Kind.SHORTLIST_READY, walk.member_id), now=now)
