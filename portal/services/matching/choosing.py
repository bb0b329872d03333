"""A member chooses: in an order of their own, or together with a coordinator; and again, until somebody is asked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from portal.db import retry_once, transaction
from portal.domain.errors import BadInput
from portal.domain.matching.shortlist import CARDS
from portal.domain.matching.walk import Actor, State, Step
from portal.domain.words import N_
from portal.models import Suggestion
from portal.queries import matching as matching_queries
from portal.services import once
from portal.services.matching.offering import back_to_cards
from portal.services.matching.telling import tell
from portal.services.matching.whose import walk_of_member
from portal.services.walk import take_step

CHOOSE_SOMEBODY = N_("Please choose somebody from your cards, each of them once.")


@retry_once
def rank(
    walk_id: int,
    member_id: int,
    ordered_peer_ids: Sequence[int],
    *,
    revision: int | None,
    key: str,
    now: datetime,
) -> int:
    """Keep the member's order, best first; whoever is left out is not asked."""
    return _choose(walk_id, member_id, Step.RANK, ordered_peer_ids, revision=revision, key=key, now=now)


@retry_once
def choose_with_me(walk_id: int, member_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """Leave the choice among the cards to a coordinator."""
    return _choose(walk_id, member_id, Step.CHOOSE_WITH_ME, (), revision=revision, key=key, now=now)


@retry_once
def choose_again(walk_id: int, member_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """Take a choice back before a coordinator has acted on it, or an asking for offers; the cards are there again."""
    with transaction() as session:
        form = once.form(member_id, key, str(Step.CHOOSE_AGAIN), walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk = walk_of_member(walk_id, member_id, Step.CHOOSE_AGAIN, revision)
        if walk.state is State.OFFERING:
            back_to_cards(session, walk, Step.CHOOSE_AGAIN, Actor.MEMBER, actor_id=member_id, now=now)
            form.remember(session, walk_id, now)
            return walk_id
        for row in matching_queries.live(matching_queries.suggestions_of(walk_id)):
            row.rank = None
        walk.choose_with_me = walk.choice_approved = False
        take_step(session, walk, Step.CHOOSE_AGAIN, Actor.MEMBER, actor_id=member_id, now=now)
        tell(session, walk, now=now)
        form.remember(session, walk_id, now)
        return walk_id


def mark_shown(walk_id: int, member_id: int, *, now: datetime) -> None:
    """Keep when the member first saw each card."""
    if not any(one.shown_at is None for one in matching_queries.cards_of(walk_id, member_id)):
        return
    with transaction() as session:
        ids = [one.id for one in matching_queries.cards_of(walk_id, member_id) if one.shown_at is None]
        session.execute(update(Suggestion).where(Suggestion.id.in_(ids)).values(shown_at=now))


def _choose(
    walk_id: int,
    member_id: int,
    step: Step,
    ordered_peer_ids: Sequence[int],
    *,
    revision: int | None,
    key: str,
    now: datetime,
) -> int:
    with transaction() as session:
        form = once.form(member_id, key, str(step), walk_id, list(ordered_peer_ids))
        if (earlier := form.result()) is not None:
            return earlier
        walk = walk_of_member(walk_id, member_id, step, revision)
        on_offer = {row.peer_id: row for row in matching_queries.cards_of(walk_id, member_id)}
        if step is Step.RANK:
            _check_order(ordered_peer_ids, on_offer)
        for row in on_offer.values():
            row.rank = None
        for place, peer_id in enumerate(ordered_peer_ids, start=1):
            on_offer[peer_id].rank = place
        walk.answer_by = None
        walk.choose_with_me = step is Step.CHOOSE_WITH_ME
        walk.choice_approved = False
        take_step(session, walk, step, Actor.MEMBER, actor_id=member_id, now=now)
        tell(session, walk, now=now)
        form.remember(session, walk_id, now)
        return walk_id


def _check_order(ordered_peer_ids: Sequence[int], on_offer: dict[int, Suggestion]) -> None:
    chosen = set(ordered_peer_ids)
    if not 1 <= len(ordered_peer_ids) <= CARDS or len(chosen) < len(ordered_peer_ids) or not chosen <= on_offer.keys():
        raise BadInput("order", CHOOSE_SOMEBODY)
