"""Asking who offers: a member asks peers who fit, without a name; some offer, and the member picks among them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.db import retry_once, transaction
from portal.domain.account import Purpose
from portal.domain.errors import BadInput, NoRoom, NotFound, Stale
from portal.domain.matching import explain
from portal.domain.matching.offers import (
    MOST_OFFERS,
    OPEN_FOR,
    TOLD_EVERY,
    Standing,
    cannot_offer,
    order,
)
from portal.domain.matching.stored import from_json
from portal.domain.matching.walk import MOVED_ON, Actor, OfferAnswer, State, Step
from portal.domain.notice import Kind
from portal.domain.words import N_
from portal.models import Offer, Suggestion, Walk
from portal.queries import matching as matching_queries
from portal.services import audit, once
from portal.services.matching.asking import NO_CONSENT
from portal.services.matching.shortlists import look_again, refresh
from portal.services.matching.telling import tell
from portal.services.matching.whose import walk_of_member
from portal.services.notice.owe import owe, void
from portal.services.one_by_one import one_by_one
from portal.services.walk import locked_walk, take_step

NOBODY_TO_ASK = N_(
    "Just now there is nobody we could ask. That says nothing about you. Your place is kept, and we write to you the "
    "moment somebody comes."
)
ENOUGH_ALREADY = N_("Three people have offered to walk with you. You can choose among them.")
ENOUGH = N_("Enough people have offered in the meantime, so this is closed now. Thank you for having been there.")
OVER = N_("This has been settled in the meantime. There is nothing for you to do. Thank you for having read it.")


@retry_once
def ask_who_offers(walk_id: int, member_id: int, *, revision: int | None, key: str, now: datetime) -> int:
    """Ask the closest peers who fit, without a name, for three days; BadInput where there is nobody to ask."""
    with transaction() as session:
        form = once.form(member_id, key, str(Step.ASK_WHO_OFFERS), walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk = walk_of_member(walk_id, member_id, Step.ASK_WHO_OFFERS, revision)
        if matching_queries.took_back(Purpose.MATCHING, [member_id]):
            raise BadInput("consent", NO_CONSENT)
        known = matching_queries.suggestions_of(walk_id)
        if len(matching_queries.standing_offers(known, now)) >= MOST_OFFERS:
            raise BadInput("offers", ENOUGH_ALREADY)
        asked = matching_queries.who_may_offer(walk, known, now)
        if not asked:
            raise BadInput("nobody", NOBODY_TO_ASK)
        _forget_old_offers(known, now)
        written_to = matching_queries.written_to(walk_id, now - OPEN_FOR)
        _write_offers(session, walk_id, asked, now)
        walk.choose_with_me = walk.choice_approved = False
        walk.answer_by = now + OPEN_FOR
        take_step(session, walk, Step.ASK_WHO_OFFERS, Actor.MEMBER, actor_id=member_id, now=now)
        letters = ((Kind.OFFER_ASKED, peer_id) for peer_id in asked if peer_id not in written_to)
        tell(session, walk, *letters, now=now)
        form.remember(session, walk_id, now)
        return walk_id


@retry_once
def offer(walk_id: int, peer_id: int, *, key: str, now: datetime) -> int:
    """Offer to walk with whoever asks: an informed yes, which counts if the member picks it and a coordinator agrees.

    Stale where it is closed by now, NoRoom where this peer cannot offer; the two sentences say it kindly.
    """
    with transaction() as session:
        form = once.form(peer_id, key, "offer", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk, asked = _asked(walk_id, peer_id)
        known = matching_queries.suggestions_of(walk_id)
        offered = matching_queries.standing_offers(known, now)
        if peer_id in {row.peer_id for row in offered}:
            return walk_id
        if walk.state is not State.OFFERING or walk.answer_by is None or walk.answer_by <= now:
            raise Stale(OVER)
        if len(offered) >= MOST_OFFERS:
            raise Stale(ENOUGH)
        _keep_offer(session, walk, known, _checked(walk, peer_id, now), now)
        asked.answer, asked.answered_at = OfferAnswer.OFFER, now
        audit.record(session, "walk offer", "walk", walk_id, actor_id=peer_id, now=now)
        if len(offered) + 1 == MOST_OFFERS:
            void(session, f"walk-{walk_id}", now=now, kinds=[Kind.OFFER_ASKED])
        _tell_of_offer(session, walk, now)
        form.remember(session, walk_id, now)
        return walk_id


@retry_once
def leave_it(walk_id: int, peer_id: int, *, key: str, now: datetime) -> int:
    """Say "not now" to an asking, without a reason; an offer made before is taken back, until they are asked."""
    with transaction() as session:
        form = once.form(peer_id, key, "leave it", walk_id)
        if (earlier := form.result()) is not None:
            return earlier
        walk, asked = _asked(walk_id, peer_id)
        offered = matching_queries.standing_offers(matching_queries.suggestions_of(walk_id), now)
        own = next((row for row in offered if row.peer_id == peer_id), None)
        if own is not None and not matching_queries.may_take_back(walk, peer_id):
            raise Stale(MOVED_ON)
        if own is not None:
            # Whoever was on a card before and is not chosen stays on it: only the offer is gone.
            if own.rank is not None or not matching_queries.was_card_before_offer(own):
                own.closed_at = now
            own.offered_at = None
            audit.record(session, "walk offer taken back", "walk", walk_id, actor_id=peer_id, now=now)
        asked.answer, asked.answered_at = OfferAnswer.NOT_NOW, now
        form.remember(session, walk_id, now)
        return walk_id


def close_offers(*, now: datetime) -> int:
    """Go on where the days for offers are over; returns how many walks went on."""
    return one_by_one("walk", matching_queries.due_offerings(now), lambda walk_id: _close(walk_id, now=now))


@retry_once
def _close(walk_id: int, *, now: datetime) -> bool:
    with transaction() as session:
        walk = matching_queries.walk_to_change(walk_id)
        if walk is None or walk.state is not State.OFFERING or walk.answer_by is None or walk.answer_by > now:
            return False
        back_to_cards(session, walk, Step.OFFERS_CLOSE, Actor.PORTAL, actor_id=None, now=now)
        return True


def back_to_cards(
    session: Session, walk: Walk, step: Step, actor: Actor, *, actor_id: int | None, now: datetime
) -> None:
    """From an asking for offers back to cards: whoever offered first, then the others; or look again for people."""
    walk.answer_by = None
    open_rows = [row for row in matching_queries.suggestions_of(walk.id) if row.closed_at is None]
    fit = [row for row in open_rows if matching_queries.still_fits(walk.member_id, row.peer_id, now)]
    if not fit:
        look_again(session, walk, now=now)
        return
    for row in open_rows:
        if row not in fit:
            row.closed_at = now
    _put_in_order(fit, now)
    take_step(session, walk, step, actor, actor_id=actor_id, now=now)
    nobody_offered = not matching_queries.standing_offers(fit, now)
    news = [(Kind.SHORTLIST_READY, walk.member_id)] if actor is Actor.PORTAL and nobody_offered else []
    tell(session, walk, *news, now=now)


def _asked(walk_id: int, peer_id: int) -> tuple[Walk, Offer]:
    walk = locked_walk(walk_id)
    asked = matching_queries.offer_to_change(walk_id, peer_id)
    if asked is None:
        raise NotFound
    return walk, asked


def _checked(walk: Walk, peer_id: int, now: datetime) -> explain.Suggestion:
    found = matching_queries.one(walk.member_id, peer_id, now)
    if found is None:  # the two may not meet, which is for nobody to know
        raise Stale(OVER)
    cannot = cannot_offer(check.filter for check in found.held)
    if cannot is not None:
        raise NoRoom(cannot)
    return found


def _forget_old_offers(known: Sequence[Suggestion], now: datetime) -> None:
    standing = matching_queries.standing_offers(known, now)
    for row in known:
        row.rank = None
        if row not in standing:
            row.offered_at = None


def _write_offers(session: Session, walk_id: int, asked: Sequence[int], now: datetime) -> None:
    # Whoever was asked before and is not now keeps the page that their letter leads to.
    session.execute(delete(Offer).where(Offer.walk_id == walk_id, Offer.peer_id.in_(asked)))
    session.add_all(Offer(walk_id=walk_id, peer_id=peer_id, asked_at=now) for peer_id in asked)
    session.flush()


def _keep_offer(
    session: Session, walk: Walk, known: Sequence[Suggestion], found: explain.Suggestion, now: datetime
) -> None:
    row = next((row for row in known if row.peer_id == found.peer_id), None)
    row = refresh(session, walk, row, found, position=len(known) + 1, now=now)
    row.offered_at = now
    session.flush()
    _put_in_order([one for one in matching_queries.suggestions_of(walk.id) if one.closed_at is None], now)


def _put_in_order(rows: Sequence[Suggestion], now: datetime) -> None:
    people = {row.peer_id: row for row in rows}
    standing = (Standing(row.peer_id, row.offered_at, from_json(row.why).score, row.position) for row in rows)
    for position, peer_id in enumerate(order(standing, now), start=1):
        people[peer_id].position = position


def _tell_of_offer(session: Session, walk: Walk, now: datetime) -> None:
    # A reason of its own: these letters outlive the steps of the walk, and one may follow another within one state.
    about = f"offers-{walk.id}"
    number, last_due, waits = matching_queries.letters_of_offers(about)
    if waits:
        return
    due_at = now if last_due is None else max(now, last_due + TOLD_EVERY)
    owe(
        session,
        Kind.OFFER_MADE,
        walk.member_id,
        about=about,
        due_at=due_at,
        now=now,
        revision=number + 1,
        walk_id=walk.id,
    )
