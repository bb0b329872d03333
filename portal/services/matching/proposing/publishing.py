"""A proposed pair is published: only then does anybody else hear of it, and the member still chooses."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from sqlalchemy.orm import Session

from portal import queue
from portal.db import retry_once, transaction
from portal.domain.errors import BadInput, NoRoom, NotFound, PortalError, Stale
from portal.domain.matching.explain import Suggestion
from portal.domain.matching.shortlist import CARDS
from portal.domain.matching.together import PairState
from portal.domain.matching.walk import MOVED_ON, Actor, State, Step
from portal.domain.notice import Kind
from portal.domain.words import N_
from portal.models import Proposal, ProposedPair, Walk
from portal.models import Suggestion as Row
from portal.queries import matching as matching_queries
from portal.services import audit, once
from portal.services.matching.approving import NOBODY_FREE, NOT_FREE, approved
from portal.services.matching.proposing.whose import only_coordinators, ready_proposal
from portal.services.matching.shortlists import put
from portal.services.matching.telling import tell
from portal.services.walk import locked_walk, take_step

# What takes longer is left to a worker, in portions, so that no page and no letter waits long.
PATIENCE_SECONDS = 5.0
SETTLED = N_("This one is settled already.")
NOT_NOW = N_("Something on our side did not work; this pair stays as it is, and can be tried again.")
APART = N_("You keep these two apart.")
OFFERED = N_("Three people have offered to walk with this member, and stand first.")
WALK_MOVED = N_("The walk has moved on by itself since the proposal.")


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class MovedOn:
    """A pair that was not published, and why."""

    pair_id: int
    sentence: str


@dataclass(frozen=True)
class Published:
    """What became of several pairs; `later` are left to a worker."""

    pair_ids: tuple[int, ...]
    moved_on: tuple[MovedOn, ...]
    later: int = 0


def publish(
    proposal_id: int, pair_ids: Sequence[int] | None, coordinator_id: int, *, key: str, now: datetime, begins: int = 0
) -> Published:
    """Publish these pairs, or all that are pending from one on, each in a transaction of its own: one that cannot be
    does not keep the others. Stale where the proposal does not stand any more."""
    if not matching_queries.is_proposal(proposal_id):
        raise NotFound
    if pair_ids is None:
        all_of_it = matching_queries.to_publish_together(proposal_id, coordinator_id, now)
        pending = [pair_id for pair_id in all_of_it if pair_id >= begins]
    else:
        pending = list(pair_ids)
    began = perf_counter()
    done: list[int] = []
    moved_on: list[MovedOn] = []
    for place, pair_id in enumerate(pending):
        if place and pair_ids is None and perf_counter() - began > PATIENCE_SECONDS:
            queue.post_publishing(proposal_id, coordinator_id, pair_id)
            return Published(tuple(done), tuple(moved_on), len(pending) - place)
        try:
            why_not = _publish(proposal_id, pair_id, coordinator_id, key=key and f"{key}/{pair_id}", now=now)
        except Stale as error:
            if not place:
                raise
            return Published(tuple(done), (*moved_on, *(MovedOn(rest, error.sentence) for rest in pending[place:])))
        if why_not:
            moved_on.append(MovedOn(pair_id, why_not))
        else:
            done.append(pair_id)
    return Published(tuple(done), tuple(moved_on))


def publish_some(proposal_id: int, coordinator_id: int, pair_id: int, *, now: datetime) -> None:
    """Publish the next portion of what is pending, from this pair on, and ask a worker for the rest."""
    try:
        publish(proposal_id, None, coordinator_id, key="", now=now, begins=pair_id)
    except Stale:
        return  # it was replaced by a newer one in the meantime, which nobody has agreed to publish


@retry_once
def drop(pair_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Leave one pair out of what is published; the member waits as before."""
    with transaction() as session:
        only_coordinators(coordinator_id)
        proposal, pair = _pair(pair_id)
        if pair.state is PairState.PENDING:
            _settle(session, proposal, pair, PairState.DROPPED, coordinator_id, now)


def _publish(proposal_id: int, pair_id: int, coordinator_id: int, *, key: str, now: datetime) -> str:
    try:
        return _put_before_people(proposal_id, pair_id, coordinator_id, key=key, now=now)
    except (NoRoom, BadInput) as error:
        return _overtake(pair_id, coordinator_id, error.sentence, now=now)
    except PortalError:
        raise
    except Exception as error:  # the others must go on whatever is wrong with one
        logger.error("pair %s: %s", pair_id, type(error).__name__)
        return NOT_NOW


@retry_once
def _put_before_people(proposal_id: int, pair_id: int, coordinator_id: int, *, key: str, now: datetime) -> str:
    """Return nothing, or the sentence why this pair was not published."""
    with transaction() as session:
        only_coordinators(coordinator_id)
        form = once.form(coordinator_id, key, "publish", pair_id)
        if form.result() is not None:
            return ""
        proposal, pair = _pair(pair_id, proposal_id)
        if pair.state is not PairState.PENDING or pair.peer_id is None:
            return SETTLED
        walk = locked_walk(pair.walk_id)
        if matching_queries.kept_apart(walk.member_id, pair.peer_id):
            return APART
        if not walk.open or walk.revision != pair.walk_revision:
            _moved(session, proposal, pair, WALK_MOVED, coordinator_id, now)
            return WALK_MOVED
        if walk.state is not State.CHOSEN:
            _first_card(session, walk, pair.peer_id, coordinator_id, now)
        elif not approved(session, walk, coordinator_id, pair.peer_id, now=now):
            _moved(session, proposal, pair, NOBODY_FREE, coordinator_id, now)
            return NOBODY_FREE
        _settle(session, proposal, pair, PairState.PUBLISHED, coordinator_id, now)
        form.remember(session, pair_id, now)
        return ""


def _first_card(session: Session, walk: Walk, peer_id: int, coordinator_id: int, now: datetime) -> None:
    """Put this peer first on the member's cards, unless they are there already; others who fit follow."""
    known = matching_queries.suggestions_of(walk.id)
    on_offer = matching_queries.live(known) if walk.state is State.SHORTLISTED else []
    found = matching_queries.one(walk.member_id, peer_id, now)
    if found is None or not found.fits:
        raise NoRoom(NOT_FREE)
    if on_offer and on_offer[0].peer_id == peer_id:
        return
    stay = [
        row
        for row in on_offer
        if row.peer_id != peer_id and matching_queries.still_fits(walk.member_id, row.peer_id, now)
    ]
    standing = matching_queries.standing_offers(stay, now)
    if len(standing) == CARDS:
        raise NoRoom(OFFERED)
    # Whoever has offered, and may not know to whom, is not put behind somebody who has not.
    first: list[Suggestion | Row] = [*standing, found, *(row for row in stay if row not in standing)]
    cards = _cards(walk.member_id, first[:CARDS], matching_queries.not_again(known, now), now)
    put(session, walk, known, cards, now=now)
    take_step(session, walk, Step.SHORTLIST, Actor.COORDINATOR, actor_id=coordinator_id, now=now)
    tell(session, walk, (Kind.SHORTLIST_READY, walk.member_id), now=now)


def _cards(
    member_id: int, first: list[Suggestion | Row], lately: frozenset[int], now: datetime
) -> list[Suggestion | Row]:
    if len(first) == CARDS:
        return first
    without = lately | {card.peer_id for card in first}
    return [*first, *matching_queries.fitting(member_id, now, without=without, count=CARDS - len(first))]


@retry_once
def _overtake(pair_id: int, coordinator_id: int, sentence: str, *, now: datetime) -> str:
    with transaction() as session:
        proposal, pair = _pair(pair_id)
        if pair.state is not PairState.PENDING:
            return SETTLED
        _moved(session, proposal, pair, sentence, coordinator_id, now)
        return sentence


def _pair(pair_id: int, proposal_id: int | None = None) -> tuple[Proposal, ProposedPair]:
    stands = matching_queries.open_proposal_id()
    if stands is None or (proposal_id is not None and stands != proposal_id):
        raise Stale(MOVED_ON)
    proposal = ready_proposal(stands)
    pair = matching_queries.pair_to_change(pair_id)
    if pair is None:
        raise NotFound
    if pair.proposal_id != stands:
        raise Stale(MOVED_ON)
    return proposal, pair


def _moved(
    session: Session, proposal: Proposal, pair: ProposedPair, sentence: str, coordinator_id: int, now: datetime
) -> None:
    pair.why = (pair.why or {}) | {"moved": sentence}
    _settle(session, proposal, pair, PairState.OVERTAKEN, coordinator_id, now)


def _settle(
    session: Session, proposal: Proposal, pair: ProposedPair, state: PairState, coordinator_id: int, now: datetime
) -> None:
    pair.state = state
    pair.settled_by = coordinator_id
    pair.settled_at = now
    proposal.revision += 1
    session.flush()
    audit.record(session, f"pair {state.value}", "pair", pair.id, actor_id=coordinator_id, now=now)
