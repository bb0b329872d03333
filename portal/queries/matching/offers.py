"""Asking who offers: whom to ask, what a peer who was asked may see and do, and whose offers stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from sqlalchemy import func, select

from portal.db import read
from portal.domain.matching.filters import checks
from portal.domain.matching.offers import COUNTS_FOR, MOST_ASKED, MOST_OFFERS, cannot_offer, stands
from portal.domain.matching.values import Member, Openings
from portal.domain.matching.walk import OfferAnswer, State
from portal.domain.notice import Kind, NoticeState
from portal.models import MemberProfile, Notice, Offer, PastSuggestion, Suggestion, Walk
from portal.queries.matching.asked import Asking, asking_of
from portal.queries.matching.fitting import best_first, fitting, may_meet, not_again
from portal.queries.matching.values import member_value, out_of_matching, peer_values
from portal.queries.matching.walks import suggestions_of
from portal.queries.matching.weights import domain_weights

# Until both have said yes, a peer may take an offer back, also while somebody else is asked by name.
MAY_TAKE_BACK = frozenset({State.ASKED, State.OFFERING, State.SHORTLISTED, State.CHOSEN, State.HELD, State.INVITED})


class OfferPlace(StrEnum):
    """Where an asking stands for one peer who was asked."""

    OPEN = "open"
    OFFERED = "offered"
    ENOUGH = "enough"
    OVER = "over"


@dataclass(frozen=True)
class OfferView:
    """An asking without a name as one peer sees it; once it is over there is nothing of the member in it."""

    walk_id: int
    place: OfferPlace
    left: bool
    # Whether their offer is a yes to what the member tells now; else they would be asked once more.
    counts: bool
    asking: Asking | None
    # Why this peer cannot offer just now, to translate; None where they can.
    cannot: str | None


def who_may_offer(walk: Walk, known: Collection[Suggestion], now: datetime) -> tuple[int, ...]:
    """Return whom to ask on this walk, the closest first: all who fit now, then those who only lack a common time.

    Whoever lately could not, and whoever has offered already, is left out.
    """
    offered = {row.peer_id for row in known if stands(row.offered_at, now)}
    without = not_again(known, now) | offered | _said_not_now(walk.member_id, now)
    found = [each.peer_id for each in fitting(walk.member_id, now, without=without, count=MOST_ASKED)]
    if len(found) < MOST_ASKED:
        found += _short_of_time(walk.member_id, now, without.union(found), MOST_ASKED - len(found))
    return tuple(found[:MOST_ASKED])


def anybody_may_offer(walk_id: int, now: datetime) -> bool:
    """Say whether there is anybody who could be asked on this walk whether they offer."""
    return bool(who_may_offer(read().get_one(Walk, walk_id), suggestions_of(walk_id), now))


def offer_to_change(walk_id: int, peer_id: int) -> Offer | None:
    """Return what this peer was asked on a walk, as it is now."""
    asked = select(Offer).where(Offer.walk_id == walk_id, Offer.peer_id == peer_id)
    return read().scalar(asked.execution_options(populate_existing=True))


def standing_offers(known: Collection[Suggestion], now: datetime) -> list[Suggestion]:
    """Return those of a walk's suggestions whose peers have offered, while that counts."""
    return [row for row in known if row.closed_at is None and stands(row.offered_at, now)]


def may_take_back(walk: Walk, peer_id: int) -> bool:
    """Say whether this peer's offer on a walk could still lead somewhere, so that it is theirs to take back."""
    return walk.open and walk.state in MAY_TAKE_BACK and walk.peer_id != peer_id


def was_card_before_offer(row: Suggestion) -> bool:
    """Say whether a peer who has offered was on offer already when they did."""
    before = select(PastSuggestion.id).where(
        PastSuggestion.walk_id == row.walk_id,
        PastSuggestion.peer_id == row.peer_id,
        PastSuggestion.closed_at == row.offered_at,
    )
    return read().scalar(before.limit(1)) is not None


def offer_counts(member_id: int, offered_at: datetime | None, now: datetime) -> bool:
    """Say whether an offer is a yes to what this member tells now: it stands, and they changed nothing after it."""
    told_at = read().scalar(select(MemberProfile.updated_at).where(MemberProfile.person_id == member_id))
    return offered_at is not None and stands(offered_at, now) and (told_at is None or told_at <= offered_at)


def cannot_now(member: Member, peer_id: int, now: datetime) -> str | None:
    """Return why this peer cannot offer to walk with somebody now, to translate; None where they can."""
    answers = checks(member, peer_values([peer_id])[0], Openings(), now)
    return cannot_offer(check.filter for check in answers if not check.passed)


def offer_view(walk_id: int, peer_id: int, now: datetime) -> OfferView | None:
    """Return an asking for a peer who was asked, also when it is over; None for anybody else."""
    asked = read().get(Offer, (walk_id, peer_id), populate_existing=True)
    walk = read().get(Walk, walk_id, populate_existing=True)
    return None if asked is None or walk is None else _view(walk, peer_id, asked.answer, now)


def due_offerings(now: datetime) -> list[int]:
    """Return the walks whose asking for offers has been open long enough."""
    over = select(Walk.id).where(Walk.open, Walk.state == State.OFFERING, Walk.answer_by <= now)
    return list(read().scalars(over.order_by(Walk.answer_by, Walk.id)))


def written_to(walk_id: int, since: datetime) -> frozenset[int]:
    """Return whom a letter has asked to offer on this walk since then; one that was taken back unsent is none."""
    letters = select(Notice.person_id).where(
        Notice.walk_id == walk_id,
        Notice.kind == Kind.OFFER_ASKED,
        Notice.state.in_((NoticeState.SENDING, NoticeState.SENT)),
        Notice.due_at > since,
    )
    return frozenset(person_id for person_id in read().scalars(letters) if person_id is not None)


def letters_of_offers(about: str) -> tuple[int, datetime | None, bool]:
    """Return the last number of a letter that told of offers, when it was due, and whether one still waits."""
    told = (Notice.about == about, Notice.kind == Kind.OFFER_MADE)
    number = read().scalar(select(func.max(Notice.revision)).where(*told)) or 0
    stays = select(Notice.due_at, Notice.state).where(*told, Notice.state != NoticeState.VOID)
    last = read().execute(stays.order_by(Notice.due_at.desc(), Notice.id.desc()).limit(1)).first()
    return (number, None, False) if last is None else (number, last.due_at, last.state is NoticeState.DUE)


def _view(walk: Walk, peer_id: int, answer: OfferAnswer | None, now: datetime) -> OfferView:
    place = _place(walk, peer_id, now)
    shows = place in (OfferPlace.OPEN, OfferPlace.OFFERED)
    own = next((row.offered_at for row in suggestions_of(walk.id) if row.peer_id == peer_id), None)
    return OfferView(
        walk_id=walk.id,
        place=place,
        left=answer is OfferAnswer.NOT_NOW,
        counts=place is OfferPlace.OFFERED and offer_counts(walk.member_id, own, now),
        asking=asking_of(walk, peer_id, now, by_name=False) if shows else None,
        cannot=cannot_now(member_value(walk.member_id), peer_id, now) if place is OfferPlace.OPEN else None,
    )


def _place(walk: Walk, peer_id: int, now: datetime) -> OfferPlace:
    known = suggestions_of(walk.id)
    offered = standing_offers(known, now)
    if not may_take_back(walk, peer_id) or not may_meet(walk.member_id, peer_id):
        return OfferPlace.OVER
    if peer_id in {row.peer_id for row in offered}:
        return OfferPlace.OFFERED
    if walk.state is not State.OFFERING or walk.answer_by is None or walk.answer_by <= now:
        return OfferPlace.OVER
    return OfferPlace.OPEN if len(offered) < MOST_OFFERS else OfferPlace.ENOUGH


def _said_not_now(member_id: int, now: datetime) -> frozenset[int]:
    lately = (
        select(Offer.peer_id)
        .join(Walk, Walk.id == Offer.walk_id)
        .where(Walk.member_id == member_id, Offer.answer == OfferAnswer.NOT_NOW, Offer.answered_at > now - COUNTS_FOR)
    )
    return frozenset(read().scalars(lately))


def _short_of_time(member_id: int, now: datetime, without: Collection[int], count: int) -> list[int]:
    weights = domain_weights()
    if weights is None or out_of_matching([member_id]):
        return []
    able = best_first(member_value(member_id), weights, now, without)
    return [peer.id for _, peer in islice(able, count)]
