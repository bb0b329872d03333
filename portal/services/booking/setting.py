"""Setting a coffee chat: the chat, the time it takes from both, and the letters owed, in one transaction."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.db import plain, retry_once
from portal.domain.booking import (
    BOOKABLE,
    BookingState,
    Meeting,
    check_meeting,
    full_sentence,
    note_of,
    place_of,
    room_ahead,
)
from portal.domain.errors import NotFound, Stale
from portal.domain.experience import Format
from portal.domain.matching.walk import MOVED_ON, Actor, State
from portal.domain.slots import Policy, Slot
from portal.domain.words import N_
from portal.models import Booking, Hold, Walk, table_of
from portal.queries import booking as queries
from portal.queries.booking import Offer, Standing, Two
from portal.services import audit, once
from portal.services.booking.first import step_on
from portal.services.booking.guarded import last_word_on, open_slot, walkers_held
from portal.services.notice.chat import NewChat, owe_chat_letters

_CHAT = insert(table_of(Booking)).returning(table_of(Booking).c.id)
_HOLDS = insert(table_of(Hold))
ASKED_FIRST = N_("Chats with this peer are asked for. They say yes to each one.")
RECORDED = {
    BookingState.ASKED: "chat asked for",
    BookingState.OFFERED: "time offered",
    BookingState.BOOKED: "chat booked",
}


@retry_once
def book(
    walk_id: int,
    actor_id: int,
    starts_at: datetime,
    way: Format,
    place: str,
    *,
    note: str = "",
    minutes: int | None = None,
    key: str,
    now: datetime,
) -> int:
    """Set a chat of the two people of a walk; returns its id. Raises TimeTaken where the time is not open."""
    meeting = Meeting(way, place, note, minutes)
    form = once.form(actor_id, key, "book", walk_id, starts_at, str(way), place, note, minutes)
    said = last_word_on(walk_id, actor_id, starts_at, now, meeting=meeting)
    with said, walkers_held(walk_id, actor_id) as (session, two):
        # Only now: of two taps at once, the second waits above for the first one's answer.
        stands = queries.standing_of(walk_id, now, actor_id, form.key)
        done = form.result_of(stands.used)
        if done is not None:
            return done
        actor = two.as_actor(actor_id)
        check_room(stands, two, stands.ahead)
        if check_wishes(stands.offer, meeting) and actor is Actor.MEMBER:
            raise Stale(ASKED_FIRST)
        slot, policy = open_slot(two, starts_at, now, meeting=meeting, reader=actor, stands=stands)
        booking = set_chat(session, two, slot, meeting, policy, by=actor_id, now=now)
        step_on(session, stands, two, booking.id, by=actor_id, now=now, beside=stands.waits)
        form.remember(session, booking.id, now)
        return booking.id


def check_room(walk: Walk | Standing, two: Two, ahead: int) -> int:
    """Return how many more chats a walk (locked) with so many ahead has room for, at least one; Stale where it has
    none or moved on."""
    room = room_ahead(walk.state, ahead)
    if ahead and room == 0 and walk.state is not State.RESTING:
        raise Stale(full_sentence(walk.state))
    if walk.state not in BOOKABLE or walk.peer_id != two.peer_id:
        raise Stale(MOVED_ON)
    return room


def check_wishes(offer: Offer | None, meeting: Meeting) -> bool:
    """Raise BadInput for what the two do not offer one another; return whether the peer says yes to each chat first."""
    if offer is None:
        raise NotFound
    check_meeting(meeting, offer.formats, offer.lengths)
    return offer.says_yes_first


def set_chat(
    session: Session,
    two: Two,
    slot: Slot,
    meeting: Meeting,
    policy: Policy,
    *,
    by: int,
    now: datetime,
    state: BookingState = BookingState.BOOKED,
    series_id: int | None = None,
    answer_by: datetime | None = None,
) -> NewChat:
    """Write one live chat inside a verb that holds both: its row, the time it takes, the record, and, when it is
    booked, the letters owed. IntegrityError where the database finds an overlap; the walk's own step is the verb's."""
    row = {
        "walk_id": two.walk_id,
        "member_id": two.member_id,
        "peer_id": two.peer_id,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "format": meeting.way,
        "place": place_of(meeting.way, meeting.place),
        "note": note_of(meeting.note),
        "state": state,
        "revision": 0,
        "series_id": series_id,
        "answer_by": answer_by,
        "booked_by": by,
        "created_at": now,
    }
    booking_id = plain().execute(_CHAT, row).scalar_one()
    chat = NewChat(booking_id, two.walk_id, two.member_id, two.peer_id, slot.starts_at, slot.ends_at, by, answer_by)
    plain().execute(_HOLDS, _holds(chat, policy))
    if state is BookingState.BOOKED:
        owe_chat_letters(session, chat, now=now)
    audit.record(session, RECORDED[state], "booking", chat.id, actor_id=by, now=now)
    return chat


def _holds(booking: NewChat, policy: Policy) -> list[dict[str, object]]:
    """The rest is the peer's need; always in the order of people, or PostgreSQL meets deadlocks."""
    rests = {booking.member_id: (0, 0), booking.peer_id: (policy.rest_before_minutes, policy.rest_after_minutes)}
    return [
        {
            "booking_id": booking.id,
            "person_id": person_id,
            "starts_at": booking.starts_at,
            "ends_at": booking.ends_at,
            "rest_before_minutes": before,
            "rest_after_minutes": after,
        }
        for person_id, (before, after) in sorted(rests.items())
    ]
