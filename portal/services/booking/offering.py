"""Offering what has come free: each time to one person at a time, whoever has waited longest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import retry_once
from portal.domain.booking import BookingState, Meeting, changeable
from portal.domain.booking.asking import waits
from portal.domain.booking.earlier import UNDO_WITHIN, held_until, passed_with, to_offer
from portal.domain.matching.walk import State
from portal.domain.notice import Kind
from portal.domain.slots import Slot
from portal.models import Booking
from portal.queries import booking as queries
from portal.queries.booking import Two, asking, earlier
from portal.queries.booking.earlier import Wish
from portal.services.booking.answering import times_beside
from portal.services.booking.earlier import pass_over
from portal.services.booking.ending import let_go
from portal.services.booking.guarded import GUARD, both_held
from portal.services.booking.setting import set_chat
from portal.services.notice.chat import NewChat, about
from portal.services.notice.owe import owe
from portal.services.one_by_one import in_pages, one_by_one


@dataclass(frozen=True)
class Offerable:
    """A time that could be held for somebody, how they would meet, and until when it would be held."""

    slot: Slot
    meeting: Meeting
    until: datetime


def offer_earlier(*, now: datetime) -> int:
    """Let go of what nobody took, end wishes that have lost their reason, and offer each time that has come free to
    whoever has waited longest; returns how many were offered."""
    lapsed = in_pages(lambda after: earlier.lapsed_offers(now, after))
    one_by_one("held time", lapsed, lambda booking_id: _lapse(booking_id, now=now))
    return one_by_one("wish", in_pages(earlier.open_wishes), lambda wish_id: _serve(wish_id, now))


def pass_on(session: Session, held: Booking, became: BookingState, *, by: int | None, now: datetime) -> None:
    """Let go of a held time and note that this member is not offered it again, nor what else is open on that day."""
    let_go(session, held, became, by=by, now=now)
    row, wish = earlier.open_wish_to_change(held.walk_id), earlier.wish_of_walk(held.walk_id)
    if row is not None and wish is not None:
        pass_over(row, passed_with(held.starts_at, times_beside(held, now).slots, wish.zone))


def _serve(wish_id: int, now: datetime) -> bool:
    wish = earlier.open_wish(wish_id)
    if wish is None or (_offerable(wish, now) is None and not _is_over(wish, now)):
        return False
    return _offer(wish.id, wish.two, now=now)


@retry_once
def _offer(wish_id: int, two: Two, *, now: datetime) -> bool:
    try:
        with both_held(two) as session:
            row = earlier.wish_to_change(wish_id)
            wish = earlier.wish_of_walk(two.walk_id)
            if wish is None or wish.id != wish_id:
                return False
            if _is_over(wish, now):
                row.ended_at = now
                return False
            found = _offerable(wish, now)
            if found is None:
                return False
            held = set_chat(
                session,
                two,
                found.slot,
                found.meeting,
                queries.times_of(two, now).policy,
                by=two.member_id,
                now=now,
                state=BookingState.OFFERED,
                answer_by=found.until,
            )
            row.offered_at = now
            _owe_offer(session, held, wish.quiet.over(now, wish.zone), now)
            return True
    except IntegrityError as error:
        if GUARD not in str(error.orig):
            raise
        return False  # somebody booked it in this very moment


def _offerable(wish: Wish, now: datetime) -> Offerable | None:
    """Return the earliest time that could be offered for a wish now, nothing while another is held for them."""
    if earlier.held_for_walk(wish.two.walk_id) is not None:
        return None
    chat = queries.chat_for(wish.two.member_id, wish.chat_id) if wish.chat_id is not None else None
    own = [Slot(chat.starts_at, chat.ends_at)] if chat else []
    meeting = Meeting(chat.format, chat.place, chat.note, chat.minutes) if chat else _first_way(wish.two)
    times = queries.times_of(wish.two, now, without=wish.chat_id, minutes=meeting.minutes, way=meeting.way)
    before = min(wish.before, chat.starts_at) if chat else wish.before
    free = [*earlier.kept_free(wish.two.peer_id, now - UNDO_WITHIN), *own]
    for slot in to_offer(times.slots, before, wish.passed_over, free):
        until = held_until(slot.starts_at, wish.notice, now, wish.zone, wish.quiet)
        if until is not None:
            return Offerable(slot, meeting, until)
    return None


def _first_way(two: Two) -> Meeting:
    return Meeting(queries.formats_of(two)[0])


def _is_over(wish: Wish, now: datetime) -> bool:
    """Say whether a wish has lost its reason: its walk rests or is over, its chat is off or so near that nothing can
    come before it, or a chat was set meanwhile."""
    two = queries.two_of_walk(wish.two.member_id, wish.two.walk_id)
    pair = queries.pair_for(wish.two.member_id, wish.two.walk_id, now) if two is not None else None
    if pair is None or pair.state is State.RESTING or wish.before - wish.notice <= now:
        return True
    if wish.chat_id is None:
        return pair.room == 0
    chat = queries.chat_for(wish.two.member_id, wish.chat_id)
    return chat is None or not changeable(chat.state, chat.starts_at - wish.notice, now)


def _owe_offer(session: Session, held: NewChat, due_at: datetime, now: datetime) -> None:
    owe(
        session,
        Kind.TIME_OFFERED,
        held.member_id,
        about=about(held.id),
        booking_id=held.id,
        walk_id=held.walk_id,
        revision=held.revision,
        due_at=due_at,
        now=now,
    )


@retry_once
def _lapse(booking_id: int, *, now: datetime) -> bool:
    with both_held(asking.two_of_question(booking_id)) as session:
        held = queries.booking_to_change(booking_id)
        if held.state is not BookingState.OFFERED or waits(held.state, held.answer_by, now):
            return False
        pass_on(session, held, BookingState.LAPSED, by=None, now=now)
        return True
