"""A coordinator decides on a choice: approves it, holds it, takes it up again, or offers somebody else."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.errors import BadInput, NoRoom
from portal.domain.matching.walk import Actor, Step
from portal.domain.notice import Kind
from portal.domain.words import N_
from portal.models import Suggestion, Walk
from portal.queries import matching as matching_queries
from portal.services import audit, once
from portal.services.matching.agreeing import yes_by_offer
from portal.services.matching.inviting import invited, let_go
from portal.services.matching.shortlists import look_again, put
from portal.services.matching.telling import tell
from portal.services.matching.whose import walk_of_coordinator
from portal.services.walk import take_step

NOT_FREE = N_("This peer has no room just now, or no longer fits. You can offer somebody else.")
NOBODY_FREE = N_("Nobody who was chosen can be asked any more. We have looked again; the place in the row is kept.")
NOT_CHOSEN = N_("Please choose one of the people the member chose.")
NOT_OFFERED = N_("This person is not on offer on this walk.")
SOMEBODY_ELSE = N_("Please choose somebody else to offer.")
SAY_WHY = N_("Please say why, in a sentence or two. The member reads it.")
SHORTER = N_("Please keep it to %(most)s characters.")
LONGEST_REASON = 500


@retry_once
def approve(
    walk_id: int, coordinator_id: int, peer_id: int | None, *, revision: int | None, key: str, now: datetime
) -> int:
    """Ask the peer the member put first, or `peer_id` of those they chose; the ones after are asked by the portal.

    NoRoom where that peer cannot be asked; where nobody who was chosen can, the portal has looked again by then.
    """
    with transaction() as session:
        form = once.form(coordinator_id, key, "approve", walk_id, peer_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk = walk_of_coordinator(walk_id, coordinator_id, Step.APPROVE, revision)
        asked = approved(session, walk, coordinator_id, peer_id, now=now)
        if asked:
            form.remember(session, walk_id, now)
    if not asked:
        raise NoRoom(NOBODY_FREE)
    return walk_id


def approved(session: Session, walk: Walk, coordinator_id: int, peer_id: int | None, *, now: datetime) -> bool:
    """Inside a verb, on a chosen walk (its row locked): ask this peer, and tell both.

    NoRoom where that peer cannot be asked; False where nobody who was chosen can, and the portal has looked again.
    """
    on_offer = matching_queries.live(matching_queries.suggestions_of(walk.id))
    chosen = matching_queries.chosen_of(walk, on_offer)
    picked = next((row for row in chosen if peer_id in (None, row.peer_id)), None)
    if picked is None:
        raise BadInput("peer", NOT_CHOSEN)
    walk.coordinator_id = coordinator_id
    walk.choice_approved = True
    if walk.choose_with_me:
        _put_first(picked, chosen)
    if invited(session, walk, picked, Step.APPROVE, Actor.COORDINATOR, actor_id=coordinator_id, now=now):
        if not yes_by_offer(session, walk, picked, now=now):
            tell(session, walk, (Kind.ASKED_PEER, walk.peer_id), (Kind.CHOICE_APPROVED, walk.member_id), now=now)
        return True
    if any(matching_queries.still_fits(walk.member_id, row.peer_id, now) for row in chosen):
        raise NoRoom(NOT_FREE)
    look_again(session, walk, now=now)
    return False


@retry_once
def hold(walk_id: int, coordinator_id: int, reason: str, *, revision: int | None, key: str, now: datetime) -> int:
    """Take more time with a choice, or with a question that was put to a peer; the member reads the reason."""
    with transaction() as session:
        form = once.form(coordinator_id, key, "hold", walk_id, reason)
        if (earlier := form.result()) is not None:
            return earlier
        words = _reason(reason)
        walk = walk_of_coordinator(walk_id, coordinator_id, Step.HOLD, revision)
        _decide(session, walk, Step.HOLD, coordinator_id, words, now)
        let_go(session, walk)
        tell(session, walk, (Kind.WALK_HELD, walk.member_id), now=now)
        form.remember(session, walk_id, now)
        return walk_id


@retry_once
def release(walk_id: int, coordinator_id: int, reason: str, *, revision: int | None, key: str, now: datetime) -> int:
    """Take a held choice up again; words for the member are welcome and not needed."""
    with transaction() as session:
        form = once.form(coordinator_id, key, "release", walk_id, reason)
        if (earlier := form.result()) is not None:
            return earlier
        words = _reason(reason) if reason.strip() else ""
        walk = walk_of_coordinator(walk_id, coordinator_id, Step.RELEASE, revision)
        _decide(session, walk, Step.RELEASE, coordinator_id, words, now)
        tell(session, walk, now=now)
        form.remember(session, walk_id, now)
        return walk_id


@retry_once
def swap(
    walk_id: int,
    coordinator_id: int,
    from_peer_id: int,
    to_peer_id: int,
    reason: str,
    *,
    revision: int | None,
    key: str,
    now: datetime,
) -> int:
    """Offer somebody else in the place of one who was suggested; the member reads the reason and chooses again."""
    with transaction() as session:
        form = once.form(coordinator_id, key, "swap", walk_id, from_peer_id, to_peer_id, reason)
        if (earlier := form.result()) is not None:
            return earlier
        words = _reason(reason)
        walk = walk_of_coordinator(walk_id, coordinator_id, Step.SWAP, revision)
        _exchange(session, walk, from_peer_id, to_peer_id, now)
        _decide(session, walk, Step.SWAP, coordinator_id, words, now)
        tell(session, walk, (Kind.SWAPPED, walk.member_id), now=now)
        form.remember(session, walk_id, now)
        return walk_id


def looked_at(walk_id: int, coordinator_id: int, *, now: datetime) -> None:
    """Keep that a coordinator read what the member told, and what the two told after a chat; each can see it."""
    with transaction() as session:
        walk = matching_queries.walk_to_change(walk_id)
        if walk is not None:
            audit.record(session, "read", "member_profile", walk.member_id, actor_id=coordinator_id, now=now)
            for told in matching_queries.reflections_of(walk_id).values():
                audit.record(session, "read", "reflection", told.id, actor_id=coordinator_id, now=now)


def _decide(session: Session, walk: Walk, step: Step, coordinator_id: int, reason: str, now: datetime) -> None:
    walk.coordinator_id = coordinator_id
    walk.choice_approved = False
    take_step(session, walk, step, Actor.COORDINATOR, actor_id=coordinator_id, now=now, reason=reason)


def _put_first(picked: Suggestion, chosen: list[Suggestion]) -> None:
    for place, row in enumerate([picked, *(row for row in chosen if row is not picked)], start=1):
        row.rank = place


def _exchange(session: Session, walk: Walk, from_peer_id: int, to_peer_id: int, now: datetime) -> None:
    rows = matching_queries.suggestions_of(walk.id)
    on_offer = matching_queries.live(rows)
    if from_peer_id not in {row.peer_id for row in on_offer}:
        raise BadInput("from", NOT_OFFERED)
    if to_peer_id == from_peer_id:
        raise BadInput("to", SOMEBODY_ELSE)
    found = matching_queries.one(walk.member_id, to_peer_id, now)
    if found is None or not found.fits:
        raise NoRoom(NOT_FREE)
    for row in on_offer:
        if row.peer_id == from_peer_id:
            row.closed_at = now
    stay = [row for row in on_offer if row.peer_id not in (from_peer_id, to_peer_id)]
    put(session, walk, rows, [found, *stay], now=now)


def _reason(words: str) -> str:
    tidy = words.strip()
    if not tidy:
        raise BadInput("reason", SAY_WHY)
    if len(tidy) > LONGEST_REASON:
        raise BadInput("reason", SHORTER, most=LONGEST_REASON)
    return tidy
