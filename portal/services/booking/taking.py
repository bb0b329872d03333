"""The answer to a time that is held for somebody: yes, and the later chat moves to it, or no thanks."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.db import retry_once
from portal.domain.booking import BOOKABLE, BookingState, Meeting, changeable, full_sentence, place_of, room_ahead
from portal.domain.booking.asking import waits
from portal.domain.booking.earlier import ASK_INSTEAD, GONE
from portal.domain.errors import NotFound, Stale
from portal.domain.experience import Format
from portal.domain.matching.walk import MOVED_ON, Actor, State, Step
from portal.domain.slots import Slot
from portal.models import Booking, TimeWish, Walk
from portal.queries import booking as queries
from portal.queries.booking import Two, earlier
from portal.services import audit, once
from portal.services.booking.answering import times_beside
from portal.services.booking.ending import let_go
from portal.services.booking.guarded import both_held
from portal.services.booking.moving import give_time
from portal.services.booking.offering import pass_on
from portal.services.booking.setting import check_wishes
from portal.services.notice.chat import about, owe_chat_letters, owe_chat_update
from portal.services.notice.owe import void
from portal.services.walk import locked_walk, take_step


@retry_once
def take(
    booking_id: int, member_id: int, *, way: Format | None = None, place: str = "", key: str, now: datetime
) -> int:
    """Take the time that is held: the later chat moves to it, or it becomes a chat, met in this `way`; returns the
    chat. Stale where it is no longer held or open, or the peer says yes to each chat first by now."""
    two = _two_of_offer(booking_id, member_id)
    with both_held(two) as session:
        form = once.form(member_id, key, "take", booking_id, str(way), place)
        done = form.result()
        if done is not None:
            return done
        walk = locked_walk(two.walk_id)
        held = _still_held(booking_id, now)
        if queries.terms_of(two.peer_id).says_yes_first:
            raise Stale(ASK_INSTEAD)
        wish = earlier.open_wish_to_change(walk.id)
        chat = _chat_of(wish, now)
        if wish is not None:
            wish.ended_at = now
        if chat is not None:
            taken = _take_instead(session, held, chat, member_id, now)
        else:
            meeting = Meeting(way, place) if way is not None else None
            if meeting is not None:
                check_wishes(queries.offer_of(two), meeting)
            taken = _take_as_it_is(session, held, walk, member_id, meeting, now)
        form.remember(session, taken, now)
        return taken


@retry_once
def no_thanks(booking_id: int, member_id: int, *, key: str, now: datetime) -> int:
    """Leave the time that is held: the next one in turn is asked; the wish stays."""
    two = _two_of_offer(booking_id, member_id)
    with both_held(two) as session:
        form = once.form(member_id, key, "no thanks", booking_id)
        if form.result() is None:
            held = _still_held(booking_id, now)
            held.cancelled_by = member_id
            pass_on(session, held, BookingState.RELEASED, by=member_id, now=now)
            form.remember(session, booking_id, now)
        return booking_id


def _take_instead(session: Session, held: Booking, chat: Booking, member_id: int, now: datetime) -> int:
    """Move the later chat to the time that was held for it: its entry in both calendars moves along."""
    slot, before = Slot(held.starts_at, held.ends_at), chat.starts_at
    held.cancelled_by = member_id
    let_go(session, held, BookingState.RELEASED, by=member_id, now=now)
    _check_still_open(chat, slot, now)
    give_time(chat, slot)
    session.flush()
    owe_chat_update(session, chat, before=before, now=now, by=member_id)
    audit.record(session, "chat moved", "booking", chat.id, actor_id=member_id, now=now)
    return chat.id


def _take_as_it_is(
    session: Session, held: Booking, walk: Walk, member_id: int, meeting: Meeting | None, now: datetime
) -> int:
    """Make a chat of the time that was held."""
    if room_ahead(walk.state, len(queries.chats_ahead(walk.id, now))) == 0:
        raise Stale(full_sentence(walk.state) if walk.state in BOOKABLE else MOVED_ON)
    _check_still_open(held, Slot(held.starts_at, held.ends_at), now)
    if meeting is not None:
        held.format, held.place = meeting.way, place_of(meeting.way, meeting.place)
    held.state, held.answer_by = BookingState.BOOKED, None
    held.revision += 1
    void(session, about(held.id), now=now)
    session.flush()
    if walk.state is State.BOTH_YES:
        take_step(session, walk, Step.BOOK, Actor.MEMBER, actor_id=member_id, now=now)
    owe_chat_letters(session, held, now=now)
    audit.record(session, "chat booked", "booking", held.id, actor_id=member_id, now=now)
    return held.id


def _check_still_open(chat: Booking, slot: Slot, now: datetime) -> None:
    """Raise Stale where the peer's hours have changed since the time was held; what is held is taken by nobody else."""
    if times_beside(chat, now).why_closed(slot.starts_at) is not None:
        raise Stale(GONE)


def _still_held(booking_id: int, now: datetime) -> Booking:
    held = queries.booking_to_change(booking_id)
    if held.state is not BookingState.OFFERED or not waits(held.state, held.answer_by, now):
        raise Stale(GONE)
    return held


def _chat_of(wish: TimeWish | None, now: datetime) -> Booking | None:
    """Return the later chat that a wish is about, where it still stands."""
    if wish is None or wish.booking_id is None:
        return None
    chat = queries.booking_to_change(wish.booking_id)
    return chat if changeable(chat.state, chat.starts_at, now) else None


def _two_of_offer(booking_id: int, member_id: int) -> Two:
    two = queries.two_of_chat(member_id, booking_id)
    if two is None or two.as_actor(member_id) is not Actor.MEMBER:
        raise NotFound
    return two
