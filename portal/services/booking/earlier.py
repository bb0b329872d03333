""" "Tell me if something earlier opens": a member's wish, and its end."""

from collections.abc import Iterable
from datetime import datetime

from portal.db import retry_once
from portal.domain.booking import BOOKABLE, BookingState, changeable, full_sentence, room_ahead
from portal.domain.booking.earlier import ANY_TIME, ASK_INSTEAD
from portal.domain.errors import NotFound, Stale
from portal.domain.matching.walk import MOVED_ON, TOGETHER, Actor, State
from portal.models import Booking, TimeWish, Walk
from portal.queries import booking as queries
from portal.queries.booking import Two, earlier
from portal.queries.slots import FreeTime
from portal.services import audit
from portal.services.booking.ending import let_go
from portal.services.booking.guarded import both_held
from portal.services.walk import locked_walk


@retry_once
def wish_earlier(walk_id: int, member_id: int, *, chat_id: int | None = None, now: datetime) -> None:
    """Note that a member would like something earlier than a chat, or anything where none is set; what is open now is
    known to them. A second wish of the same walk takes the place of the first and keeps its turn."""
    two = _two(walk_id, member_id)
    with both_held(two) as session:
        if queries.terms_of(two.peer_id).says_yes_first:
            raise Stale(ASK_INSTEAD)
        walk = locked_walk(walk_id)
        chat = queries.booking_to_change(chat_id) if chat_id is not None else None
        before = _before(walk, chat, now)
        row = earlier.open_wish_to_change(walk_id)
        if row is None:
            row = TimeWish(walk_id=walk_id, since=now, passed_over=[])
            session.add(row)
        row.booking_id, row.before = chat_id, before
        open_now = [slot.starts_at for slot in _times(two, chat, now).slots if slot.starts_at < before]
        pass_over(row, open_now)
        audit.record(session, "earlier time wished for", "walk", walk_id, actor_id=member_id, now=now)


@retry_once
def stop_wishing(walk_id: int, member_id: int, *, now: datetime) -> None:
    """End a wish; a time that is held for it is free again."""
    two = _two(walk_id, member_id)
    with both_held(two) as session:
        row = earlier.open_wish_to_change(walk_id)
        if row is not None:
            row.ended_at = now
        held_id = earlier.held_for_walk(walk_id)
        if held_id is not None:
            held = queries.booking_to_change(held_id)
            held.cancelled_by = member_id
            let_go(session, held, BookingState.RELEASED, by=member_id, now=now)


def pass_over(row: TimeWish, times: Iterable[datetime]) -> None:
    """Note that these starts are not to be offered."""
    row.passed_over = sorted({*row.passed_over, *(earlier.minutes_of(at) for at in times)})


def _before(walk: Walk, chat: Booking | None, now: datetime) -> datetime:
    if chat is None:
        if room_ahead(walk.state, len(queries.chats_ahead(walk.id, now))) == 0:
            raise Stale(full_sentence(walk.state) if walk.state in BOOKABLE else MOVED_ON)
        return now + ANY_TIME
    if chat.walk_id != walk.id or chat.peer_id != walk.peer_id:
        raise NotFound
    if not changeable(chat.state, chat.starts_at, now) or walk.state not in TOGETHER - {State.RESTING}:
        raise Stale(MOVED_ON)
    return chat.starts_at


def _times(two: Two, chat: Booking | None, now: datetime) -> FreeTime:
    if chat is None:
        return queries.times_of(two, now, way=queries.formats_of(two)[0])
    minutes = int((chat.ends_at - chat.starts_at).total_seconds()) // 60
    return queries.times_of(two, now, without=chat.id, minutes=minutes, way=chat.format)


def _two(walk_id: int, member_id: int) -> Two:
    two = queries.two_of_walk(member_id, walk_id)
    if two is None or two.as_actor(member_id) is not Actor.MEMBER:
        raise NotFound
    return two
