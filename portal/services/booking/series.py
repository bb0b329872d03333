"""A rhythm: several chats set at once, each checked by the same rules and a chat of its own, all of them or none."""

from collections.abc import Sequence
from datetime import datetime

from portal.db import retry_once
from portal.domain.booking import BookingState, Meeting, full_sentence
from portal.domain.booking.asking import MOST_WAITING, TOO_MANY, answer_by
from portal.domain.booking.rhythm import EVERY_WEEKS, FEWEST, MOST, NOT_YET, RHYTHM_STATES, TOO_FEW
from portal.domain.errors import BadInput, NoRoom, NotFound, Stale
from portal.domain.matching.walk import Actor
from portal.models import Series
from portal.queries import booking as queries
from portal.queries.booking import asking, series
from portal.services import audit, once
from portal.services.booking.asking import owe_question
from portal.services.booking.ending import call_off, let_go
from portal.services.booking.first import step_back
from portal.services.booking.guarded import both_held, last_word, open_slot
from portal.services.booking.setting import check_room, check_wishes, set_chat
from portal.services.walk import locked_walk


@retry_once
def set_rhythm(
    walk_id: int,
    actor_id: int,
    starts: Sequence[datetime],
    every_weeks: int,
    meeting: Meeting,
    *,
    key: str,
    now: datetime,
) -> int:
    """Set a chat at each of these times, or ask for all of them as one question where the peer says yes first; a chat
    that the two already have at one of them joins. Returns the first; TimeTaken, and nothing set, where one is gone."""
    two, wanted = queries.two_of_walk(actor_id, walk_id), sorted(set(starts))
    if two is None:
        raise NotFound
    if every_weeks not in EVERY_WEEKS or not FEWEST <= len(wanted) <= MOST:
        raise BadInput("start", TOO_FEW)
    actor = two.as_actor(actor_id)
    with last_word(two, wanted[0], now, meeting=meeting, reader=actor), both_held(two) as session:
        form = once.form(actor_id, key, "rhythm", walk_id, *wanted, every_weeks, meeting)
        stands = queries.standing_of(walk_id, now, actor_id, form.key)
        done = form.result_of(stands.used)
        if done is not None:
            return done
        if stands.state not in RHYTHM_STATES:
            raise Stale(NOT_YET)
        asks = check_wishes(stands.offer, meeting) and actor is Actor.MEMBER
        kept = series.booked_starts(walk_id, wanted)
        new = [at for at in wanted if at not in kept]
        if not new:
            raise BadInput("start", TOO_FEW)
        if check_room(stands, two, stands.ahead) < len(new):
            raise Stale(full_sentence(stands.state))
        if asks and asking.questions_waiting(two.member_id, now) >= MOST_WAITING:
            raise NoRoom(TOO_MANY)
        row = Series(walk_id=walk_id, every_weeks=every_weeks, made_by=actor_id, created_at=now)
        session.add(row)
        session.flush()
        for booking_id in kept.values():
            queries.booking_to_change(booking_id).series_id = row.id
        made = []
        for starts_at in new:
            slot, policy = open_slot(two, starts_at, now, meeting=meeting, reader=actor, stands=stands)
            chat = set_chat(
                session,
                two,
                slot,
                meeting,
                policy,
                by=actor_id,
                now=now,
                state=BookingState.ASKED if asks else BookingState.BOOKED,
                series_id=row.id,
                answer_by=answer_by(new[0], now) if asks else None,
            )
            made.append(chat)
        if asks:
            owe_question(session, made[0], now=now)
        audit.record(session, "rhythm set", "series", row.id, actor_id=actor_id, now=now)
        form.remember(session, made[0].id, now)
        return made[0].id


@retry_once
def end_rhythm(booking_id: int, actor_id: int, *, key: str, now: datetime) -> int:
    """Call off the chats of a rhythm that come after this one, which stays; returns how many were ahead."""
    two = queries.two_of_chat(actor_id, booking_id)
    if two is None:
        raise NotFound
    with both_held(two) as session:
        form = once.form(actor_id, key, "end rhythm", booking_id)
        done = form.result()
        if done is not None:
            return done
        walk = locked_walk(two.walk_id)
        later = series.later_of_rhythm(booking_id, now)
        for chat_id in later:
            chat = queries.booking_to_change(chat_id)
            if chat.state is BookingState.BOOKED:
                call_off(session, chat, by=actor_id, now=now)
            else:
                chat.cancelled_by = actor_id
                let_go(session, chat, BookingState.RELEASED, by=actor_id, now=now)
        step_back(session, walk, two, by=actor_id, now=now)
        form.remember(session, len(later), now)
        return len(later)
